import { departures } from '../departures.ts';

/** Hosts on which the key is good for some calls and not for others. */
export default departures({
  'one-resource-shut': {
    why: 'the resource belongs to another service now, and that has a table of keys of its own',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.operation?.id !== 'GET /types' && admits(attempt, account) }),
  },
  'one-method-shut': {
    why: 'deleting asks for the key of a person, that of the account is not enough',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.method !== 'DELETE' && admits(attempt, account) }),
  },
  'ids-shut': {
    why: 'records are checked against the person who owns them, and an account is no person',
    change: ({ admits }) => ({
      admits: (attempt, account) => !(attempt.operation?.needsId && attempt.product.id === 'leadconduit') && admits(attempt, account),
    }),
  },
  'cold-cache': {
    why: 'a key that is not in the cache is fetched, too late for the call that asked for it',
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
