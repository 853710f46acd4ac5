import { departures } from '../departures.ts';

/** Hosts that compare the scheme with its case. This is noted: RFC 7617 forbids it, not the page. */
export default departures({
  'capital-only': {
    why: "header.startsWith('Basic ')",
    change: ({ credentials }) => ({ credentials: (header) => (header?.startsWith('Basic ') ? credentials(header) : undefined) }),
  },
  'no-capitals': {
    why: 'the check allows only the two spellings that were seen in practice',
    change: ({ credentials }) => ({ credentials: (header) => (/^[Bb]asic /.test(header ?? '') ? credentials(header) : undefined) }),
  },
});
