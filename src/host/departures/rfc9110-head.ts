import { json, withHeader } from '../answer.ts';
import { departures, newlyDeadOwner } from '../departures.ts';

/** Hosts that answer a HEAD differently from its GET. This is noted: RFC 9110 requires it, not the page. */
export default departures({
  'not-allowed': {
    why: 'routes are declared for GET, and nothing adds HEAD to them',
    change: ({ answer }) => ({
      answer: (attempt, account) =>
        attempt.method === 'HEAD' ? withHeader(json(405, { error: 'method not allowed' }), 'Allow', 'GET') : answer(attempt, account),
    }),
  },
  'refused-as-plain-text': {
    why: 'without a body no type is set, and the framework falls back to its type for text',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? withHeader(refuse(attempt), 'Content-Type', 'text/plain') : refuse(attempt)),
    }),
  },
  'refused-by-another-status': {
    why: 'a load balancer checks with HEAD whether the host is up, and 401 did not count',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? { ...refuse(attempt), status: 403, reason: 'Forbidden' } : refuse(attempt)),
    }),
  },
  'dead-key-forbidden': {
    why: 'a cache in front answers HEAD and keeps a list of replaced keys',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.method === 'HEAD' && newlyDeadOwner(attempt) !== undefined
          ? { ...refuse(attempt), status: 403, reason: 'Forbidden' }
          : refuse(attempt),
    }),
  },
});
