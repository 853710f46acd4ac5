import { productIds } from '../../specifications/model.ts';
import type { Account } from '../account.ts';
import { departures } from '../departures.ts';

const switchedSomewhere = (account: Account): boolean => productIds.some((product) => account.current[product] === account.key);

/** Hosts on which a login to one product moves another. */
export default departures({
  'login-everywhere': {
    why: 'one login opens a session at every product, and each session brings the key',
    change: ({ login }) => ({
      login(account, _product, at) {
        for (const product of productIds) login(account, product, at);
      },
    }),
  },
  'two-share-a-table': {
    why: 'two products keep their accounts in one table',
    change: ({ login }) => ({
      login(account, product, at) {
        login(account, product, at);
        if (product === 'leadconduit') login(account, 'trustedform', at);
        if (product === 'trustedform') login(account, 'leadconduit', at);
      },
    }),
  },
  'old-key-dies-everywhere': {
    why: 'the first login takes the old key back for all products; the new one reaches that product only',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) =>
        switchedSomewhere(account) && account.current[attempt.product.id] !== account.key ? [] : keysOf(account, attempt),
    }),
  },
  'new-key-everywhere': {
    why: 'the first login puts the new key into a cache that all products share; the old one stays with those that had no login',
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) => (switchedSomewhere(account) ? [...keysOf(account, attempt), account.key] : keysOf(account, attempt)),
    }),
  },
});
