/** Credentials that must be refused, each with its owner: the requirement that is violated if they are accepted. Cheapest for the host first. */
import { Secret } from '../../keys/secret.ts';
import type { Owner } from '../../recording/refused.ts';
import type { Credentials } from '../call.ts';
import { base64, basic, header, type Named, named, none, readsAsPair, word } from '../credentials.ts';

export interface Keys {
  readonly key: Secret;
  /** A key of the same length that was never issued. */
  readonly otherKey: Secret;
  /** The key from before the last reset, if there is one. */
  readonly oldKey?: Secret;
}

export interface BadCredential {
  /** As reports show it. */
  readonly name: string;
  readonly owner: Owner;
  /** The mistake in a server that this would find, if it is not obvious. */
  readonly why?: string;
  /** `username` is used if the row does not set a username of its own. */
  readonly credentials: (keys: Keys, username: Named) => Credentials;
  /** What stands in the password's place, if that is made from a key. */
  readonly password?: (keys: Keys) => Secret | undefined;
  /** Sent under a given username, although no key stands in the password's place. */
  readonly underUsername?: true;
  /** The key stands in the username's place. */
  readonly keyAsUsername?: true;
  /** For Basic without base64: the owner if a lenient decoder happens to find a pair in it. */
  readonly ownerAsPair?: Owner;
  /** A lenient decoder does find a pair in it, for these keys. */
  readonly readsAsPair?: true;
}

/** A row that puts a wrong key into the password's place. */
const wrongKey = (
  name: string,
  password: (keys: Keys) => Secret | undefined,
  why?: string,
  owner: Owner = 'bad-key-refused',
): BadCredential => ({
  name,
  owner,
  ...(why === undefined ? {} : { why }),
  password,
  credentials: (keys, username) => basic(username, named(name, password(keys) ?? new Secret('')), keys.key),
});

/** A wrong key made from the right one. */
const nearKey = (name: string, change: (raw: string) => string, why?: string): BadCredential =>
  wrongKey(name, ({ key }) => key.map(change), why);

const another = (character: string): string => (character === 'a' ? 'b' : 'a');
const changedAt = (raw: string, index: number): string => raw.slice(0, index) + another(raw.charAt(index)) + raw.slice(index + 1);
const swappedCase = (raw: string): string =>
  [...raw].map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join('');

/** No `Authorization` header. */
export const nothing: BadCredential = { name: 'nothing', owner: 'auth-required', credentials: () => none };
/** A key of the same form that was never issued. */
export const anotherKey = wrongKey('another key', ({ otherKey }) => otherKey);
/** Almost the key: a comparison by prefix would accept it. */
export const lastCharacterChanged = nearKey('key, last character changed', (raw) => changedAt(raw, raw.length - 1), 'comparison by prefix');
/** The user's former key, where it is set. */
export const oldKey = wrongKey('key from before the reset', ({ oldKey }) => oldKey, 'keys that are never forgotten', 'old-key-stops');

export const badCredentials: readonly BadCredential[] = [
  nothing,
  anotherKey,
  lastCharacterChanged,
  { name: 'an empty header', owner: 'auth-required', credentials: () => header('(an empty header)', new Secret('')) },
  { name: 'Basic alone', owner: 'auth-required', credentials: () => header('Basic', new Secret('Basic')) },
  {
    name: 'Bearer key',
    owner: 'basic-scheme',
    credentials: ({ key }) =>
      header(
        'Bearer key',
        key.map((raw) => `Bearer ${raw}`),
      ),
  },
  {
    name: 'Bearer with the credentials of Basic',
    owner: 'basic-scheme',
    why: 'whatever comes after the first blank is decoded, and the scheme is not looked at',
    credentials: ({ key }) =>
      header(
        'Bearer API:key in base64',
        key.map((raw) => `Bearer ${base64(`API:${raw}`)}`),
      ),
  },
  { name: 'the key without a scheme', owner: 'basic-scheme', credentials: ({ key }) => header('the key without a scheme', key) },
  {
    name: 'Basic key, not in base64',
    owner: 'basic-scheme',
    ownerAsPair: 'bad-key-refused',
    credentials: ({ key }) =>
      header(
        'Basic key, not in base64',
        key.map((raw) => `Basic ${raw}`),
      ),
  },
  {
    name: 'Basic API:key, not in base64',
    owner: 'basic-scheme',
    ownerAsPair: 'basic-scheme',
    credentials: ({ key }) =>
      header(
        'Basic API:key, not in base64',
        key.map((raw) => `Basic API:${raw}`),
      ),
  },
  {
    name: 'Basic, with characters that are not base64',
    owner: 'basic-scheme',
    why: 'a decoder that throws, and code that catches the error and continues',
    // Lenient decoders find no pair either: they skip the asterisks, and one character is too few for a byte.
    credentials: () => header('Basic ***a', new Secret('Basic ***a')),
  },
  {
    name: 'the key without a colon',
    owner: 'key-as-password',
    why: 'text without a colon is taken for the password',
    credentials: ({ key }) =>
      header(
        'Basic key, without a colon',
        key.map((raw) => `Basic ${base64(raw)}`),
      ),
  },
  {
    name: 'an empty password',
    owner: 'key-as-password',
    underUsername: true,
    credentials: ({ key }, username) => basic(username, word(''), key),
  },
  {
    name: 'the key as username, with password X',
    owner: 'key-as-password',
    why: 'username and password swapped, or either of them compared with the key',
    keyAsUsername: true,
    credentials: ({ key }) => basic(named('key', key), word('X'), key),
  },
  {
    name: 'the key as username, with no password',
    owner: 'key-as-password',
    why: 'some other APIs expect the key there',
    keyAsUsername: true,
    credentials: ({ key }) => basic(named('key', key), word(''), key),
  },
  oldKey,
  nearKey('key, first character changed', (raw) => changedAt(raw, 0), 'comparison by suffix'),
  nearKey('key, a middle character changed', (raw) => changedAt(raw, Math.floor(raw.length / 2)), 'comparison of both ends'),
  nearKey('key, without its last character', (raw) => raw.slice(0, -1), 'comparison over the shorter length'),
  nearKey('key, without its first character', (raw) => raw.slice(1)),
  nearKey('key, cut to 8 characters', (raw) => raw.slice(0, 8), 'passwords cut to 8 characters, as crypt(3) does'),
  nearKey('key, with letters appended', (raw) => `${raw}abc`, 'a database column that truncates, or comparison by prefix'),
  nearKey('key, with letters prepended', (raw) => `abc${raw}`),
  nearKey('key, with upper and lower case swapped', swappedCase, 'a case-insensitive collation'),
  nearKey('key, reversed', (raw) => [...raw].reverse().join('')),
  nearKey('key, with a leading space', (raw) => ` ${raw}`, 'trimming'),
  nearKey('key, with a trailing space', (raw) => `${raw} `, 'trimming, or a padded database column'),
  nearKey('key, followed by NUL', (raw) => `${raw}\0`, 'strings that end at NUL'),
  nearKey('key, followed by a colon and more', (raw) => `${raw}:more`, 'splitting at every colon, although only the first one counts'),
  nearKey('key, after more and a colon', (raw) => `more:${raw}`, 'splitting at the last colon, although only the first one counts'),
  nearKey('key, doubled', (raw) => raw + raw),
  nearKey('key, inside a longer word', (raw) => `key-${raw}-key`, 'a substring search instead of a comparison'),
  wrongKey('another key, of 5,000 bytes', () => new Secret('k'.repeat(5000))),
  wrongKey('another key, in non-ASCII characters', ({ key }) => key.map((raw) => 'ключ'.repeat(raw.length).slice(0, raw.length))),
  wrongKey('a percent sign', () => new Secret('%'), 'a query that compares with LIKE'),
  wrongKey("the page's example 1234567890", () => new Secret('1234567890'), 'an example key that still works'),
];

/**
 * The rows that apply to these keys. A row that equals the current or the old key is left out, and so is the old key's row if there is no old
 * key. An unencoded key in which a lenient base64 decoder finds a pair is still sent, as one more wrong key.
 */
export function badCredentialsFor(keys: Keys): readonly BadCredential[] {
  return badCredentials.flatMap((row): readonly BadCredential[] => {
    const asPair = row.credentials(keys, word('')).header?.is(readsAsPair) ? row.ownerAsPair : undefined;
    if (asPair !== undefined) return [{ ...row, owner: asPair, readsAsPair: true }];
    if (row.password === undefined) return [row];
    const password = row.password(keys);
    if (password === undefined || password.equals(keys.key)) return [];
    return row === oldKey || keys.oldKey === undefined || !password.equals(keys.oldKey) ? [row] : [];
  });
}
