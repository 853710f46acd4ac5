import { crc32 } from 'node:zlib';
import { json } from '../answer.ts';
import { pair } from '../credentials.ts';
import { type Departure, departures } from '../departures.ts';

/** A host that refuses the right key under some usernames. */
const refuses = (isRefused: (username: string) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({ admits: (attempt, account) => !isRefused(attempt.credentials?.username ?? '') && admits(attempt, account) }),
});

/** A host that accepts the key, then fails on some usernames and answers with an error. */
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

/** Hosts that do not ignore the username. */
export default departures({
  'only-api': {
    ...refuses(
      (name) => name !== 'API',
      'other pages say that the username is API, and a framework that looks up users was configured with it',
    ),
    also: ['documented-call'],
  },
  'no-placeholder': refuses((name) => name === 'API', 'the username from the manual is rejected as a placeholder that was not replaced'),
  'no-empty-username': refuses((name) => name === '', 'a validator treats an empty name as missing credentials'),
  'no-blank-username': refuses((name) => name !== '' && name.trim() === '', 'a validator trims the name and then finds it empty'),
  'outer-blanks': refuses(
    (name) => name.trim() !== '' && name !== name.trim(),
    'the trimmed name is looked up, then compared with the one that was sent',
  ),
  'inner-blanks': refuses((name) => /\S\s+\S/.test(name), 'the decoded pair is split at spaces, like a log line'),
  'word-characters-only': refuses((name) => !/^[\p{L}\p{M}\p{N} @._%-]*$/u.test(name), 'a pattern for names, copied from the sign-up form'),
  'percent-decoded': fails(
    (name) => throwsAt(() => decodeURIComponent(name)),
    'the name is decoded as if it were part of a URL, and decodeURIComponent throws on 100%',
  ),
  'decoded-before-split': {
    why: 'the pair is URL-decoded before it is split, so %3A becomes a second colon',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read && pair(`${read.username.replaceAll('%3A', ':')}:${read.password}`);
      },
    }),
  },
  'encoded-nul': refuses((name) => name.includes('%00'), 'a filter against NUL in URLs checks every value in a request'),
  'quote-in-a-query': fails((name) => name.includes("'"), 'the query is concatenated from strings, and the quote ends one of them'),
  'quote-in-a-log': refuses((name) => name.includes('"'), 'the log line is handwritten JSON, which a quote breaks'),
  backslash: refuses(
    (name) => name.includes('\\'),
    'names of the form DOMAIN\\user are looked up in a directory that does not contain them',
  ),
  'angle-brackets': fails((name) => /[<>]/.test(name), 'a firewall rule against scripts also checks the decoded header', 403),
  slashes: refuses((name) => name.includes('/'), 'sessions are stored in files named after the user'),
  ampersands: refuses(
    (name) => name.includes('&'),
    'the name is put into the query of a call to the account service without being encoded',
  ),
  'ascii-only': refuses((name) => /[^\x00-\x7f]/.test(name), 'the decoder only supports ASCII'),
  'no-astral-characters': refuses(
    (name) => /[\u{10000}-\u{10ffff}]/u.test(name),
    'a MySQL column in utf8, which allows at most three bytes per character',
  ),
  'composed-only': refuses((name) => name !== name.normalize('NFC'), 'the name is normalized and compared with the one that was sent'),
  'upper-case-only': refuses((name) => name !== name.toUpperCase(), 'the names on the page, API and X, were taken as a rule'),
  'e-mail-looked-up': refuses(
    (name) => name.includes('@'),
    'an e-mail address is taken for the login of a person, who has a password and no key',
  ),
  'digits-looked-up': refuses((name) => /^\d+$/.test(name), 'a number is looked up as a user id'),
  'falsy-words': refuses(
    (name) => ['null', 'undefined', '0', 'false'].includes(name),
    'a layer in between converts words to values, and these values are falsy',
  ),
  'name-of-a-prototype': refuses(
    (name) => name in {},
    'sessions are stored in a plain object, where __proto__ and constructor find something that is not a session',
  ),
  'reserved-names': refuses((name) => /^admin$/i.test(name), 'staff usernames only work from inside the company network'),
  'column-of-200': refuses(
    (name) => Buffer.byteLength(name) > 200 && Buffer.byteLength(name) < 1000,
    'the name is stored in a 200-byte column, and a truncated name is not found again',
  ),
  'buffer-of-1024': refuses((name) => Buffer.byteLength(name) > 1024, 'the header is read into a fixed-size buffer'),
  'not-the-key': {
    why: 'a password rule says that the password must differ from the username',
    change: ({ admits }) => ({
      admits: (attempt, account) => attempt.credentials?.username !== attempt.credentials?.password && admits(attempt, account),
    }),
  },
  'one-shard-without': refuses(
    (name) => crc32(name) % 11 === 3,
    'calls are distributed over shards by username, and one shard does not have the account',
  ),
});
