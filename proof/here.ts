/** Commands in this process. In `npm run conformance` the judges are called here instead of by Playwright, which starts two processes more. */
import { conform } from '../src/commands/conform.ts';
import { type ExitCode, exitCodeOf } from '../src/commands/exit.ts';
import { type Opened, withVault } from '../src/commands/output.ts';
import type { startTests } from '../src/commands/tested.ts';
import { verifyReset } from '../src/commands/verify-reset/verify.ts';
import { readEnvironment, withoutOurs } from '../src/configuration/environment.ts';
import type { Result } from '../src/judge/check.ts';
import { judgeOf, judges, type Selected } from '../src/judge/judges.ts';
import { handedOver, stopWaiting } from '../src/recording/handover.ts';
import { inOrder } from '../src/report/fold.ts';
import { type Done, root } from './command.ts';

type Variables = Readonly<Record<string, string>>;

/** Pause before a preflight repeats a call, in ms. */
const pauseMs = 5;

/** Resolves to the exit code and to what would be printed, before keys are masked in it. Not for two runs at a time. */
export const here = (args: readonly string[], variables: Variables): Promise<Done> =>
  within(variables, (opened) => conform(args, opened, { start: judgedHere, pauseMs }));

/** The same for `npm run verify-reset`, without a terminal. */
export const verifyResetHere = (args: readonly string[], variables: Variables): Promise<Done> =>
  within(variables, (opened) => verifyReset(args, opened, false));

/** Judges as the tests do: each requirement as soon as the recordings that it needs have been handed over. No test records a result. */
const judgedHere: typeof startTests = ({ selected, products, recordings = '' }) => {
  const resultOf = async ({ requirement, product }: Selected): Promise<Result> => {
    const needed = await Promise.all((product === 'account' ? products : [product]).map((each) => handedOver(recordings, each)));
    return judgeOf(judges[requirement].judge).result(needed.map(({ recording }) => recording));
  };
  return { results: [], ended: Promise.all(selected.map(resultOf)).then(inOrder), interrupt: () => stopWaiting(recordings) };
};

/** A command would end in order at each of them. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command that finds these variables in its environment, except the suite's own, and keeps what it prints. */
async function within(variables: Variables, command: (opened: Opened) => Promise<ExitCode>): Promise<Done> {
  const { env, stdout, stderr } = process;
  const listening = signals.map((signal) => process.listeners(signal));
  process.env = { ...env, ...withoutOurs(variables) };
  const streams = [stdout, stderr].map((stream) => ({ stream, write: stream.write }));
  const chunks: string[] = [];
  for (const { stream } of streams)
    stream.write = (chunk: string | Uint8Array): boolean => {
      chunks.push(chunk.toString());
      return true;
    };
  try {
    const code = await command(withVault(readEnvironment({ ...withoutOurs({}), ...variables }, root)));
    return { code, text: chunks.join('') };
  } catch (error) {
    return { code: exitCodeOf(error), text: chunks.join('') };
  } finally {
    process.env = env;
    for (const [index, signal] of signals.entries())
      for (const each of process.listeners(signal)) if (!listening[index]?.includes(each)) process.off(signal, each);
    for (const { stream, write } of streams) stream.write = write;
  }
}
