import { json } from '../answer.ts';
import { departures, firstProduct } from '../departures.ts';

/** Hosts on which only the page's own call fails. */
export default departures({
  'flows-gone': {
    why: 'the resource moved to another version of the API, and the page was not updated',
    on: firstProduct,
    change: ({ answer }) => ({
      answer: (attempt, account) =>
        attempt.operation?.id === 'GET /flows' ? json(410, { error: 'use /v2/flows' }) : answer(attempt, account),
    }),
  },
});
