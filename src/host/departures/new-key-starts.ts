import type { Account } from '../account.ts';
import type { Attempt } from '../behaviour.ts';
import { type Departure, departures, firstAfterLogin, sinceLogin } from '../departures.ts';

/** A host that does not know an account's new key in some calls after a login. */
const missing = (where: (attempt: Attempt, account: Account) => boolean, why: string): Departure => ({
  why,
  change: ({ admits }) => ({
    admits: (attempt, account) => admits(attempt, account) && !(account && hasSwitched(account, attempt) && where(attempt, account)),
  }),
});

/** An account whose key a login has changed; others go on as ever. */
const hasSwitched = (account: Account, attempt: Attempt): boolean => Number.isFinite(sinceLogin(attempt, account));

/** Hosts on which a new key does not start at the login that was to start it. */
export default departures({
  'after-a-second': missing(
    (attempt, account) => sinceLogin(attempt, account) < 1000,
    'the old key is taken back at once, and the new one comes with the next run of a job',
  ),
  'one-node-without': missing(({ ordinal }) => ordinal % 5 === 0, 'one node of five has heard of the old key and not of the new one'),
  'one-resource-without': missing(({ operation }) => operation?.id === 'GET /types', 'the resource reads its keys when it is started'),
  'one-method-without': missing(({ method }) => method === 'POST', 'what changes something goes to a queue, whose workers were not told'),
  'other-usernames-without': missing(
    ({ credentials }) => credentials?.username !== 'API',
    'keys are cached by username, and the login renews the entry of the name from the manual',
  ),
  'remembered-as-wrong': {
    why: 'keys that were wrong are kept in a cache for a minute, and somebody has tried the new one before the login',
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
    why: 'a connection keeps the keys that were good when it was opened, less those that were taken back',
    change({ admits }) {
      const openedAt = new WeakMap<object, number>();
      return {
        admits(attempt, account) {
          const opened = openedAt.get(attempt.connection) ?? attempt.at;
          openedAt.set(attempt.connection, opened);
          return admits(attempt, account) && !(account && opened < account.switchedAt[attempt.product.id]);
        },
      };
    },
  },
  'first-three-calls': {
    why: 'each of three workers fetches the new key after the call that it has just refused',
    change({ admits, login }) {
      const first = firstAfterLogin(3, login);
      return {
        login: first.login,
        admits: (attempt, account) => !(account && first.takes(account, attempt)) && admits(attempt, account),
      };
    },
  },
  'both-after-a-second': {
    why: 'the login puts a job into a queue, and the job changes the keys',
    also: ['old-key-stops'],
    change: ({ keysOf }) => ({
      keysOf: (account, attempt) =>
        hasSwitched(account, attempt) && sinceLogin(attempt, account) < 1000
          ? account.earlier[attempt.product.id].slice(-1)
          : keysOf(account, attempt),
    }),
  },
  'the-first-of-two-resets': {
    why: 'resets wait in a queue for the next login, which takes one of them and not the last',
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
          const next = keys[keys.indexOf(account.current[product]) + 1];
          if (next === undefined) return;
          account.earlier[product].push(account.current[product]);
          account.current[product] = next;
          account.switchedAt[product] = at;
        },
      };
    },
  },
  'head-without': missing(({ method }) => method === 'HEAD', 'HEAD is answered by a cache in front, whose keys come by night'),
  'forgotten-again': {
    later: true,
    ...missing(
      (attempt, account) => sinceLogin(attempt, account) > 700,
      'the login adds the key to the cache; a job that runs every second fills it anew from a replica that lags behind',
    ),
  },
});
