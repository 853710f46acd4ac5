/**
 * The third history: the life of a key, on an account of its own. Before the reset, after it, after a login to this product alone, and
 * after a second reset and login. It comes last, since a reset changes the key under everything else.
 */
import { type Asker, basic, type Named, named, type Trial, word } from '../../src/history/index.ts';
import { type KeyIndex, type Life, type Moment, neverIssuedKey, type Probe } from '../../src/reset/index.ts';
import type { Secret } from '../../src/secret/index.ts';
import type { Operation, ProductId } from '../../src/spec/index.ts';
import { usernames } from '../cases/usernames.ts';
import type { AcceptedHistory } from './accepted.ts';
import { callTo, neverIssued, rotate, type Subject } from './subject.ts';

/** An account that can be reset and logged in with. */
export interface Account {
  /** The key that all products take at the beginning. */
  readonly key: Secret;
  /** Resets the key at ActiveProspect ID; resolves to the new one when that has been answered. */
  reset(): Promise<Secret>;
  /** Logs in to a product; resolves when that has been answered. */
  login(product: ProductId): Promise<void>;
}

/** A stale answer once in 30 calls is seen among so many with 95 %. */
const probesAfterLogin = 90;
/** Over so many connections at once. */
const probingConnections = 5;
const oldConnections = 4;
const usernamesTried = 6;

/** A product that accepts its key, and what is known of how it does. */
export interface Living {
  readonly subject: Subject;
  readonly first: AcceptedHistory;
}

/** Lives a key's life on one product, with the others looking on. `now` is the monotonic clock of the run, in ms. */
export async function life(living: Living, bystanders: readonly Living[], account: Account, now: () => number): Promise<Life> {
  const { subject, first } = living;
  const keys = [account.key];
  const moments: Moment[] = [];
  const probes: Probe[] = [];
  const all = [living, ...bystanders];
  const never = neverIssued(account.key, subject.seed + 1);
  const keyLabel = (key: KeyIndex): string =>
    key === neverIssuedKey ? 'a key that was never issued' : key === 0 ? 'first key' : `key from reset no. ${key}`;
  const secretOf = (key: KeyIndex): Secret => (key === neverIssuedKey ? never : (keys[key] as Secret));

  const ask = async (
    { subject: asked, first: known }: Living,
    key: KeyIndex,
    check: string,
    { on = asked.asker, operation = controlOf(asked, known), username = word(known.control?.username ?? 'API') }: How = {},
  ): Promise<Trial> => {
    const trial = await on.ask(callTo(asked, operation, basic(username, named(keyLabel(key), secretOf(key)), keys.at(-1) as Secret)));
    probes.push({ check, product: asked.spec.id, key, place: `${operation.id} ${username.label}`, trial });
    return trial;
  };
  const table = async (chapter: string, of: readonly Living[], asked: readonly KeyIndex[]): Promise<void> => {
    await Promise.all(
      of.flatMap((each) =>
        [...asked, neverIssuedKey].map((key) => ask(each, key, `${chapter}: ${each.subject.spec.id}, ${keyLabel(key)}`)),
      ),
    );
  };
  const happens = async <T>(moment: { kind: 'reset' } | { kind: 'login'; product: ProductId }, act: () => Promise<T>): Promise<T> => {
    const startedAt = now();
    const result = await act();
    const times = { startedAt, endedAt: now() };
    if (moment.kind === 'login') moments.push({ ...times, ...moment });
    else moments.push({ ...times, kind: 'reset', sameKey: (result as Secret).equals(keys.at(-1) as Secret) });
    return result;
  };
  const reset = async (): Promise<void> => {
    keys.push(await happens({ kind: 'reset' }, () => account.reset()));
  };
  const login = (): Promise<void> => happens({ kind: 'login', product: subject.spec.id }, () => account.login(subject.spec.id));

  // Before the reset: the key works everywhere, and on connections that stay open over all that follows.
  const connections = Array.from({ length: oldConnections }, () => subject.asker.pinned());
  await Promise.all(connections.map((on, index) => ask(living, 0, `before the reset: connection no. ${index + 1}`, { on })));
  await table('before the reset', all, [0]);

  await reset();
  await table('after the reset', all, [0, 1]);

  await login();
  await probeBothKeys(living, ask);
  await Promise.all(
    [0, 1, neverIssuedKey].flatMap((key) => [
      ...(key === neverIssuedKey ? [] : connections).map((on, index) =>
        ask(living, key, `after the login: connection no. ${index + 1} from before the reset, ${keyLabel(key)}`, { on }),
      ),
      ...usernamesFor(subject, first).map(({ name, username }) =>
        ask(living, key, `after the login: username ${name}, ${keyLabel(key)}`, { username }),
      ),
      ...operationsFor(subject, first).map((operation) =>
        ask(living, key, `after the login: ${operation.id}, ${keyLabel(key)}`, { operation }),
      ),
    ]),
  );
  await table('after the login', bystanders, [0, 1]);

  await table('before a second reset', [living], [1]);
  await reset();
  await table('after a second reset', [living], [0, 1, 2]);
  await login();
  await table('after a second login', [living], [0, 1, 2]);
  await Promise.all(connections.map((on) => on.close()));
  return { product: subject.spec.id, moments, probes };
}

/** How much a life sends, all products together. */
export function lifeRequests({ spec }: Subject): { readonly requests: number; readonly wrongKeys: number } {
  const afterLogin = oldConnections + usernamesTried + spec.operations.filter((each) => each.protected).length + probesAfterLogin;
  return { requests: 33 + oldConnections + 2 * afterLogin, wrongKeys: 22 + afterLogin };
}

interface How {
  readonly on?: Pick<Asker, 'ask'>;
  readonly operation?: Operation;
  readonly username?: Named;
}

const controlOf = ({ spec }: Subject, { control }: AcceptedHistory): Operation =>
  spec.operations.find(({ id }) => id === control?.operation) as Operation;

/** Both keys in turn, over several connections, at once after the login. */
async function probeBothKeys(living: Living, ask: (each: Living, key: KeyIndex, check: string, how: How) => Promise<Trial>): Promise<void> {
  const connections = Array.from({ length: probingConnections }, () => living.subject.asker.pinned());
  const rounds = Array.from({ length: probesAfterLogin / probingConnections });
  await Promise.all(
    connections.map(async (on, index) => {
      for (const _round of rounds) {
        // Half of the connections begin with the old key, so that neither key is always asked first.
        for (const key of index % 2 === 0 ? [0, 1] : [1, 0])
          await ask(living, key, `after the login: ${probesAfterLogin} calls with ${key === 0 ? 'the old key' : 'the new key'}`, { on });
      }
      await on.close();
    }),
  );
}

/** Only what worked before is expected to work on, and only that can show that a key is dead. */
const operationsFor = ({ spec }: Subject, first: AcceptedHistory): readonly Operation[] =>
  spec.operations.filter(({ id }) =>
    first.rows.some((row) => row.about === 'operation' && row.operation === id && row.trial.outcome.kind === 'accepted'),
  );

function usernamesFor({ keys, seed }: Subject, first: AcceptedHistory) {
  const fine = new Set(
    first.rows
      .filter((row) => row.about === 'username' && row.usernameBytes < 100 && row.trial.outcome.kind === 'accepted')
      .map(({ name }) => name),
  );
  const usable = usernames(keys.key, seed).filter(({ name }) => fine.has(name) && name !== 'the key itself');
  const next = rotate(usable);
  const step = Math.max(1, Math.floor(usable.length / usernamesTried));
  return Array.from({ length: Math.min(usernamesTried, usable.length) }, () => {
    const each = next();
    for (let skip = 1; skip < step; skip++) next();
    return each;
  });
}
