import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose challenge is of no use to a client. This is noted, as is the documented refusal, which has no challenge at all. */
export default departures({
  'bearer-challenge': {
    why: 'the header comes from a gateway that supports only tokens',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', 'Bearer realm="api"') }),
  },
  'empty-challenge': {
    why: 'the header is left empty so that browsers do not open a password window',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', '') }),
  },
});
