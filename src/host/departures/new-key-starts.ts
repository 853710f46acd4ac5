import { ofProduct } from '../../specifications/model.ts';
import { type Account, earlierAt, keyAt, replaceKey } from '../account.ts';
import type { Attempt } from '../behavior.ts';
import { type Departure, departures, firstAfterLogin, firstProduct, sinceLogin } from '../departures.ts';

/** A host that refuses an account's new key on some calls after a login. */
const missing = (where: (attempt: Attempt, account: Account) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({
    admits: (attempt, account) => admits(attempt, account) && !(account && hasSwitched(account, attempt) && where(attempt, account)),
  }),
});

/** Whether a login has changed the account's key. Other accounts behave as documented. */
const hasSwitched = (account: Account, attempt: Attempt): boolean => Number.isFinite(sinceLogin(attempt, account));

/** Hosts on which a new key does not start working at the login. */
export default departures({
  'after-a-second': missing(
    (attempt, account) => sinceLogin(attempt, account) < 1000,
    'the old key is revoked at once, but a periodic job adds the new one',
  ),
  'one-node-without': missing(
    ({ ordinal }) => ordinal % 5 === 0,
    'one node of five received the revocation of the old key but not the new key',
  ),
  'one-resource-without': {
    ...missing(({ operation }) => operation?.id === 'GET /types', 'the resource reads its keys only at startup'),
    on: firstProduct,
  },
  'one-method-without': missing(
    ({ method }) => method === 'POST',
    'changes go to a queue, and its workers were not notified of the new key',
  ),
  'other-usernames-without': missing(
    ({ credentials }) => credentials?.username !== 'API',
    'keys are cached by username, and the login refreshes only the entry for the username in the manual',
  ),
  'remembered-as-wrong': {
    why: 'wrong keys are cached for a minute, and the new key was tried before the login',
    change({ admits }) {
      const wrong = new Map<string, number>();
      return {
        admits(attempt, account) {
          const entry = `${attempt.product.id} ${attempt.credentials?.password}`;
          if (attempt.at - (wrong.get(entry) ?? Number.NEGATIVE_INFINITY) < 60_000) return false;
          if (account === undefined) wrong.set(entry, attempt.at);
          return admits(attempt, account);
        },
      };
    },
  },
  'old-connections-without': {
    why: 'a connection keeps the keys that were valid when it was opened, minus those revoked since',
    change({ admits }) {
      const openedAt = new WeakMap<object, number>();
      return {
        admits(attempt, account) {
          const opened = openedAt.get(attempt.connection) ?? attempt.at;
          openedAt.set(attempt.connection, opened);
          return admits(attempt, account) && !(account && opened < ofProduct(account.switchedAt, attempt.product.id));
        },
      };
    },
  },
  'first-three-calls': {
    why: 'each of three workers fetches the new key only after it has refused a call with it',
    change({ admits, login }) {
      const first = firstAfterLogin(3, login);
      return {
        login: first.login,
        admits: (attempt, account) => !(account && first.takes(account, attempt)) && admits(attempt, account),
      };
    },
  },
  'both-after-a-second': {
    why: 'the login queues a job, and the job changes the keys later',
    also: ['old-key-stops'],
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) =>
        hasSwitched(account, attempt) && sinceLogin(attempt, account) < 1000
          ? earlierAt(account, attempt.product.id).slice(-1)
          : keysOf(account, attempt),
    }),
  },
  'the-first-of-two-resets': {
    why: 'resets wait in a queue for the next login, which processes the oldest instead of the latest',
    also: ['old-key-stops'],
    change({ reset }) {
      const waiting = new Map<string, string[]>();
      return {
        reset(account, at) {
          reset(account, at);
          waiting.set(account.id, [...(waiting.get(account.id) ?? []), account.key]);
        },
        login(account, product, at) {
          const keys = waiting.get(account.id) ?? [];
          const next = keys[keys.indexOf(keyAt(account, product)) + 1];
          if (next === undefined) return;
          replaceKey(account, product, next);
          account.switchedAt[product] = at;
        },
      };
    },
  },
  'head-without': missing(({ method }) => method === 'HEAD', 'a cache in front answers HEAD, and its keys are updated nightly'),
  'forgotten-again': {
    later: true,
    ...missing(
      (attempt, account) => sinceLogin(attempt, account) > 700,
      'the login adds the key to the cache, but a job that runs every second refills it from a replica that lags behind',
    ),
  },
});
