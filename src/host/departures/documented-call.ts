import { json } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts on which the page's own call fails and others do not. */
export default departures({
  'flows-gone': {
    why: 'the resource has moved to another version of the API, and the page was forgotten',
    change: ({ answer }) => ({
      answer: (attempt, account) =>
        attempt.operation?.id === 'GET /flows' ? json(410, { error: 'use /v2/flows' }) : answer(attempt, account),
    }),
  },
});
