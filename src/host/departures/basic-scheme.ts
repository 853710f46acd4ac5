import { pair } from '../credentials.ts';
import { departures } from '../departures.ts';

/** Hosts that take the key by other schemes than Basic. */
export default departures({
  'bearer-too': {
    why: 'a draft of the manual said Bearer, and clients were written by it',
    change: ({ credentials }) => ({
      credentials: (header) => (header?.startsWith('Bearer ') ? pair(`:${header.slice(7)}`) : credentials(header)),
    }),
  },
  'key-not-encoded': {
    why: 'a client library puts the configured string behind the scheme as it is; the host was made to bear with it',
    change: ({ credentials }) => ({
      // A key in hex is good base64 as well: it is known by its form.
      credentials: (header) => (/^Basic [0-9a-f]{40}$/.test(header ?? '') ? pair(`:${header?.slice(6)}`) : credentials(header)),
    }),
  },
  'malformed-base64-passes': {
    why: 'the decoder throws at characters that it does not know, and the filter lets pass whatever is no failed login',
    change: ({ admits }) => ({
      admits: (attempt, account) => /^Basic .*[^A-Za-z0-9+/=]/.test(attempt.authorization ?? '') || admits(attempt, account),
    }),
  },
  'pair-not-encoded': {
    why: 'what contains a colon needs no decoding, thought somebody who was debugging with curl -H',
    change: ({ credentials }) => ({
      credentials: (header) => (header?.startsWith('Basic ') ? pair(header.slice(6)) : undefined) ?? credentials(header),
    }),
  },
});
