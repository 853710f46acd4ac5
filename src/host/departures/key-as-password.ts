import { keyAt } from '../account.ts';
import { departures } from '../departures.ts';

/** Hosts that accept the key somewhere other than in the password. */
export default departures({
  'no-colon': {
    why: 'the text is split at colons and the last part is the key; without a colon, that is the whole text',
    change: ({ credentials }) => ({
      credentials(header) {
        const text = Buffer.from(header?.match(/^basic (.*)$/i)?.[1] ?? '', 'base64').toString();
        return text === '' || text.includes(':') ? credentials(header) : { username: '', password: text };
      },
    }),
  },
  'empty-password': {
    why: 'the password is checked only if there is one: if (password && !valid(password)) refuse',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.credentials?.password === '' || admits(attempt, account) }),
  },
  'username-without-password': {
    why: 'other APIs take the key as the username without a password, and clients written for them had to work here',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read?.password === '' ? { username: '', password: read.username } : read;
      },
    }),
  },
  'username-with-x': {
    why: 'other APIs take the key as the username with X as the password, and an early client of this API did the same',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read?.password === 'X' ? { username: 'X', password: read.username } : read;
      },
    }),
  },
  'either-place': {
    why: 'support got tired of explaining which field is which',
    change: ({ admits, matches }) => ({
      admits: (attempt, account) =>
        admits(attempt, account) ||
        attempt.accounts.some((each) => matches(attempt.credentials?.username ?? '', keyAt(each, attempt.product.id))),
    }),
  },
});
