import { departures } from '../departures.ts';

/** Hosts that take the key in another place than the password's. */
export default departures({
  'no-colon': {
    why: 'the last part of what is split at the colons is the key, and where there is no colon the last part is all',
    change: ({ credentials }) => ({
      credentials(header) {
        const text = Buffer.from(header?.match(/^basic (.*)$/i)?.[1] ?? '', 'base64').toString();
        return text === '' || text.includes(':') ? credentials(header) : { username: '', password: text };
      },
    }),
  },
  'empty-password': {
    why: 'a password that was given is checked: if (password && !valid(password)) refuse',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.credentials?.password === '' || admits(attempt, account) }),
  },
  'username-without-password': {
    why: 'other APIs take the key as the username, with no password; clients that were written for those were to work here',
    change: ({ credentials }) => ({
      credentials(header) {
        const read = credentials(header);
        return read?.password === '' ? { username: '', password: read.username } : read;
      },
    }),
  },
  'username-with-x': {
    why: 'other APIs take the key as the username with X as the password, and a first client of this one did so too',
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
        attempt.accounts.some((each) => matches(attempt.credentials?.username ?? '', each.current[attempt.product.id])),
    }),
  },
});
