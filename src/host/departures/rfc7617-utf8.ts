import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose challenge names another charset: to be noted, for RFC 7617 knows one. */
export default departures({
  'latin-1': {
    why: 'the charset of the framework, which is older than the parameter',
    change: ({ refuse }) => ({
      refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', 'Basic realm="api", charset="ISO-8859-1"'),
    }),
  },
});
