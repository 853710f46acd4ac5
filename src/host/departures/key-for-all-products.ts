import { newKey } from '../account.ts';
import { departures, placeOf } from '../departures.ts';

/** Hosts on which the key is good for some products and not for others. */
export default departures({
  'one-product-without': {
    why: 'the account was never created there: the message about it was lost',
    everywhere: true,
    change: ({ keysOf }) => ({ keysOf: (account, attempt) => (attempt.product.id === 'suppressionlist' ? [] : keysOf(account, attempt)) }),
  },
  'a-key-of-its-own': {
    why: 'the product was bought from another company, and its keys came along',
    everywhere: true,
    change({ keysOf }) {
      const keys = new Map<string, string>();
      return {
        keysOf(account, attempt) {
          if (attempt.product.id !== 'trustedform') return keysOf(account, attempt);
          const place = placeOf(account, attempt.product.id);
          keys.set(place, keys.get(place) ?? newKey());
          return [keys.get(place) ?? ''];
        },
      };
    },
  },
});
