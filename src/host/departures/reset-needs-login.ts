import { productIds } from '../../specifications/model.ts';
import { keyAt, replaceKey } from '../account.ts';
import { departures, lastProduct } from '../departures.ts';

/** Hosts on which a reset affects a product before anyone has logged in to it. */
export default departures({
  'at-once': {
    why: 'products ask the account service on every call',
    change: () => ({ keysOf: (account) => [account.key] }),
  },
  'one-product-at-once': {
    why: 'one product synchronizes its keys automatically and the others do not',
    everywhere: true,
    change: ({ reset, login }) => ({
      reset(account, at) {
        reset(account, at);
        login(account, lastProduct, at);
      },
    }),
  },
  'old-key-dies-at-the-reset': {
    why: 'a revocation list reaches every product at once, but the new key has to wait for a login',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) => (keyAt(account, attempt.product.id) === account.key ? keysOf(account, attempt) : []),
    }),
  },
  'new-key-at-the-reset': {
    why: 'a product looks up unknown keys in the account service, and the key that it knows stays valid until the login',
    change: ({ keysOf }) => ({ keysOf: (account, attempt) => [...keysOf(account, attempt), account.key] }),
  },
  'at-the-second-reset': {
    why: 'a reset keeps the replaced key for products without a login, but there is room for only one',
    change({ reset }) {
      return {
        reset(account, at) {
          for (const product of productIds) {
            if (keyAt(account, product) === account.key) continue;
            replaceKey(account, product, account.key);
          }
          reset(account, at);
        },
      };
    },
  },
});
