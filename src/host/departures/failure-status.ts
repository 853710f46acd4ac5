import { type Answer, json, withBody, withHeader } from '../answer.ts';
import { departures, formerOwner, newlyDeadOwner } from '../departures.ts';

const forbidden = (answer: Answer): Answer => ({ ...answer, status: 403, reason: 'Forbidden' });

const notModified: Answer = { status: 304, reason: 'Not Modified', headers: [], body: '' };

/** Hosts that let nobody in without the key, and say so by another status. */
export default departures({
  'forbidden-instead': {
    why: '401 was felt to ask for a login window in the browser',
    change: ({ refuse }) => ({ refuse: (attempt) => forbidden(refuse(attempt)) }),
  },
  'wrong-key-forbidden': {
    why: 'no credentials and wrong ones are two errors, and two statuses were at hand',
    change: ({ refuse }) => ({ refuse: (attempt) => (attempt.credentials === undefined ? refuse(attempt) : forbidden(refuse(attempt))) }),
  },
  'one-product-forbids': {
    why: 'an older version of one product did so, as its articles still say',
    everywhere: true,
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.product.id === 'trustedform' ? forbidden(withBody(refuse(attempt), '{"error":"Invalid Authentication"}')) : refuse(attempt),
    }),
  },
  'malformed-is-a-bad-request': {
    why: 'a header that cannot be read is an error of the client, says the validator in front',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.authorization !== undefined && attempt.credentials === undefined
          ? json(400, { error: 'malformed authorization header' })
          : refuse(attempt),
    }),
  },
  'malformed-is-an-error': {
    why: 'the header is taken apart without a look at what it is, and undefined has no method split',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        if (header !== undefined && read === undefined) throw new TypeError('cannot read properties of undefined');
        return read;
      },
    }),
  },
  'malformed-base64-is-an-error': {
    why: 'the decoder throws at characters that base64 does not have, and the exception is not caught',
    change: ({ credentials }) => ({
      credentials(header) {
        if (/^Basic .*[^A-Za-z0-9+/=]/.test(header ?? '')) throw new Error('illegal base64 character');
        return credentials(header);
      },
    }),
  },
  'nul-is-an-error': {
    why: 'the database takes no NUL in a text, and says so by an exception',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        if (read?.password.includes('\0')) throw new Error('invalid byte sequence for encoding');
        return read;
      },
    }),
  },
  'non-ascii-is-an-error': {
    why: 'two keys in different encodings cannot be compared, and nobody catches that',
    change: ({ matches }) => ({
      matches(password, key) {
        if (/[^\x00-\x7f]/.test(password)) throw new Error('incompatible character encodings');
        return matches(password, key);
      },
    }),
  },
  'not-modified-by-etag': {
    why: 'a cache in front keeps refusals too, by their address, and compares entity tags before anything else',
    change: ({ refuse }) => ({
      refuse(attempt) {
        const refusal = refuse(attempt);
        const etag = refusal.headers.find(([name]) => name === 'ETag')?.[1];
        return attempt.headers['if-none-match'] === etag ? notModified : refusal;
      },
    }),
  },
  'not-modified-whatever-it-is': {
    why: 'a cache in front holds that address for others who have the key, and * matches whatever it holds',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.headers['if-none-match'] === '*' ? notModified : refuse(attempt)),
    }),
  },
  'not-modified-for-a-known-header': {
    why: 'a cache in front keeps answers by address and Authorization header, and compares entity tags by itself',
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
    why: 'a record is looked up among those of the account that calls; whoever is nobody has none, and the filter comes later',
    change: ({ refuse }) => ({ refuse: (attempt) => (attempt.operation?.needsId ? json(404, { error: 'not found' }) : refuse(attempt)) }),
  },
  'redirect-to-login': {
    why: 'people who open an address of the API in a browser are sent to the login page',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.authorization === undefined ? withHeader(json(302, {}), 'Location', '/login') : refuse(attempt)),
    }),
  },
  'ok-with-an-error': {
    why: 'all went well as far as HTTP is concerned, and the body says what is the matter; a HEAD has none, and keeps its status',
    also: ['rfc9110-head'],
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.method === 'HEAD' ? refuse(attempt) : { ...refuse(attempt), status: 200, reason: 'OK' }),
    }),
  },
  'old-key-gone': {
    why: 'a key that was there once is a resource that is gone',
    change: ({ refuse }) => ({
      refuse: (attempt) => (formerOwner(attempt) ? json(410, { error: 'this key was reset' }) : refuse(attempt)),
    }),
  },
  'dead-key-forbidden': {
    why: 'a key that was replaced is still known, and counts as one without permission',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : forbidden(refuse(attempt))),
    }),
  },
  'early-key-conflict': {
    why: 'a key that was issued but has not been brought here yet is answered with 409 Conflict',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.accounts.some(({ key }) => key === attempt.credentials?.password)
          ? { ...refuse(attempt), status: 409, reason: 'Conflict' }
          : refuse(attempt),
    }),
  },
});
