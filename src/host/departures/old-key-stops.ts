import type { Account } from '../account.ts';
import type { Attempt } from '../behaviour.ts';
import { type Departure, departures, firstAfterLogin, formerOwner, sinceLogin } from '../departures.ts';

/** A host on which old keys go on in some calls. `owner` is the account that had the key. */
const goesOn = (where: (attempt: Attempt, owner: Account) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({
    admits(attempt, account) {
      const owner = formerOwner(attempt);
      return admits(attempt, account) || (owner !== undefined && where(attempt, owner));
    },
  }),
});

/** Hosts on which an old key outlives the login that was to end it. */
export default departures({
  'never-revoked': goesOn(() => true, 'keys are added at a login, and nobody takes the old ones away'),
  'one-reset-back': goesOn(
    ({ credentials, product }, owner) => owner.earlier[product.id].at(-1) === credentials?.password,
    'the last key but one stays good, so that nobody has to hurry',
  ),
  'all-but-the-last': goesOn(
    ({ credentials, product }, owner) => owner.earlier[product.id].at(-1) !== credentials?.password,
    'only one key can be marked as taken back; the mark moves on at the next login',
  ),
  'for-a-second': goesOn((attempt, owner) => sinceLogin(attempt, owner) < 1000, 'keys are cached for a second'),
  'stale-node': goesOn(({ ordinal }) => ordinal % 5 === 0, 'one node of five has missed the message about the login'),
  'one-resource': goesOn(
    ({ operation }) => operation?.id === 'GET /types',
    'the resource reads keys from a copy of the database that is made by night',
  ),
  'one-method': goesOn(({ method }) => method === 'POST', 'what changes something goes to a queue, whose workers were not told'),
  'other-usernames': goesOn(
    ({ credentials }) => credentials?.username !== 'API',
    'keys are cached by username, and the login renews the entry of the name from the manual',
  ),
  'once-in-thirty': {
    why: 'one node of thirty has missed the message about the login',
    change({ admits }) {
      let tries = 0;
      return {
        admits(attempt, account) {
          if (formerOwner(attempt) === undefined) return admits(attempt, account);
          tries += 1;
          return tries % 30 === 0;
        },
      };
    },
  },
  'first-three-calls': {
    why: 'each of three workers notices the change after the call that it has just answered',
    change({ admits, login }) {
      const first = firstAfterLogin(3, login);
      return {
        login: first.login,
        admits(attempt, account) {
          const owner = formerOwner(attempt);
          return owner === undefined ? admits(attempt, account) : first.takes(owner, attempt);
        },
      };
    },
  },
  'connection-remembered': {
    why: 'credentials that were good on a connection are not looked up again while it is open',
    change({ admits }) {
      const good = new WeakMap<object, Set<string | undefined>>();
      return {
        admits(attempt, account) {
          const known = good.get(attempt.connection) ?? new Set();
          if (account !== undefined) good.set(attempt.connection, known.add(attempt.authorization));
          return known.has(attempt.authorization) || admits(attempt, account);
        },
      };
    },
  },
  'cached-by-header': {
    why: 'headers that were good stay in a cache for five minutes, and the login does not empty it',
    change({ admits }) {
      const good = new Map<string, number>();
      return {
        admits(attempt, account) {
          const entry = `${attempt.product.id} ${attempt.authorization}`;
          if (account !== undefined) good.set(entry, attempt.at);
          return attempt.at - (good.get(entry) ?? Number.NEGATIVE_INFINITY) < 300_000 || admits(attempt, account);
        },
      };
    },
  },
  'revived-in-flight': {
    why: 'the login empties the cache; a call that was under way puts the old key back when it ends',
    change({ admits, login }) {
      const good = new Set<string>();
      return {
        login(account, product, at) {
          login(account, product, at);
          good.clear();
        },
        admits(attempt, account) {
          const entry = `${attempt.product.id} ${attempt.authorization}`;
          if (account !== undefined) setTimeout(() => good.add(entry), 20).unref();
          return good.has(entry) || admits(attempt, account);
        },
      };
    },
  },
  head: goesOn(({ method }) => method === 'HEAD', 'a cache in front answers HEAD, and a login does not empty it'),
  'comes-back': {
    later: true,
    ...goesOn(
      (attempt, owner) => sinceLogin(attempt, owner) > 700 && Number.isFinite(sinceLogin(attempt, owner)),
      'the login clears the cache of keys; a job that runs every second fills it again from a replica that lags behind',
    ),
  },
});
