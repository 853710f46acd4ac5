import { withHeader } from '../answer.ts';
import { departures, newlyDeadOwner } from '../departures.ts';

/** Hosts whose refusals have other headers than the example: to be noted, for the page shows them and does not promise them. */
export default departures({
  'other-reason': {
    why: 'the phrase that another web server has for this status',
    change: ({ refuse }) => ({ refuse: (attempt) => ({ ...refuse(attempt), reason: 'Authorization Required' }) }),
  },
  'no-vary': {
    why: 'the header comes from a layer behind the filter',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'Vary', undefined) }),
  },
  'no-entity-tag': {
    why: 'a newer framework makes entity tags for what succeeds only',
    change: ({ refuse }) => ({ refuse: (attempt) => withHeader(refuse(attempt), 'ETag', undefined) }),
  },
  'dead-key-without-etag': {
    why: 'keys that were replaced are refused by the cache in front, which writes its own headers',
    change: ({ refuse }) => ({
      refuse: (attempt) => (newlyDeadOwner(attempt) === undefined ? refuse(attempt) : withHeader(refuse(attempt), 'ETag', undefined)),
    }),
  },
});
