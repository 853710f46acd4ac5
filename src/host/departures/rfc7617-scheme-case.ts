import { departures } from '../departures.ts';

/** Hosts that are particular about the case of the scheme: to be noted, for RFC 7617 asks for better. */
export default departures({
  'capital-only': {
    why: "header.startsWith('Basic ')",
    change: ({ credentials }) => ({ credentials: (header) => (header?.startsWith('Basic ') ? credentials(header) : undefined) }),
  },
  'no-capitals': {
    why: 'two spellings were seen in the wild, and the check allows for these two',
    change: ({ credentials }) => ({ credentials: (header) => (/^[Bb]asic /.test(header ?? '') ? credentials(header) : undefined) }),
  },
});
