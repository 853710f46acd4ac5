import { productIds } from '../../specifications/model.ts';
import { type Account, keyAt } from '../account.ts';
import { departures, firstProduct, secondProduct } from '../departures.ts';

const switchedSomewhere = (account: Account): boolean => productIds.some((product) => keyAt(account, product) === account.key);

/** Hosts on which a login to one product affects another. */
export default departures({
  'login-everywhere': {
    why: 'one login opens a session with every product, and each session updates the key',
    change: ({ login }) => ({
      login(account, _product, at) {
        for (const product of productIds) login(account, product, at);
      },
    }),
  },
  'two-share-a-table': {
    why: 'two products share one account table',
    on: firstProduct,
    change: ({ login }) => ({
      login(account, product, at) {
        login(account, product, at);
        if (product === firstProduct) login(account, secondProduct, at);
        if (product === secondProduct) login(account, firstProduct, at);
      },
    }),
  },
  'old-key-dies-everywhere': {
    why: 'the first login revokes the old key for all products, but the new key reaches only one',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) =>
        switchedSomewhere(account) && keyAt(account, attempt.product.id) !== account.key ? [] : keysOf(account, attempt),
    }),
  },
  'new-key-everywhere': {
    why: 'the first login puts the new key into a cache that all products share, and products without a login still accept the old key',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) => (switchedSomewhere(account) ? [...keysOf(account, attempt), account.key] : keysOf(account, attempt)),
    }),
  },
});
