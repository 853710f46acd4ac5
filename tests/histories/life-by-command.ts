/**
 * The third history on a host of the user's own: its one account is reset and logged in with by commands. Once, after all else, and all
 * products together, since they have one key.
 */
import { CommandFailed, type KeyIndex, type Life } from '../../src/reset/index.ts';
import { aroundLogin, everywhere, leastAnswers } from './life.ts';
import { type Account, type Around, createRecorder, type Living } from './recorder.ts';
import type { Subject } from './subject.ts';

/** Off loopback a login is looked at less closely: of a stale answer once in 10 calls, 30 see one with 95 %. A new key is not tried early. */
const gently: Around = { keys: [0, 1], meanwhile: [0], connections: 3, before: 2, after: 10, pauseMs: 1000 };
const usernamesTried = { gentle: 2, else: 6 };

/** A life for each product, of the one account. `now` is the monotonic clock of the run, in ms. */
export async function lifeByCommand(all: readonly Living[], account: Account, now: () => number): Promise<readonly Life[]> {
  const [{ subject }] = all as [Living];
  const recorder = createRecorder(account, subject.seed, now);
  const { table, look, reset, login, around } = recorder;
  let failed: Life['failed'];
  /** Where it fails, the keys that are known then tell in which state the account was left. */
  const attempt = async (act: () => Promise<void>, known: readonly KeyIndex[]): Promise<void> => {
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
  for (const living of all) {
    if (failed !== undefined) break;
    const { id } = living.subject.spec;
    const others = all.filter((each) => each !== living);
    const plan = living.subject.gentle ? gently : aroundLogin;
    await attempt(() => around(`around the login to ${id}`, living, plan, () => login(id)), [0, 1]);
    if (failed !== undefined) break;
    await everywhere(recorder, living, [0, 1], living.subject.gentle ? usernamesTried.gentle : usernamesTried.else);
    await table(`after the login to ${id}`, others, [0, 1]);
  }
  const { moments, probes } = recorder;
  return all.map(({ subject: { spec } }) => ({
    product: spec.id,
    moments,
    probes,
    least: leastAnswers,
    ...(failed === undefined ? {} : { failed }),
  }));
}

/** How much it sends to each product; how often while a command runs is not known. */
export function lifeByCommandRequests(
  { spec, gentle }: Subject,
  products: number,
): { readonly requests: number; readonly wrongKeys: number } {
  const { connections, before, after } = gentle ? gently : aroundLogin;
  const there = (gentle ? usernamesTried.gentle : usernamesTried.else) + spec.operations.filter((each) => each.protected).length;
  const tables = 2 + 3 + 3 * (products - 1);
  return {
    requests: tables + connections * (before + 2 * after) + 2 * there,
    wrongKeys: 1 + 2 + 2 * (products - 1) + connections * after + there,
  };
}
