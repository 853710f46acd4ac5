import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose challenge is none that a client could follow: to be noted, as the documented refusal is, which has no challenge at all. */
export default departures({
  'bearer-challenge': {
    why: 'the header is that of a gateway, which knows nothing but tokens',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', 'Bearer realm="api"') }),
  },
  'empty-challenge': {
    why: 'the header is emptied, so that browsers do not open a window for a password',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', '') }),
  },
});
