/**
 * The third history on the user's own host: RESET_COMMAND resets the key of its one account, LOGIN_COMMAND logs in to each product. It runs
 * once, after everything else, and for all products together, because they share one key.
 */
import { type KeyIndex, type KeyReset, neverIssuedKey } from '../recording/reset.ts';
import { CommandFailed } from './commands.ts';
import { type AcceptingProduct, type Account, type Around, createRecorder } from './recorder.ts';
import { aroundLogin, everywhere, isProtectedGet, leastAnswers, type ResetClock, settle, withoutRightKey } from './reset.ts';
import { type Subject, takesRightKey } from './subject.ts';

/**
 * Off loopback fewer calls go around a login: 30 of them have a 95 % chance of catching a host that is stale once in 10 calls. The new key is
 * not tried early.
 */
const gently: Around = { keys: [0, 1], meanwhile: [0], connections: 3, before: 2, rounds: 4, pauseMs: 1000, after: 10 };
const usernamesTried = { gentle: 2, else: 6 };

/** A history for each product, of the one reset of the account. */
export async function resetByCommand(all: readonly AcceptingProduct[], account: Account, clock: ResetClock): Promise<readonly KeyReset[]> {
  const [{ subject }] = all as [AcceptingProduct];
  const recorder = createRecorder(account, subject.seed, clock.now);
  const { table, look, reset, login, around } = recorder;
  let failed: KeyReset['failed'];
  /** If a command fails, calls with the keys known by then show in which state the account was left. */
  const attempt = async (act: () => Promise<void>, known: readonly KeyIndex[]): Promise<void> => {
    // The command may call the same host, which may serve only a few connections at once.
    for (const each of all) each.subject.asker.closeIdle();
    try {
      await act();
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      failed = { command: error.command, message: error.message, since: await look(all, known) };
    }
  };

  await table('before the reset', all, [0]);
  await attempt(reset, [0]);
  if (failed === undefined) await table('after the reset', all, [0, 1]);
  for (const accepting of all) {
    if (failed !== undefined) break;
    const { id } = accepting.subject.spec;
    const others = all.filter((each) => each !== accepting);
    const plan = accepting.subject.gentle ? gently : aroundLogin;
    await attempt(() => around(`around the login to ${id}`, accepting, plan, () => login(id)), [0, 1]);
    if (failed !== undefined) break;
    const { gentle } = accepting.subject;
    await everywhere(recorder, accepting, keysEverywhere(gentle), gentle ? usernamesTried.gentle : usernamesTried.else);
    await table(`after the login to ${id}`, others, [0, 1]);
  }
  if (failed === undefined) {
    await settle(clock.now(), clock);
    await table('at the end', all, [0, 1]);
  }
  const { moments, probes, narrowed } = recorder;
  return all.map(({ subject: { spec } }) => ({
    product: spec.id,
    moments,
    probes,
    narrowed: narrowed.filter((each) => each.product === spec.id),
    least: leastAnswers,
    ...(failed === undefined ? {} : { failed }),
  }));
}

/** Off loopback, a key that was never issued is not tried on every resource. */
const keysEverywhere = (gentle: boolean): readonly KeyIndex[] => (gentle ? [0, 1] : [0, 1, neverIssuedKey]);

/** The most that it sends to each product. A command that takes long leaves time for more rounds of calls. */
export function resetByCommandRequests(subject: Subject, products: number): { readonly requests: number; readonly wrongKeys: number } {
  const { spec, gentle } = subject;
  const plan = gentle ? gently : aroundLogin;
  const { connections, before, rounds, after } = plan;
  const places = spec.operations.filter((each) => takesRightKey(each, subject));
  const heads = gentle ? 1 : places.filter(isProtectedGet).length;
  const there = (gentle ? usernamesTried.gentle : usernamesTried.else) + places.length + heads;
  const dead = 2 * withoutRightKey(subject).length;
  const tables = 2 + 3 + 3 * (products - 1) + 3;
  const keys = keysEverywhere(gentle).length;
  const around = plan.meanwhile.length * connections * (before + rounds) + plan.keys.length * connections * after;
  const early = plan.meanwhile.includes(1) ? connections * (before + rounds) : 0;
  return {
    requests: tables + around + keys * there + dead,
    wrongKeys: 1 + 2 + 2 * (products - 1) + 2 + early + connections * after + (keys - 1) * there + dead,
  };
}
