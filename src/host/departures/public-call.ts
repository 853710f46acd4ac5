import { departures } from '../departures.ts';

/** Hosts that ask for the key where the documentation shows calls without it. */
export default departures({
  'everything-protected': {
    why: 'the filter moved to a gateway, and the list of exceptions did not move with it',
    change: () => ({ protects: () => true }),
  },
  'feedback-protected': {
    why: 'whatever changes something was put under protection after an incident',
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id === 'POST /feedback' || protects(attempt) }),
  },
  'certificate-protected': {
    why: 'what people see in a browser is a page now, and the API behind it asks for the key',
    everywhere: true,
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id === 'GET /{cert_id}' || protects(attempt) }),
  },
});
