import { departures } from '../departures.ts';

/** Hosts that let in who brings no credentials. */
export default departures({
  'no-header-no-check': {
    why: 'the filter runs for requests that have the header; the others pass it by',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === undefined || admits(attempt, account) }),
  },
  'empty-header': {
    why: 'a gateway demands the header, and the code behind it skips an empty one',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === '' || admits(attempt, account) }),
  },
  'basic-alone': {
    why: 'what follows the scheme is undefined, and so is the key of an account that has none: the two are equal',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization?.trim() === 'Basic' || admits(attempt, account) }),
  },
  'one-resource-open': {
    why: 'a route was added to the table of a router that stands before the filter',
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id !== 'GET /types' && protects(attempt) }),
  },
  'delete-open': {
    why: 'the filter lists the methods that it is for, and nobody thought of this one',
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'DELETE' && protects(attempt) }),
  },
  'head-open': {
    why: 'the filter lists the methods that it is for; HEAD is served by what serves GET, past the filter',
    also: ['rfc9110-head'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'HEAD' && protects(attempt) }),
  },
  'after-an-accepted-call': {
    why: 'authentication belongs to the connection, as in NTLM: who was let in on it once needs no header any more',
    also: ['rfc9110-head'],
    change({ admits }) {
      const trusted = new WeakSet();
      return {
        admits(attempt, account) {
          if (attempt.authorization === undefined) return trusted.has(attempt.connection);
          if (account !== undefined) trusted.add(attempt.connection);
          return admits(attempt, account);
        },
      };
    },
  },
  'address-remembered': {
    why: 'an address from which somebody was let in counts as that of a partner for a while',
    change({ admits }) {
      const partners = new Set<string>();
      return {
        admits(attempt, account) {
          if (attempt.authorization === undefined) return partners.has(attempt.address);
          if (account !== undefined) partners.add(attempt.address);
          return admits(attempt, account);
        },
      };
    },
  },
  'every-thirtieth': {
    why: 'one of thirty workers was started with the settings of the test environment, where everybody is let in',
    also: ['rfc9110-head'],
    change({ admits }) {
      let calls = 0;
      return {
        admits(attempt, account) {
          if (attempt.authorization !== undefined) return admits(attempt, account);
          calls += 1;
          return calls % 30 === 0;
        },
      };
    },
  },
});
