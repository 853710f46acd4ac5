import { gzipSync } from 'node:zlib';
import { withBody, withHeader } from '../answer.ts';
import type { Attempt, Behavior } from '../behavior.ts';
import { type Departure, departures, firstProduct, formerOwner, newlyDeadOwner, secondProduct } from '../departures.ts';

/** A host whose refusals have another body on some calls. Length and entity tag change with it. */
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

/** Every twentieth refusal has another body. */
const everyTwentieth = ({ refuse }: Behavior): Partial<Behavior> => {
  let refusals = 0;
  return {
    refuse(attempt) {
      refusals += 1;
      return refusals % 20 === 0 ? withBody(refuse(attempt), '{"error":"authentication failed","attempts":20}') : refuse(attempt);
    },
  };
};

/** Hosts whose 401 has another body. */
export default departures({
  'trailing-newline': says(`${documentedBody}\n`, 'the body is written by a println-style function'),
  'blank-after-the-colon': says('{"error": "authentication failed"}', 'the JSON serializer of another language adds a space'),
  'byte-order-mark': says(`\uFEFF${documentedBody}`, 'the text comes from a file saved by an editor that adds a byte order mark'),
  capitalized: { ...says('{"error":"Authentication failed"}', 'someone tidied up the error messages'), also: [] },
  empty: says('', 'the web server answers by itself if there is no header', ({ authorization }) => authorization === undefined),
  'stock-text': says(
    'HTTP Basic: Access denied.\n',
    'the framework answers with its default text if the header cannot be parsed',
    ({ authorization, credentials }) => authorization !== undefined && credentials === undefined,
  ),
  'goes-on': says(
    documentedBody.padEnd(9 * mebibyte, '\n    at next (router.js)'),
    'a loop appends a very long stack trace',
    ({ credentials }) => credentials?.username === 'admin',
  ),
  'unpacks-to-more': {
    why: 'a very long stack trace is compressed in transit',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.credentials?.username === 'admin'
          ? withHeader(withBody(refuse(attempt), packed), 'Content-Encoding', 'gzip')
          : refuse(attempt),
    }),
  },
  'packed-in-name-only': {
    why: 'a proxy says that it has compressed the body, and passes it on as it was',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'Content-Encoding', 'gzip') }),
  },
  'one-product-differs': {
    ...says(
      '{"outcome":"error","reason":"Unauthorized"}',
      'a new version of one product has its own error format',
      ({ product }) => product.id === secondProduct,
    ),
    everywhere: true,
  },
  'one-resource-differs': {
    ...says(
      '{"message":"Unauthorized"}',
      'the newest resource was written with another library',
      ({ operation }) => operation?.id === 'GET /caps',
    ),
    on: firstProduct,
  },
  'one-method-differs': {
    ...says('{"error":"deleting needs the key"}', 'DELETE has a filter of its own', ({ method }) => method === 'DELETE'),
    on: firstProduct,
  },
  'other-words-for-an-old-key': says(
    '{"error":"this key was reset"}',
    'a helpful message tells the caller to use the new key',
    (attempt) => formerOwner(attempt) !== undefined,
  ),
  'names-the-user': says(
    ({ credentials }) => `{"error":"authentication failed for ${credentials?.username}"}`,
    'the error message names the user to be more helpful',
    ({ credentials }) => credentials?.username === 'admin',
  ),
  'cut-for-long-usernames': says(
    documentedBody.slice(0, -1),
    'username and body share a buffer',
    ({ credentials }) => (credentials?.username.length ?? 0) > 1000,
  ),
  'cyrillic-usernames': says('{"error":"access denied"}', 'users from another region are routed to another cluster', ({ credentials }) =>
    /\p{Script=Cyrillic}/u.test(credentials?.username ?? ''),
  ),
  'every-twentieth': {
    why: 'after repeated failures the answer includes a counter as a warning',
    also: ['failure-headers', 'rfc9110-head'],
    change: everyTwentieth,
  },
  'packed-another-body': {
    why: 'compressed answers come from a cache, which still holds an older text',
    also: ['failure-headers'],
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        attempt.headers['accept-encoding']?.includes('gzip')
          ? withHeader(withBody(refuse(attempt), gzipSync('{"error":"Unauthorized"}')), 'Content-Encoding', 'gzip')
          : refuse(attempt),
    }),
  },
  'dead-key-expired': {
    why: 'for a replaced key the answer gives the reason, for the convenience of its owner',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withBody(refuse(attempt), '{"error":"key expired"}')),
    }),
  },
});
