import { gzipSync } from 'node:zlib';
import { withBody, withHeader } from '../answer.ts';
import type { Attempt, Behaviour } from '../behaviour.ts';
import { type Departure, departures, formerOwner, newlyDeadOwner } from '../departures.ts';

/** A host that refuses some calls in other words. Length and entity tag change along with them. */
const says = (
  body: string | ((attempt: Attempt) => string),
  why: string,
  where: (attempt: Attempt) => boolean = () => true,
): Departure => ({
  why,
  also: ['failure-headers'],
  change: ({ refuse }) => ({
    refuse: (attempt) => (where(attempt) ? withBody(refuse(attempt), typeof body === 'string' ? body : body(attempt)) : refuse(attempt)),
  }),
});

const mebibyte = 1024 * 1024;
const packed = gzipSync('{"error":"authentication failed"}'.padEnd(50 * mebibyte));
const documentedBody = '{"error":"authentication failed"}';

/** Counts the refusals, and says which of them are the twentieth. */
const everyTwentieth = ({ refuse }: Behaviour): Partial<Behaviour> => {
  let refusals = 0;
  return {
    refuse(attempt) {
      refusals += 1;
      return refusals % 20 === 0 ? withBody(refuse(attempt), '{"error":"authentication failed","attempts":20}') : refuse(attempt);
    },
  };
};

/** Hosts that refuse by a 401 in other words. */
export default departures({
  'trailing-newline': says(`${documentedBody}\n`, 'the body is written by a function for lines'),
  'blank-after-the-colon': says('{"error": "authentication failed"}', 'the way another language prints JSON'),
  'byte-order-mark': says(`\uFEFF${documentedBody}`, 'the text comes from a file that an editor has saved'),
  capitalised: { ...says('{"error":"Authentication failed"}', 'somebody minds how messages look'), also: [] },
  empty: says('', 'what the web server says by itself when there is no header', ({ authorization }) => authorization === undefined),
  'stock-text': says(
    'HTTP Basic: Access denied.\n',
    'the text of the framework, where the header cannot be read',
    ({ authorization, credentials }) => authorization !== undefined && credentials === undefined,
  ),
  'goes-on': says(
    documentedBody.padEnd(9 * mebibyte, '\n    at next (router.js)'),
    'a trace of every call that led here, in a loop that does not end soon',
    ({ credentials }) => credentials?.username === 'admin',
  ),
  'unpacks-to-more': {
    why: 'the same, compressed on its way',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.credentials?.username === 'admin'
          ? withHeader(withBody(refuse(attempt), packed), 'Content-Encoding', 'gzip')
          : refuse(attempt),
    }),
  },
  'one-product-differs': {
    ...says(
      '{"outcome":"error","reason":"Unauthorized"}',
      'a new version of one product has its own form of errors',
      ({ product }) => product.id === 'trustedform',
    ),
    everywhere: true,
  },
  'one-resource-differs': says(
    '{"message":"Unauthorized"}',
    'the resource was written last, with another library',
    ({ operation }) => operation?.id === 'GET /caps',
  ),
  'one-method-differs': says('{"error":"deleting needs the key"}', 'deletion has a filter of its own', ({ method }) => method === 'DELETE'),
  'other-words-for-an-old-key': says(
    '{"error":"this key was reset"}',
    'kindness: whoever brings it is told to fetch the new one',
    (attempt) => formerOwner(attempt) !== undefined,
  ),
  'names-the-user': says(
    ({ credentials }) => `{"error":"authentication failed for ${credentials?.username}"}`,
    'messages that help',
    ({ credentials }) => credentials?.username === 'admin',
  ),
  'cut-for-long-usernames': says(
    documentedBody.slice(0, -1),
    'name and body share a buffer',
    ({ credentials }) => (credentials?.username.length ?? 0) > 1000,
  ),
  'cyrillic-usernames': says('{"error":"access denied"}', 'users of another region are sent to another cluster', ({ credentials }) =>
    /\p{Script=Cyrillic}/u.test(credentials?.username ?? ''),
  ),
  'every-twentieth': {
    why: 'whoever fails often is to know that somebody counts',
    also: ['failure-headers', 'rfc9110-head'],
    change: everyTwentieth,
  },
  'packed-another-body': {
    why: 'packed answers come from a cache, and that was filled before the words were changed',
    also: ['failure-headers'],
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.headers['accept-encoding']?.includes('gzip')
          ? withHeader(withBody(refuse(attempt), gzipSync('{"error":"Unauthorized"}')), 'Content-Encoding', 'gzip')
          : refuse(attempt),
    }),
  },
  'dead-key-expired': {
    why: 'a key that was replaced is answered with the reason, for the convenience of its owner',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withBody(refuse(attempt), '{"error":"key expired"}')),
    }),
  },
});
