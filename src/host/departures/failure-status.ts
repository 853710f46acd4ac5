import { type Answer, json, withBody, withHeader } from '../answer.ts';
import { departures, formerOwner, newlyDeadOwner, secondProduct } from '../departures.ts';

const forbidden = (answer: Answer): Answer => ({ ...answer, status: 403, reason: 'Forbidden' });

const notModified: Answer = { status: 304, reason: 'Not Modified', headers: [], body: '' };

/** Hosts that refuse every call without the key, but with another status. */
export default departures({
  'forbidden-instead': {
    why: '401 was avoided because it might open a login window in the browser',
    change: ({ refuse }) => ({ refuse: (attempt) => forbidden(refuse(attempt)) }),
  },
  'wrong-key-forbidden': {
    why: 'missing and wrong credentials are treated as two errors with two statuses',
    change: ({ refuse }) => ({ refuse: (attempt) => (attempt.credentials === undefined ? refuse(attempt) : forbidden(refuse(attempt))) }),
  },
  'one-product-forbids': {
    why: 'one product still behaves like an older version, which its articles describe',
    everywhere: true,
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.product.id === secondProduct ? forbidden(withBody(refuse(attempt), '{"error":"Invalid Authentication"}')) : refuse(attempt),
    }),
  },
  'malformed-is-a-bad-request': {
    why: 'a validator in front treats a header that cannot be parsed as a bad request',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.authorization !== undefined && attempt.credentials === undefined
          ? json(400, { error: 'malformed authorization header' })
          : refuse(attempt),
    }),
  },
  'malformed-is-an-error': {
    why: 'the header is split without being checked first, and undefined has no method split',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        if (header !== undefined && read === undefined) throw new TypeError('cannot read properties of undefined');
        return read;
      },
    }),
  },
  'malformed-base64-is-an-error': {
    why: 'the decoder throws on characters outside base64, and the exception is not caught',
    change: ({ credentials }) => ({
      credentials(header) {
        if (/^Basic .*[^A-Za-z0-9+/=]/.test(header ?? '')) throw new Error('illegal base64 character');
        return credentials(header);
      },
    }),
  },
  'nul-is-an-error': {
    why: 'the database does not allow NUL in text and throws an exception',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        if (read?.password.includes('\0')) throw new Error('invalid byte sequence for encoding');
        return read;
      },
    }),
  },
  'non-ascii-is-an-error': {
    why: 'comparing keys in different encodings throws, and the exception is not caught',
    change: ({ matches }) => ({
      matches(password, key) {
        if (/[^\x00-\x7f]/.test(password)) throw new Error('incompatible character encodings');
        return matches(password, key);
      },
    }),
  },
  'not-modified-by-etag': {
    why: 'a cache in front also stores refusals, by URL, and compares entity tags before anything else',
    change: ({ refuse }) => ({
      refuse(attempt) {
        const refusal = refuse(attempt);
        const etag = refusal.headers.find(([name]) => name === 'ETag')?.[1];
        return attempt.headers['if-none-match'] === etag ? notModified : refusal;
      },
    }),
  },
  'not-modified-whatever-it-is': {
    why: 'a cache in front has stored an accepted answer for that URL, and * matches anything stored',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.headers['if-none-match'] === '*' ? notModified : refuse(attempt)),
    }),
  },
  'not-modified-for-a-known-header': {
    why: 'a cache in front stores answers by URL and Authorization header, and compares entity tags itself',
    change({ refuse }) {
      const held = new Set<string>();
      return {
        refuse(attempt) {
          const { authorization } = attempt;
          if (authorization === undefined) return refuse(attempt);
          if (attempt.headers['if-none-match'] !== undefined && held.has(authorization)) return notModified;
          held.add(authorization);
          return refuse(attempt);
        },
      };
    },
  },
  'ids-first': {
    why: 'a record is looked up in the account of the caller before the filter runs, and an unknown caller has no records',
    change: ({ refuse }) => ({ refuse: (attempt) => (attempt.operation?.needsId ? json(404, { error: 'not found' }) : refuse(attempt)) }),
  },
  'redirect-to-login': {
    why: 'people who open an API URL in a browser are redirected to the login page',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.authorization === undefined ? withHeader(json(302, {}), 'Location', '/login') : refuse(attempt)),
    }),
  },
  'ok-with-an-error': {
    why: 'errors are reported in the body of a 200; a HEAD has no body, so it keeps its status',
    also: ['rfc9110-head'],
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? refuse(attempt) : { ...refuse(attempt), status: 200, reason: 'OK' }),
    }),
  },
  'ok-with-an-error-to-head': {
    why: 'errors are reported in the body of a 200, and a HEAD gets the same status without the body',
    change: ({ refuse }) => ({ refuse: (attempt) => ({ ...refuse(attempt), status: 200, reason: 'OK' }) }),
  },
  'old-key-gone': {
    why: 'a replaced key is treated as a resource that no longer exists',
    change: ({ refuse }) => ({
      refuse: (attempt) => (formerOwner(attempt) ? json(410, { error: 'this key was reset' }) : refuse(attempt)),
    }),
  },
  'dead-key-forbidden': {
    why: 'a replaced key is still recognized, but counts as a key without permissions',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : forbidden(refuse(attempt))),
    }),
  },
  'early-key-conflict': {
    why: 'a new key that has not been activated for this product yet is answered with 409 Conflict',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.accounts.some(({ key }) => key === attempt.credentials?.password)
          ? { ...refuse(attempt), status: 409, reason: 'Conflict' }
          : refuse(attempt),
    }),
  },
});
