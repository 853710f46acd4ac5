import { type Account, earlierAt } from '../account.ts';
import type { Attempt } from '../behavior.ts';
import { type Departure, departures, firstAfterLogin, firstProduct, formerOwner, sinceLogin } from '../departures.ts';

/** A host on which old keys keep working on some calls. `owner` is the account that had the key. */
const goesOn = (where: (attempt: Attempt, owner: Account) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({
    admits(attempt, account) {
      const owner = formerOwner(attempt);
      return admits(attempt, account) || (owner !== undefined && where(attempt, owner));
    },
  }),
});

/** Hosts on which an old key keeps working after the login. */
export default departures({
  'never-revoked': goesOn(() => true, 'a login adds the new key but does not remove the old ones'),
  'one-reset-back': goesOn(
    ({ credentials, product }, owner) => earlierAt(owner, product.id).at(-1) === credentials?.password,
    'the previous key stays valid as a grace period',
  ),
  'all-but-the-last': goesOn(
    ({ credentials, product }, owner) => earlierAt(owner, product.id).at(-1) !== credentials?.password,
    'only one key can be marked as revoked, and the next login moves the mark',
  ),
  'for-a-second': goesOn((attempt, owner) => sinceLogin(attempt, owner) < 1000, 'keys are cached for one second'),
  'stale-node': goesOn(({ ordinal }) => ordinal % 5 === 0, 'one node of five missed the message about the login'),
  'one-resource': {
    ...goesOn(({ operation }) => operation?.id === 'GET /types', 'the resource reads keys from a nightly copy of the database'),
    on: firstProduct,
  },
  'calls-with-an-id': goesOn(
    ({ operation, method }) => operation?.needsId === true && method === 'GET',
    'what is looked up by its id has a cache of its own, and a login does not clear it',
  ),
  'one-method': goesOn(({ method }) => method === 'POST', 'changes go to a queue, and its workers were not notified of the login'),
  'other-usernames': goesOn(
    ({ credentials }) => credentials?.username !== 'API',
    'keys are cached by username, and the login refreshes only the entry for the username in the manual',
  ),
  'once-in-thirty': {
    why: 'one node of thirty missed the message about the login',
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
    why: 'each of three workers notices the change only after answering one more call',
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
    why: 'credentials that were accepted on a connection are not checked again while it is open',
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
    why: 'accepted headers are cached for five minutes, and the login does not clear the cache',
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
    why: 'the login clears the cache, but a call that was already in progress puts the old key back when it ends',
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
  'any-key-for-a-moment': {
    why: 'the login empties the key cache, and until it has been filled again every key is let through',
    change: ({ admits }) => ({
      admits: (attempt, account) =>
        admits(attempt, account) || (attempt.credentials !== undefined && attempt.accounts.some((each) => sinceLogin(attempt, each) < 300)),
    }),
  },
  head: goesOn(({ method }) => method === 'HEAD', 'a cache in front answers HEAD, and a login does not clear it'),
  'comes-back': {
    later: true,
    ...goesOn(
      (attempt, owner) => sinceLogin(attempt, owner) > 700 && Number.isFinite(sinceLogin(attempt, owner)),
      'the login clears the key cache, but a job that runs every second refills it from a replica that lags behind',
    ),
  },
});
