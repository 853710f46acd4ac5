import { departures } from '../departures.ts';

/** Hosts on which a reset does not produce a new key. */
export default departures({
  'same-key': {
    why: 'the reset failed, and the page shows the key that it had read before',
    change: () => ({ reset() {} }),
  },
});
