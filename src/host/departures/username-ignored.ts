import { crc32 } from 'node:zlib';
import { json } from '../answer.ts';
import { pair } from '../credentials.ts';
import { type Departure, departures } from '../departures.ts';

/** A host that answers the right key by a refusal under some usernames. */
const refuses = (isRefused: (username: string) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({ admits: (attempt, account) => !isRefused(attempt.credentials?.username ?? '') && admits(attempt, account) }),
});

/** A host that knows the key, then trips over some usernames and answers by an error. */
const fails = (trips: (username: string) => boolean, why: string, status = 500): Departure => ({
  why,
  change: ({ answer }) => ({
    answer: (attempt, account) =>
      trips(attempt.credentials?.username ?? '') ? json(status, { error: 'something went wrong' }) : answer(attempt, account),
  }),
});

const throwsAt = (work: () => unknown): boolean => {
  try {
    work();
    return false;
  } catch {
    return true;
  }
};

/** Hosts that do look at the username. */
export default departures({
  'only-api': {
    ...refuses(
      (name) => name !== 'API',
      'other pages say that the username is API, and a framework that looks users up took them at their word',
    ),
    also: ['documented-call'],
  },
  'no-placeholder': refuses((name) => name === 'API', 'the word from the manual is refused as a setting that nobody has filled in'),
  'no-empty-username': refuses((name) => name === '', 'a validator takes an empty name for missing credentials'),
  'no-blank-username': refuses((name) => name !== '' && name.trim() === '', 'a validator trims, and then misses the name'),
  'outer-blanks': refuses(
    (name) => name.trim() !== '' && name !== name.trim(),
    'the name that was trimmed is looked up, and compared with the one that was sent',
  ),
  'inner-blanks': refuses((name) => /\S\s+\S/.test(name), 'the decoded pair is taken apart at blanks, as a line of a log would be'),
  'word-characters-only': refuses(
    (name) => !/^[\p{L}\p{M}\p{N} @._%-]*$/u.test(name),
    'a pattern for names, copied from the form where people sign up',
  ),
  'percent-decoded': fails(
    (name) => throwsAt(() => decodeURIComponent(name)),
    'the name is decoded as if it stood in an address; decodeURIComponent throws at 100%',
  ),
  'decoded-before-split': {
    why: 'the pair is decoded as if it stood in an address, and only then taken apart: %3A has become a second colon',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read && pair(`${read.username.replaceAll('%3A', ':')}:${read.password}`);
      },
    }),
  },
  'encoded-nul': refuses((name) => name.includes('%00'), 'a filter against NUL in addresses looks at every value that a request brings'),
  'quote-in-a-query': fails((name) => name.includes("'"), 'a query is put together from strings; the quote ends one of them'),
  'quote-in-a-log': refuses((name) => name.includes('"'), 'the line for the log is written as JSON by hand and does not parse'),
  backslash: refuses((name) => name.includes('\\'), 'names of the form DOMAIN\\user are sent on to a directory, which does not know them'),
  'angle-brackets': fails((name) => /[<>]/.test(name), 'a rule against scripts in requests looks at the decoded header as well', 403),
  slashes: refuses((name) => name.includes('/'), 'sessions lie in files that are named for the user'),
  ampersands: refuses(
    (name) => name.includes('&'),
    'the name is put into the query of a call to the service of accounts, and not encoded there',
  ),
  'ascii-only': refuses((name) => /[^\x00-\x7f]/.test(name), 'the decoder is one for ASCII'),
  'no-astral-characters': refuses(
    (name) => /[\u{10000}-\u{10ffff}]/u.test(name),
    'a column in utf8 of MySQL, which ends at three bytes a character',
  ),
  'composed-only': refuses((name) => name !== name.normalize('NFC'), 'the name is normalised and compared with the one that was sent'),
  'upper-case-only': refuses((name) => name !== name.toUpperCase(), 'API and X, the names on the page, look like a rule'),
  'e-mail-looked-up': refuses(
    (name) => name.includes('@'),
    'what looks like an address is the login of a person, who has a password and no key',
  ),
  'digits-looked-up': refuses((name) => /^\d+$/.test(name), 'what looks like a number is looked up as the id of a user'),
  'falsy-words': refuses(
    (name) => ['null', 'undefined', '0', 'false'].includes(name),
    'a layer between turns words into values, and the values are falsy',
  ),
  'name-of-a-prototype': refuses(
    (name) => name in {},
    'sessions are kept in a plain object: __proto__ and constructor find something that is no session',
  ),
  'reserved-names': refuses((name) => /^admin$/i.test(name), 'names of staff are only good from inside the company'),
  'column-of-200': refuses(
    (name) => Buffer.byteLength(name) > 200 && Buffer.byteLength(name) < 1000,
    'the name is kept in a column of 200 bytes, and found again only where it fitted in',
  ),
  'buffer-of-1024': refuses((name) => Buffer.byteLength(name) > 1024, 'the header is read into a buffer of fixed length'),
  'not-the-key': {
    why: 'a rule for passwords: they must differ from the name',
    change: ({ admits }) => ({
      admits: (attempt, account) => attempt.credentials?.username !== attempt.credentials?.password && admits(attempt, account),
    }),
  },
  'one-shard-without': refuses(
    (name) => crc32(name) % 11 === 3,
    'calls are spread over shards by the name, and one shard does not know the account',
  ),
});
