import type { Attempt, Behaviour } from '../behaviour.ts';
import { type Departure, departures } from '../departures.ts';

/** A key in hex is base64 as well, of bytes that are no text: now and then with a colon among them. Those are no credentials here. */
const isText = (password: string | undefined): boolean => !!password && !password.includes('\uFFFD');

/** The same of both, since the colon may stand near the end. */
const hasText = ({ credentials }: Attempt): boolean => isText(credentials?.password) && !credentials?.username.includes('\uFFFD');

/** A host that takes some passwords for the key that are not. */
const takes = (isTaken: Behaviour['matches'], why: string): Departure => ({
  why,
  change: ({ matches }) => ({ matches: (password, key) => matches(password, key) || (isText(password) && isTaken(password, key)) }),
});

/** A host that lets in any key on some calls, as long as there are Basic credentials. */
const anyKeyWhere = (isOpen: (attempt: Attempt) => boolean, why: string, also: readonly string[] = []): Departure => ({
  why,
  also,
  change: ({ admits }) => ({
    admits: (attempt, account) => admits(attempt, account) || (hasText(attempt) && isOpen(attempt)),
  }),
});

/** A host that lets in any key once it has let in the right one from the same source. */
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

/** Hosts that let in more than the key. */
export default departures({
  prefix: takes((password, key) => key.startsWith(password), 'comparison over the length of what was sent'),
  suffix: takes((password, key) => key.endsWith(password), 'keys are shown by their ends, and found by them too'),
  'starts-with-the-key': takes(
    (password, key) => password.startsWith(key),
    'comparison over the length of the key, as a column that cuts would do',
  ),
  'ends-with-the-key': takes(
    (password, key) => password.endsWith(key),
    'prefixes such as live_ were to be borne with, and any other is as well',
  ),
  'contains-the-key': takes((password, key) => password.includes(key), 'a search where a comparison is meant'),
  'first-eight': takes(
    (password, key) => password.slice(0, 8) === key.slice(0, 8),
    'keys are kept as crypt(3) makes them, which looks at 8 characters',
  ),
  'last-character-not-compared': takes(
    (password, key) => password.length === key.length && password.slice(0, -1) === key.slice(0, -1),
    'a loop written by hand ends one too early',
  ),
  'first-character-not-compared': takes(
    (password, key) => password.length === key.length && password.slice(1) === key.slice(1),
    'a loop written by hand begins one too late',
  ),
  'both-ends': takes(
    (password, key) => password.slice(0, 8) === key.slice(0, 8) && password.slice(-8) === key.slice(-8),
    'the index holds shortened keys, and what it finds is not compared again',
  ),
  'without-case': takes(
    (password, key) => password.toLowerCase() === key.toLowerCase(),
    'a collation without case, which is the default of some databases',
  ),
  'counted-characters': takes(
    (password, key) => inOrder(password) === inOrder(key),
    'a comparison in constant time, written by hand, counts characters and forgets their places',
  ),
  trimmed: takes((password, key) => password.trim() === key, 'keys are pasted with blanks, and somebody was kind'),
  'ends-at-nul': takes((password, key) => password.split('\0')[0] === key, 'the comparison is that of strings in C'),
  'split-at-every-colon': {
    why: 'a split at every colon, of which the second part is the password, as in passport-http',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read && { ...read, password: read.password.split(':', 1)[0] ?? '' };
      },
    }),
  },
  blockwise: takes(
    (password, key) => password.length % key.length === 0 && password.replaceAll(key, '') === '',
    'blocks are compared in a loop, and each of them is the key',
  ),
  'same-length': takes(
    (password, key) => password.length === key.length,
    'a check of the form, left over from before there was one of the key',
  ),
  'too-long-to-hash': takes(
    (password) => password.length > 4096,
    'the hash refuses what is longer than 4,096 bytes and gives null; two nulls are equal',
  ),
  'not-encodable': takes(
    (password) => /[^\x00-\x7f]/.test(password),
    'the comparison throws at what is not ASCII, and whoever catches the error goes on',
  ),
  'example-left-in': takes(
    (password) => password === '1234567890',
    'the key of the manual is good on the demonstration account, and that was deployed too',
  ),
  'username-remembered': remembers(
    ({ product, credentials }) => `${product.id} ${credentials?.username}`,
    'sessions are kept by username, as if it said who is calling',
  ),
  'connection-remembered': remembers(
    ({ connection }) => connection,
    'sessions are kept by connection, and a proxy in front shares its connections among all',
    // Only some calls meet a connection that has let somebody in, so another row may get in where another key did not.
    ['old-key-stops', 'key-as-password', 'reset-needs-login', 'reset-per-product'],
  ),
  'address-remembered': remembers(
    ({ product, address }) => `${product.id} ${address}`,
    'an address that brought the key once is on the list of friends',
  ),
  'one-resource': anyKeyWhere(
    ({ operation }) => operation?.id === 'GET /vars',
    'the resource asks whether there are credentials, and no more',
    ['old-key-stops'],
  ),
  'one-product': {
    ...anyKeyWhere(
      ({ product }) => product.id === 'trustedform',
      'the service of accounts cannot be reached from here, and its timeout counts as a yes',
    ),
    everywhere: true,
  },
  'one-method': anyKeyWhere(({ method }) => method === 'PUT', 'changes are queued, to be checked later', ['old-key-stops']),
  head: anyKeyWhere(({ method }) => method === 'HEAD', 'a cache in front answers HEAD for whoever has credentials'),
  'master-username': anyKeyWhere(
    ({ credentials }) => credentials?.username === 'admin',
    'a way in for the staff, left from the first days',
    ['old-key-stops'],
  ),
  'username-of-a-prototype': anyKeyWhere(
    ({ credentials }) => credentials !== undefined && credentials.username in {},
    'users[name] is something for __proto__ and constructor too',
    ['old-key-stops'],
  ),
  'quote-in-a-query': anyKeyWhere(
    ({ credentials }) => /' or '1'='1/i.test(credentials?.username ?? ''),
    'a query is put together from strings: the condition is always true',
    ['old-key-stops'],
  ),
});
