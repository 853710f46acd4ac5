import { withHeader } from '../answer.ts';
import { departures, newlyDeadOwner } from '../departures.ts';

/** Hosts whose refusals have other headers than the example. This is noted: the page shows the headers but does not promise them. */
export default departures({
  'other-reason': {
    why: 'another web server uses this phrase for the status',
    change: ({ refuse }) => ({ refuse: (attempt) => ({ ...refuse(attempt), reason: 'Authorization Required' }) }),
  },
  'no-vary': {
    why: 'a layer behind the filter adds the header',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'Vary', undefined) }),
  },
  'no-entity-tag': {
    why: 'a newer framework sends entity tags only with successful answers',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'ETag', undefined) }),
  },
  'dead-key-without-etag': {
    why: 'a cache in front refuses replaced keys and writes its own headers',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withHeader(refuse(attempt), 'ETag', undefined)),
    }),
  },
});
