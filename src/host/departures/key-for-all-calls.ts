import { departures, firstProduct } from '../departures.ts';

/** Hosts on which the key works for some calls but not for others. */
export default departures({
  'one-resource-shut': {
    why: 'the resource moved to another service, which has its own table of keys',
    on: firstProduct,
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.operation?.id !== 'GET /types' && admits(attempt, account) }),
  },
  'one-method-shut': {
    why: 'deleting needs a personal key; the account key is not enough',
    on: firstProduct,
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.method !== 'DELETE' && admits(attempt, account) }),
  },
  'ids-shut': {
    why: 'records are checked against the user who owns them, and an account is not a user',
    on: firstProduct,
    change: ({ admits }) => ({
      admits: (attempt, account) => !(attempt.operation?.needsId && attempt.product.id === firstProduct) && admits(attempt, account),
    }),
  },
  'cold-cache': {
    why: 'a key that is not in the cache is fetched too late for the call that needed it',
    change({ admits }) {
      const fetched = new Set<string>();
      return {
        admits(attempt, account) {
          const entry = `${attempt.product.id} ${attempt.authorization}`;
          if (fetched.has(entry)) return admits(attempt, account);
          fetched.add(entry);
          return false;
        },
      };
    },
  },
});
