/**
 * The third history: the life of a key. On the embedded host each product has one, on an account of its own. It comes last, since a reset
 * changes the key under everything else.
 */
import { type KeyIndex, type Life, neverIssuedKey } from '../../src/reset/index.ts';
import type { Operation } from '../../src/spec/index.ts';
import { usernames } from '../cases/usernames.ts';
import { type Account, type Around, createRecorder, keyLabel, type Living, type Recorder } from './recorder.ts';
import { rotate, type Subject } from './subject.ts';

/**
 * Of a stale answer once in 30 calls, 90 see one with 95 %: these and what is asked everywhere else; of one node of five that is stale, 14 connections meet it with 95 %, whatever
 * connection goes to which node: these and those that were open before the reset.
 */
export const aroundLogin: Around = { keys: [0, 1], meanwhile: [0, 1], connections: 10, before: 1, after: 8, pauseMs: 20 };
const aroundReset: Around = { keys: [0], meanwhile: [0], connections: 2, before: 1, after: 1, pauseMs: 20 };
const oldConnections = 4;
const usernamesTried = 5;
/** Answers that are needed before the login and after it, or nothing is told. */
export const leastAnswers: Life['least'] = { before: 5, after: 20 };

/** Lives a key's life on one product, with the others looking on. `now` is the monotonic clock of the run, in ms. */
export async function life(living: Living, bystanders: readonly Living[], account: Account, now: () => number): Promise<Life> {
  const { subject } = living;
  const product = subject.spec.id;
  const all = [living, ...bystanders];
  const recorder = createRecorder(account, subject.seed, now);
  const { ask, table, reset, login, around } = recorder;

  // The key works everywhere, and on connections that stay open over all that follows.
  const connections = Array.from({ length: oldConnections }, () => subject.asker.pinned());
  await Promise.all(connections.map((on, index) => ask(living, 0, `before the reset: connection no. ${index + 1}`, { on })));
  await table('before the reset', all, [0]);

  await around('around the reset', living, aroundReset, reset);
  await table('after the reset', all, [0, 1]);

  await around('around the login', living, aroundLogin, () => login(product));
  await Promise.all([
    ...[0, 1].flatMap((key) =>
      connections.map((on, index) =>
        ask(living, key, `after the login: connection no. ${index + 1} from before the reset, ${keyLabel(key)}`, { on }),
      ),
    ),
    everywhere(recorder, living, [0, 1, neverIssuedKey], usernamesTried),
  ]);
  await table('after the login', bystanders, [0, 1]);

  // What happens to others now is none of this product's business.
  for (const each of bystanders) await login(each.subject.spec.id);
  await table('after the logins to the others', [living], [0, 1]);

  await reset();
  await reset();
  await table('after two more resets', [living], [0, 1, 2, 3]);
  await login(product);
  await table('after another login', [living], [0, 1, 2, 3]);
  await Promise.all(connections.map((on) => on.close()));
  return { product, moments: recorder.moments, probes: recorder.probes, least: leastAnswers };
}

/** After the login, with these keys: so many usernames, and every resource and method, as far as the first key worked with them. */
export async function everywhere(recorder: Recorder, living: Living, keys: readonly KeyIndex[], names: number): Promise<void> {
  await Promise.all(
    keys.flatMap((key) => [
      ...usernamesFor(living, names).map(({ name, username }) =>
        recorder.ask(living, key, `after the login: username ${name}, ${keyLabel(key)}`, { username }),
      ),
      ...operationsFor(living).map((operation) =>
        recorder.ask(living, key, `after the login: ${operation.id}, ${keyLabel(key)}`, { operation }),
      ),
    ]),
  );
}

/** How much a life sends, all products together. */
export function lifeRequests({ spec }: Subject): { readonly requests: number; readonly wrongKeys: number } {
  const { connections, before, after } = aroundLogin;
  const probes = connections * (before + 1 + after);
  const there = usernamesTried + spec.operations.filter((each) => each.protected).length;
  const tables = 40 + aroundReset.connections * 3;
  return { requests: tables + 3 * oldConnections + 2 * probes + 3 * there, wrongKeys: 26 + oldConnections + probes + 2 * there };
}

/** Only what worked before is expected to work on, and only that can show that a key is dead. */
const operationsFor = ({ subject: { spec }, first }: Living): readonly Operation[] =>
  spec.operations.filter(({ id }) =>
    first.rows.some((row) => row.about === 'operation' && row.operation === id && row.trial.outcome.kind === 'accepted'),
  );

function usernamesFor({ subject: { keys, seed }, first }: Living, tried: number) {
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
