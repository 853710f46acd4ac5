/**
 * The third history: a reset of the key. On the embedded host each product has one, on an account of its own. It comes last, since a reset
 * changes the key under everything else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyIndex, type KeyReset, keyLabel, neverIssuedKey } from '../recording/reset.ts';
import type { Operation } from '../specifications/model.ts';
import { usernames } from './cases/usernames.ts';
import { type AcceptingProduct, type Account, type Around, createRecorder, type How, type Recorder } from './recorder.ts';
import { isUnsafe, rotate, type Subject, takesBadKeys, takesRightKey } from './subject.ts';

/**
 * Of a stale answer once in 30 calls, 90 see one with 95 %: these and what is asked everywhere else; of one node of five that is stale, 14 connections meet it with 95 %, whatever
 * connection goes to which node: these and those that were open before the reset.
 */
export const aroundLogin: Around = { keys: [0, 1], meanwhile: [0, 1], connections: 10, before: 1, rounds: 5, pauseMs: 20, after: 8 };
const aroundReset: Around = { keys: [0], meanwhile: [0], connections: 2, before: 1, rounds: 1, pauseMs: 20, after: 1 };
const oldConnections = 4;
const usernamesTried = 5;
/** Dead keys have come back to life when a cache was filled again: both are tried once more, so long after the login at the least, in ms. */
export const settlingMs = 1000;
/** Answers that are needed before the login and after it, or nothing is told. */
export const leastAnswers: KeyReset['least'] = { before: 5, after: 20 };

export interface ResetClock {
  /** The monotonic clock of the run, in ms. */
  readonly now: () => number;
  /** From a login to the last calls, at the least, in ms. */
  readonly waitMs?: number;
}

/** Waits until dead keys have had their time to come back. `since` is on the clock of the run, in ms. */
export async function settle(since: number, { now, waitMs = settlingMs }: ResetClock): Promise<void> {
  const left = since + waitMs - now();
  if (left > 0) await sleep(left);
}

/** Resets the key of one product's account, and asks before, around and after it, with the other products looking on. */
export async function resetOnce(
  accepting: AcceptingProduct,
  bystanders: readonly AcceptingProduct[],
  account: Account,
  clock: ResetClock,
): Promise<KeyReset> {
  const { subject } = accepting;
  const product = subject.spec.id;
  const all = [accepting, ...bystanders];
  const recorder = createRecorder(account, subject.seed, clock.now);
  const { ask, table, reset, login, around } = recorder;

  // The key works everywhere, and on connections that stay open over all that follows.
  const connections = Array.from({ length: oldConnections }, () => subject.asker.pinned());
  await Promise.all(connections.map((on, index) => ask(accepting, 0, `before the reset: connection no. ${index + 1}`, { on })));
  await table('before the reset', all, [0]);

  await around('around the reset', accepting, aroundReset, reset);
  await table('after the reset', all, [0, 1]);

  await around('around the login', accepting, aroundLogin, () => login(product));
  const switchedAt = clock.now();
  await Promise.all([
    ...[0, 1].flatMap((key) =>
      connections.map((on, index) =>
        ask(accepting, key, `after the login: connection no. ${index + 1} from before the reset, ${keyLabel(key)}`, { on }),
      ),
    ),
    everywhere(recorder, accepting, [0, 1, neverIssuedKey], usernamesTried),
  ]);
  await table('after the login', bystanders, [0, 1]);

  // What happens to others now is none of this product's business.
  for (const each of bystanders) await login(each.subject.spec.id);
  await table('after the logins to the others', [accepting], [0, 1]);

  await reset();
  await reset();
  await table('after two more resets', [accepting], [0, 1, 2, 3]);
  await login(product);
  await table('after another login', [accepting], [0, 1, 2, 3]);
  await settle(switchedAt, clock);
  await table('at the end', all, [0, 1, 3]);
  for (const on of connections) on.rest();
  const { moments, probes, narrowed } = recorder;
  return { product, moments, probes, narrowed, least: leastAnswers };
}

/** After the login, with these keys: so many usernames, and every resource and method that may be sent. */
export async function everywhere(recorder: Recorder, accepting: AcceptingProduct, keys: readonly KeyIndex[], names: number): Promise<void> {
  const tried = (key: KeyIndex, name: string, how: How) => recorder.ask(accepting, key, `after the login: ${name}, ${keyLabel(key)}`, how);
  await Promise.all([
    ...keys.flatMap((key) => [
      ...usernamesFor(accepting, names).map(({ name, username }) => tried(key, `username ${name}`, { username })),
      ...placesFor(accepting).map((place) => tried(key, `${place.method} ${place.operation.path}`, place)),
    ]),
    // What may change something is never sent with the key that is right.
    ...unsafeFor(accepting.subject).flatMap((operation) =>
      [0, neverIssuedKey].map((key) => tried(key, operation.id, { operation, noPositiveControl: true })),
    ),
  ]);
}

/** How much a reset sends, all products together. */
export function resetRequests({ spec }: Subject): { readonly requests: number; readonly wrongKeys: number } {
  const { connections, before, after } = aroundLogin;
  // On the embedded host a login is answered before a second round.
  const probes = connections * (before + 1 + after);
  const there = usernamesTried + spec.operations.filter((each) => each.protected).length + spec.operations.filter(isProtectedGet).length;
  const tables = 52 + aroundReset.connections * 3;
  return { requests: tables + 3 * oldConnections + 2 * probes + 3 * there, wrongKeys: 34 + oldConnections + probes + 2 * there };
}

export const isProtectedGet = (operation: Operation): boolean => operation.protected && operation.method === 'GET';

/** Where the first key worked before: only there is it expected to work on, and only that can show that a key is dead. */
function placesFor({ subject: { spec }, first }: AcceptingProduct): readonly Place[] {
  const worked =
    (about: 'operation' | 'head') =>
    (operation: Operation): boolean =>
      first.rows.some((row) => row.about === about && row.operation === operation.id && row.trial.outcome.kind === 'accepted');
  return [
    ...spec.operations.filter(worked('operation')).map((operation): Place => ({ operation, method: operation.method })),
    ...spec.operations.filter(worked('head')).map((operation): Place => ({ operation, method: 'HEAD' })),
  ];
}

type Place = Required<Pick<How, 'operation' | 'method'>>;

/** On a host of the user's own, where UNSAFE_METHODS allows it: the control stands in for the right key, which is not sent there. */
export const unsafeFor = (subject: Subject): readonly Operation[] =>
  subject.spec.operations.filter((each) => isUnsafe(each) && takesBadKeys(each, subject) && !takesRightKey(each, subject));

function usernamesFor({ subject: { keys, seed }, first }: AcceptingProduct, tried: number) {
  const fine = new Set(
    first.rows
      .filter((row) => row.about === 'username' && row.usernameBytes < 100 && row.trial.outcome.kind === 'accepted')
      .map(({ name }) => name),
  );
  const usable = usernames(keys.key, seed).filter(({ name }) => fine.has(name) && name !== 'the key itself');
  const next = rotate(usable);
  const step = Math.max(1, Math.floor(usable.length / tried));
  return Array.from({ length: Math.min(tried, usable.length) }, () => {
    const each = next();
    for (let skip = 1; skip < step; skip++) next();
    return each;
  });
}
