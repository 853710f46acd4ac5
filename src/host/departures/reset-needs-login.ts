import { productIds } from '../../specifications/model.ts';
import { departures } from '../departures.ts';

/** Hosts on which a reset reaches a product before anybody has logged in to it. */
export default departures({
  'at-once': {
    why: 'products ask the service of accounts at each call, as they were always meant to',
    change: () => ({ keysOf: (account) => [account.key] }),
  },
  'one-product-at-once': {
    why: 'one product takes part in a synchronisation that the others lack',
    everywhere: true,
    change: ({ reset, login }) => ({
      reset(account, at) {
        reset(account, at);
        login(account, 'suppressionlist', at);
      },
    }),
  },
  'old-key-dies-at-the-reset': {
    why: 'a list of keys that were taken back reaches every product at once; the new key has to wait for a login',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) => (account.current[attempt.product.id] === account.key ? keysOf(account, attempt) : []),
    }),
  },
  'new-key-at-the-reset': {
    why: 'a key that a product does not know is asked for at the service of accounts; the one that it knows is good until the login',
    change: ({ keysOf }) => ({ keysOf: (account, attempt) => [...keysOf(account, attempt), account.key] }),
  },
  'at-the-second-reset': {
    why: 'a reset keeps the key that it replaces for whoever has not logged in yet, and has room for one',
    change({ reset }) {
      return {
        reset(account, at) {
          for (const product of productIds) {
            if (account.current[product] === account.key) continue;
            account.earlier[product].push(account.current[product]);
            account.current[product] = account.key;
          }
          reset(account, at);
        },
      };
    },
  },
});
