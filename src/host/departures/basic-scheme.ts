import { pair } from '../credentials.ts';
import { departures } from '../departures.ts';

/** Hosts that accept the key in schemes other than Basic. */
export default departures({
  'bearer-too': {
    why: 'a draft of the manual said Bearer, and some clients still follow it',
    change: ({ credentials }) => ({
      credentials: (header) => (header?.startsWith('Bearer ') ? pair(`:${header.slice(7)}`) : credentials(header)),
    }),
  },
  'key-not-encoded': {
    why: 'a client library sends the configured string without encoding it, and the host was changed to accept that',
    change: ({ credentials }) => ({
      // A hex key is also valid base64, so its format has to identify it.
      credentials: (header) => (/^Basic [0-9a-f]{40}$/.test(header ?? '') ? pair(`:${header?.slice(6)}`) : credentials(header)),
    }),
  },
  'malformed-base64-passes': {
    why: 'the decoder throws on invalid characters, and the filter only refuses failed logins',
    change: ({ admits }) => ({
      admits: (attempt, account) => /^Basic .*[^A-Za-z0-9+/=]/.test(attempt.authorization ?? '') || admits(attempt, account),
    }),
  },
  'pair-not-encoded': {
    why: 'a value with a colon is assumed to be decoded already, a leftover from debugging with curl -H',
    change: ({ credentials }) => ({
      credentials: (header) => (header?.startsWith('Basic ') ? pair(header.slice(6)) : undefined) ?? credentials(header),
    }),
  },
});
