import { departures, firstProduct } from '../departures.ts';

/** Hosts that require the key where the documentation shows calls without it. */
export default departures({
  'everything-protected': {
    why: 'the filter moved to a gateway without its list of exceptions',
    on: firstProduct,
    change: () => ({ protects: () => true }),
  },
  'feedback-protected': {
    why: 'all calls that change something were protected after an incident',
    on: firstProduct,
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id === 'POST /feedback' || protects(attempt) }),
  },
  'certificate-protected': {
    why: 'people now see a separate web page, and the API behind it requires the key',
    everywhere: true,
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id === 'GET /{cert_id}' || protects(attempt) }),
  },
});
