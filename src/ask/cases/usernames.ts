/** Usernames. The page says that any value works; these are values that programs often get wrong. */
import { sample, string } from 'fast-check';
import type { Secret } from '../../keys/secret.ts';
import { type Named, named, word } from '../credentials.ts';

export interface Username {
  /** As reports show it. */
  readonly name: string;
  readonly username: Named;
  /** The username's length in UTF-8, in bytes. */
  readonly bytes: number;
  /** It is the key. */
  readonly isKey?: true;
  /** Tried after every login. */
  readonly always?: true;
}

/** Grouped by what they have in common. */
const words: readonly (readonly [kind: string, usernames: readonly string[]])[] = [
  ['on the page', ['API', 'X']],
  ['empty', ['']],
  ['used by clients', ['x', 'APIKEY', 'gettingstarted']],
  ['spaces', [' API', 'API ', 'A P I', '   ']],
  ['punctuation', ['!#$*+,;=?@^_|~', '-._', '()[]{}', '`']],
  ['percent signs', ['100%', '%41%50%49', '%00', '%3A']],
  ['quotes', ['"API"', "'API'", "' OR '1'='1"]],
  ['backslash', ['A\\PI']],
  ['angle brackets', ['<API>']],
  ['slashes', ['a/../b//c']],
  ['ampersands', ['a&b=c&amp;']],
  ['non-ASCII', ['Jürgen', 'пользователь', '用户', 'e\u0301', '🔑']],
  ['case', ['api', 'ADMIN']],
  ['e-mail addresses', ['somebody@example.com', 'some+tag@example.com']],
  ['digits', ['42', '0042']],
  ['words with a meaning in programs', ['null', 'undefined', '__proto__', 'constructor', 'admin', '0', 'false']],
];

/** Long usernames, in bytes. An honest server may reject the last two. */
const lengths = [255, 2000, 4000, 8000];
const randomOnes = 3;

/** No colon and no control character (RFC 7617 section 2). */
const isUserId = (text: string): boolean => !/[:\p{C}]/u.test(text);

/** All usernames, including random ones from the seed, and the key itself where it can be one. */
export function usernames(key: Secret, seed: number): readonly Username[] {
  const random = sample(string({ unit: 'grapheme', minLength: 1, maxLength: 24 }).filter(isUserId), { seed, numRuns: randomOnes });
  const listed = words.flatMap(([, each]) => each);
  return [
    ...listed.map((text) => plain(text === '' ? 'empty' : text, text)),
    ...lengths.map((bytes) => plain(`of ${bytes.toLocaleString('en')} bytes`, 'u'.repeat(bytes))),
    ...(key.is(isUserId) ? [{ name: 'the key itself', username: named('key', key), bytes: key.length, isKey: true } as const] : []),
    ...random.map((text, index) => plain(`random, no. ${index + 1}`, text)),
  ];
}

/** The page's own, in its example, and none at all. */
const always = ['X', ''];

const plain = (name: string, text: string): Username => ({
  name,
  username: word(text),
  bytes: Buffer.byteLength(text),
  ...(always.includes(text) ? { always: true } : {}),
});
