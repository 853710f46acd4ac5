/**
 * The third history: a reset of the key. On the embedded host each product has its own, on an account of its own. It comes last because a
 * reset changes the key that everything else depends on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyIndex, type KeyReset, keyLabel, neverIssuedKey } from '../recording/reset.ts';
import { type Operation, productIds } from '../specifications/model.ts';
import { type Username, usernames } from './cases/usernames.ts';
import { type AcceptingProduct, type Account, type Around, createRecorder, type ProbeOptions, type Recorder } from './recorder.ts';
import { isPlaceholder, isUnsafe, type Subject, showsAcceptance, takesBadKeys, takesRightKey } from './subject.ts';

/**
 * These calls and those of `everywhere` are about 90: a 95 % chance of catching a host that is stale once in 30 calls. These connections and
 * those from before the reset are 14: a 95 % chance of meeting one stale node of five, if each connection goes to a random node.
 */
export const aroundLogin: Around = { keys: [0, 1], meanwhile: [0, 1], connections: 10, before: 1, rounds: 5, pauseMs: 20, after: 8 };
const aroundReset: Around = { keys: [0], meanwhile: [0], connections: 2, before: 1, rounds: 1, pauseMs: 20, after: 1 };
const oldConnections = 4;
const usernamesTried = 5;
/** Dead keys have come back to life when a cache was refilled, so both keys are tried once more, at least this long after the login. In ms. */
export const settlingMs = 1000;
/** The fewest answers before and after the login that allow a judgement. */
export const leastAnswers: KeyReset['least'] = { before: 5, after: 20 };

export interface ResetClock {
  /** The monotonic clock of the run, in ms. */
  readonly now: () => number;
  /** The shortest time between the login and the last calls, in ms. */
  readonly waitMs?: number;
}

/** Waits long enough for dead keys to come back to life. `since` is on the clock of the run, in ms. */
export async function settle(since: number, { now, waitMs = settlingMs }: ResetClock): Promise<void> {
  const left = since + waitMs - now();
  if (left > 0) await sleep(left);
}

/** Resets the key of one product's account, with calls before, around and after it. The other products are bystanders and are called too. */
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

  // The key works on every product, and on connections that stay open until the end.
  const connections = Array.from({ length: oldConnections }, () => subject.asker.pinned());
  await Promise.all(connections.map((on, index) => ask(accepting, 0, `before the reset: connection no. ${index + 1}`, { on })));
  await table('before the reset', all, [0]);

  await around('around the reset', accepting, aroundReset, reset);
  await table('after the reset', all, [0, 1]);

  await around('around the login', accepting, aroundLogin, () => login(product));
  await Promise.all([
    ...[0, 1].flatMap((key) =>
      connections.map((on, index) =>
        ask(accepting, key, `after the login: connection no. ${index + 1} from before the reset, ${keyLabel(key)}`, { on }),
      ),
    ),
    everywhere(recorder, accepting, [0, 1, neverIssuedKey], usernamesTried),
  ]);
  await table('after the login', bystanders, [0, 1]);

  // Logins to other products must not affect this one.
  for (const each of bystanders) await login(each.subject.spec.id);
  await table('after the logins to the others', [accepting], [0, 1]);

  await reset();
  await reset();
  await table('after two more resets', [accepting], [0, 1, 2, 3]);
  await login(product);
  const lastLoginAt = clock.now();
  await table('after another login', [accepting], [0, 1, 2, 3]);
  await settle(lastLoginAt, clock);
  await table('at the end', all, [0, 1, 3]);
  for (const on of connections) on.closeIdle();
  const { moments, probes, narrowed } = recorder;
  return { product, moments, probes, narrowed, least: leastAnswers };
}

/** After the login, tries these keys with some usernames, and with every resource and method that may be called. */
export async function everywhere(recorder: Recorder, accepting: AcceptingProduct, keys: readonly KeyIndex[], names: number): Promise<void> {
  const tried = (key: KeyIndex, name: string, how: ProbeOptions) =>
    recorder.ask(accepting, key, `after the login: ${name}, ${keyLabel(key)}`, how);
  await Promise.all([
    ...keys.flatMap((key) => [
      ...usernamesFor(accepting, names).map(({ name, username }) => tried(key, `username ${name}`, { username })),
      ...placesFor(accepting).map((place) => tried(key, `${place.method} ${place.operation.path}`, place)),
    ]),
    ...withoutRightKey(accepting.subject).flatMap((operation) =>
      [0, neverIssuedKey].map((key) => tried(key, operation.id, { operation, noPositiveControl: true })),
    ),
  ]);
}

/** How much a reset sends to all products together. */
export function resetRequests({ spec }: Subject): { readonly requests: number; readonly wrongKeys: number } {
  const { connections, before, after } = aroundLogin;
  // The embedded host answers a login before a second round starts.
  const probes = connections * (before + 1 + after);
  const there = usernamesTried + spec.operations.filter((each) => each.protected).length + spec.operations.filter(isProtectedGet).length;
  const around = aroundReset.connections * (aroundReset.before + aroundReset.rounds + aroundReset.after);
  // In the tables, of each product and, on top of that, of the one that is reset.
  const tables = { requests: 12 * productIds.length + 10, wrongKeys: 8 * productIds.length + 8 };
  return {
    requests: tables.requests + around + 3 * oldConnections + 2 * probes + 3 * there,
    // From the reset on, the first key counts as a wrong one.
    wrongKeys: tables.wrongKeys + aroundReset.connections * aroundReset.after + oldConnections + probes + 2 * there,
  };
}

/** Whether a HEAD of it can be tried: it is safe, and needs the key. */
export const isProtectedGet = (operation: Operation): boolean => operation.protected && operation.method === 'GET';

/** Where the first key worked before the reset. Only there must a valid key work, and only there does a refusal show that a key is dead. */
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

type Place = Required<Pick<ProbeOptions, 'operation' | 'method'>>;

/**
 * Operations of the user's own host that never get the right key, so the control is the positive control: those with a made-up id and, if
 * UNSAFE_METHODS allows them, unsafe ones. Off loopback only those whose answer would show that a dead key is accepted.
 */
export const withoutRightKey = (subject: Subject): readonly Operation[] =>
  subject.spec.operations.filter(
    (each) =>
      takesBadKeys(each, subject) &&
      !takesRightKey(each, subject) &&
      (isUnsafe(each) || isPlaceholder(each, subject)) &&
      (!subject.gentle || showsAcceptance(each, subject)),
  );

function usernamesFor({ subject: { keys, seed }, first: accepted }: AcceptingProduct, tried: number): readonly Username[] {
  const fine = new Set(
    accepted.rows
      .filter((row) => row.about === 'username' && row.usernameBytes < 100 && row.trial.outcome.kind === 'accepted')
      .map(({ name }) => name),
  );
  const usable = usernames(keys.key, seed).filter(({ name, isKey }) => fine.has(name) && !isKey);
  // The others are spread over the table.
  const first = usable.filter(({ always }) => always).slice(0, tried - 1);
  const others = usable.filter((each) => !first.includes(each));
  const left = Math.min(tried - first.length, others.length);
  return [...first, ...Array.from({ length: left }, (_, index) => others[Math.floor((index * others.length) / left)] as Username)];
}
