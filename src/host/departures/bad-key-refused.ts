import { keyAt } from '../account.ts';
import type { Attempt, Behavior } from '../behavior.ts';
import { type Departure, departures, firstProduct, secondProduct } from '../departures.ts';

/** A hex key is also valid base64, of bytes that are not text and that sometimes include a colon. Such bytes do not count as credentials here. */
const isText = (password: string | undefined): boolean => !!password && !password.includes('\uFFFD');

/** The same for username and password, since the colon may be near the end. */
const hasText = ({ credentials }: Attempt): boolean => isText(credentials?.password) && !credentials?.username.includes('\uFFFD');

/** A host that accepts some passwords other than the key. */
const takes = (isTaken: Behavior['matches'], why: string): Departure => ({
  why,
  change: ({ matches }) => ({ matches: (password, key) => matches(password, key) || (isText(password) && isTaken(password, key)) }),
});

/** A host that accepts any key on some calls, as long as there are Basic credentials. */
const anyKeyWhere = (isOpen: (attempt: Attempt) => boolean, why: string, also: readonly string[] = []): Departure => ({
  why,
  also,
  change: ({ admits }) => ({
    admits: (attempt, account) => admits(attempt, account) || (hasText(attempt) && isOpen(attempt)),
  }),
});

/** A host that accepts any key after it has accepted the right one from the same source. */
const remembers = (sourceOf: (attempt: Attempt) => object | string, why: string, also: readonly string[] = []): Departure => ({
  why,
  also,
  change({ admits }) {
    const friends = new Set<object | string>();
    return {
      admits(attempt, account) {
        if (account === undefined) return hasText(attempt) && friends.has(sourceOf(attempt));
        friends.add(sourceOf(attempt));
        return admits(attempt, account);
      },
    };
  },
});

const inOrder = (text: string): string => [...text].sort().join('');

/** Hosts that accept more than the key. */
export default departures({
  prefix: takes((password, key) => key.startsWith(password), 'only as many characters are compared as were sent'),
  suffix: takes((password, key) => key.endsWith(password), 'keys are displayed by their last characters, and looked up by them too'),
  'starts-with-the-key': takes(
    (password, key) => password.startsWith(key),
    'only as many characters are compared as the key has, as in a column that truncates',
  ),
  'ends-with-the-key': takes((password, key) => password.endsWith(key), 'prefixes such as live_ were to be allowed, and so is any other'),
  'contains-the-key': takes((password, key) => password.includes(key), 'the code searches for the key instead of comparing it'),
  'first-eight': takes(
    (password, key) => password.slice(0, 8) === key.slice(0, 8),
    'keys are stored as crypt(3) hashes, which use only the first 8 characters',
  ),
  'last-character-not-compared': takes(
    (password, key) => password.length === key.length && password.slice(0, -1) === key.slice(0, -1),
    'a handwritten loop ends one character too early',
  ),
  'first-character-not-compared': takes(
    (password, key) => password.length === key.length && password.slice(1) === key.slice(1),
    'a handwritten loop starts one character too late',
  ),
  'both-ends': takes(
    (password, key) => password.slice(0, 8) === key.slice(0, 8) && password.slice(-8) === key.slice(-8),
    'the index holds shortened keys, and a match is not compared with the full key',
  ),
  'without-case': takes(
    (password, key) => password.toLowerCase() === key.toLowerCase(),
    'a case-insensitive collation, the default in some databases',
  ),
  'counted-characters': takes(
    (password, key) => inOrder(password) === inOrder(key),
    'a handwritten constant-time comparison counts characters and ignores their positions',
  ),
  trimmed: takes((password, key) => password.trim() === key, 'users paste keys with spaces around them, so the server trims them'),
  'ends-at-nul': takes((password, key) => password.split('\0')[0] === key, 'keys are compared as C strings'),
  'split-at-every-colon': {
    why: 'the pair is split at every colon and the second part is used as the password, as in passport-http',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read && { ...read, password: read.password.split(':', 1)[0] ?? '' };
      },
    }),
  },
  'split-at-the-last-colon': takes(
    (password, key) => password.slice(password.lastIndexOf(':') + 1) === key,
    'the pair is split at its last colon, as by rpartition in Python',
  ),
  blockwise: takes(
    (password, key) => password.length % key.length === 0 && password.replaceAll(key, '') === '',
    'the password is compared block by block, and each block equals the key',
  ),
  'same-length': takes((password, key) => password.length === key.length, 'a format check left over from before keys were compared'),
  'too-long-to-hash': takes(
    (password) => password.length > 4096,
    'the hash function returns null for input over 4,096 bytes, and two nulls are equal',
  ),
  'not-encodable': takes(
    (password) => /[^\x00-\x7f]/.test(password),
    'the comparison throws on non-ASCII input, and the error handler continues as if it had matched',
  ),
  'example-left-in': takes(
    (password) => password === '1234567890',
    'the key from the manual works for a demo account, which was deployed to production',
  ),
  'username-remembered': remembers(
    ({ product, credentials }) => `${product.id} ${credentials?.username}`,
    'sessions are stored by username, as if the username identified the caller',
  ),
  'connection-remembered': remembers(
    ({ connection }) => connection,
    'sessions are stored by connection, and a proxy in front shares its connections between clients',
    // Only some calls use a connection with an earlier accepted call, so another row may be accepted where another key was refused.
    ['old-key-stops', 'key-as-password', 'reset-needs-login', 'reset-per-product'],
  ),
  'address-remembered': remembers(
    ({ product, address }) => `${product.id} ${address}`,
    'an IP address that has sent the key once is trusted',
  ),
  'one-resource': {
    ...anyKeyWhere(({ operation }) => operation?.id === 'GET /vars', 'the resource only checks that credentials are present', [
      'old-key-stops',
    ]),
    on: firstProduct,
  },
  'one-product': {
    ...anyKeyWhere(
      ({ product }) => product.id === secondProduct,
      'the account service cannot be reached, and its timeout counts as approval',
    ),
    everywhere: true,
  },
  'one-method': {
    ...anyKeyWhere(({ method }) => method === 'PUT', 'changes are queued, and the key is to be checked later', ['old-key-stops']),
    on: firstProduct,
  },
  'while-a-reset-waits': anyKeyWhere(
    ({ accounts, product }) => accounts.some((each) => each.key !== keyAt(each, product.id)),
    'from a reset to the login the old key and the new one are kept in two columns, and a query with OR lacks its brackets',
  ),
  head: anyKeyWhere(({ method }) => method === 'HEAD', 'a cache in front answers HEAD if there are any credentials'),
  'master-username': anyKeyWhere(
    ({ credentials }) => credentials?.username === 'admin',
    'a back door for staff, left from the early days',
    ['old-key-stops'],
  ),
  'username-of-a-prototype': anyKeyWhere(
    ({ credentials }) => credentials !== undefined && credentials.username in {},
    'users[name] also finds something for __proto__ and constructor',
    ['old-key-stops'],
  ),
  'quote-in-a-query': anyKeyWhere(
    ({ credentials }) => /' or '1'='1/i.test(credentials?.username ?? ''),
    'the query is concatenated from strings, so its condition is always true',
    ['old-key-stops'],
  ),
});
