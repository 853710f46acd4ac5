import { withHeader } from '../answer.ts';
import { type Departure, departures, formerOwner, newlyDeadOwner } from '../departures.ts';

/** A host whose refusals have another content type. */
const as = (contentType: string, why: string): Departure => ({
  why,
  change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'Content-Type', contentType) }),
});

/** Hosts whose refusals are as documented except for the content type. */
export default departures({
  'no-charset': as('application/json', 'JSON is always UTF-8, so a new framework omits the parameter'),
  'charset-in-capitals': as('application/json; charset=UTF-8', 'another framework spells it this way'),
  'no-blank': as('application/json;charset=utf-8', 'yet another framework spells it this way'),
  html: as('text/html; charset=utf-8', 'the handler sets the type, and the filter answers before the handler runs'),
  'problem-for-an-old-key': {
    why: 'errors added recently follow RFC 9457, and this is one of them',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        formerOwner(attempt) ? withHeader(refuse(attempt), 'Content-Type', 'application/problem+json') : refuse(attempt),
    }),
  },
  'none-without-a-header': {
    why: 'the refusal was copied from the page to the gateway by hand, and this line was missed',
    change: ({ refuse }) => ({
      refuse: (attempt) => (attempt.authorization === undefined ? withHeader(refuse(attempt), 'Content-Type', undefined) : refuse(attempt)),
    }),
  },
  'dead-key-without-charset': {
    why: 'a cache in front refuses replaced keys and writes its own headers',
    change: ({ refuse }) => ({
      refuse: (attempt) =>
        newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withHeader(refuse(attempt), 'Content-Type', 'application/json'),
    }),
  },
});
