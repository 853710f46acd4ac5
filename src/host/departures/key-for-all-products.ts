import { newKey } from '../account.ts';
import { departures, lastProduct, placeOf, secondProduct } from '../departures.ts';

/** Hosts on which the key works for some products but not for others. */
export default departures({
  'one-product-without': {
    why: 'the account was never created there because a message was lost',
    everywhere: true,
    change: ({ keysOf }) => ({ keysOf: (account, attempt) => (attempt.product.id === lastProduct ? [] : keysOf(account, attempt)) }),
  },
  'a-key-of-its-own': {
    why: 'the product was acquired from another company and still uses its own keys',
    everywhere: true,
    change({ keysOf }) {
      const keys = new Map<string, string>();
      return {
        keysOf(account, attempt) {
          if (attempt.product.id !== secondProduct) return keysOf(account, attempt);
          const place = placeOf(account, attempt.product.id);
          keys.set(place, keys.get(place) ?? newKey());
          return [keys.get(place) ?? ''];
        },
      };
    },
  },
});
