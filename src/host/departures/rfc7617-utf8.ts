import { withHeader } from '../answer.ts';
import { departures } from '../departures.ts';

/** Hosts whose challenge names another charset. This is noted: RFC 7617 allows only UTF-8, and the page does not mention it. */
export default departures({
  'latin-1': {
    why: 'the default charset of a framework that is older than the parameter',
    change: ({ refuse }) => ({
      refuse: (attempt) => withHeader(refuse(attempt), 'WWW-Authenticate', 'Basic realm="api", charset="ISO-8859-1"'),
    }),
  },
});
