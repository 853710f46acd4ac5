import { withHeader } from '../answer.ts';
import { type Departure, departures, formerOwner, newlyDeadOwner } from '../departures.ts';

/** A host whose refusals have another content type. */
const as = (contentType: string, why: string): Departure => ({
  why,
  change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'Content-Type', contentType) }),
});

/** Hosts whose refusals are the documented ones under another type. */
export default departures({
  'no-charset': as('application/json', 'JSON is UTF-8 anyway, and a new framework leaves the parameter out'),
  'charset-in-capitals': as('application/json; charset=UTF-8', 'the spelling of another framework'),
  'no-blank': as('application/json;charset=utf-8', 'the spelling of yet another framework'),
  html: as('text/html; charset=utf-8', 'the type is set by the code that answers, and the filter comes before it'),
  'problem-for-an-old-key': {
    why: 'new errors follow RFC 9457, and this one is new',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        formerOwner(attempt) ? withHeader(refuse(attempt), 'Content-Type', 'application/problem+json') : refuse(attempt),
    }),
  },
  'none-without-a-header': {
    why: 'the refusal of the gateway in front was copied from the page by hand, and this line was missed',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.authorization === undefined ? withHeader(refuse(attempt), 'Content-Type', undefined) : refuse(attempt)),
    }),
  },
  'dead-key-without-charset': {
    why: 'keys that were replaced are refused by the cache in front, which writes its own headers',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withHeader(refuse(attempt), 'Content-Type', 'application/json'),
    }),
  },
});
