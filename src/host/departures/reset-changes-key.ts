import { departures } from '../departures.ts';

/** Hosts on which a reset gives no new key. */
export default departures({
  'same-key': {
    why: 'the page shows the key that it had read before the reset, and the reset itself has failed',
    change: () => ({ reset() {} }),
  },
});
