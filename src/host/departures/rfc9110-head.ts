import { json, withHeader } from '../answer.ts';
import { departures, newlyDeadOwner } from '../departures.ts';

/** Hosts that answer a HEAD unlike its GET: to be noted, for RFC 9110 asks for better. */
export default departures({
  'not-allowed': {
    why: 'routes are declared for GET, and nothing derives HEAD from it',
    change: ({ answer }) => ({
      answer: (attempt, account) =>
        attempt.method === 'HEAD' ? withHeader(json(405, { error: 'method not allowed' }), 'Allow', 'GET') : answer(attempt, account),
    }),
  },
  'refused-as-plain-text': {
    why: 'where there is no body nobody sets a type, and the framework takes the one that it has for texts',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? withHeader(refuse(attempt), 'Content-Type', 'text/plain') : refuse(attempt)),
    }),
  },
  'refused-by-another-status': {
    why: 'a load balancer asks by HEAD whether the host is up, and 401 was not good enough for it',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? { ...refuse(attempt), status: 403, reason: 'Forbidden' } : refuse(attempt)),
    }),
  },
  'dead-key-forbidden': {
    why: 'HEAD is answered by the cache in front, which keeps a list of keys that were replaced',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.method === 'HEAD' && newlyDeadOwner(attempt) !== undefined
          ? { ...refuse(attempt), status: 403, reason: 'Forbidden' }
          : refuse(attempt),
    }),
  },
});
