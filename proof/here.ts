/** `npm run conformance` in this process: the judges are called here instead of by Playwright, which starts two processes more. */
import { judgeAgain } from '../src/commands/again.ts';
import type { ExitCode } from '../src/commands/exit.ts';
import { liveRun } from '../src/commands/live-run.ts';
import { readOptions } from '../src/commands/options.ts';
import { preflight } from '../src/commands/preflight.ts';
import { productsOf } from '../src/commands/running.ts';
import { selectionOf } from '../src/commands/selection.ts';
import type { startTests } from '../src/commands/tested.ts';
import { keysIn, readConfiguration } from '../src/configuration/configuration.ts';
import { readEnvironment, withoutHosts, withoutOurs } from '../src/configuration/environment.ts';
import type { Result } from '../src/judge/check.ts';
import { judgeOf, judges, type Selected } from '../src/judge/judges.ts';
import { createVault } from '../src/keys/vault.ts';
import { openStaging } from '../src/publish/staging.ts';
import { handedOver, stopWaiting } from '../src/recording/handover.ts';
import { inOrder } from '../src/report/fold.ts';
import { type Done, root } from './command.ts';

type Variables = Readonly<Record<string, string>>;

/** Pause before a preflight repeats a call, in ms. */
const pauseMs = 5;

/** Resolves to the exit code and to what would be printed, before keys are masked in it. Not for two runs at a time. */
export async function here(args: readonly string[], variables: Variables): Promise<Done> {
  const environment = readEnvironment({ ...withoutOurs({}), ...variables }, root);
  const options = readOptions(args);
  const { from } = options;
  const configuration = readConfiguration(from === undefined ? environment : withoutHosts(environment));
  if (options.preflight) return within(variables, () => preflight(configuration, { pauseMs }));
  const vault = createVault();
  for (const key of keysIn(environment)) vault.add(key);
  const staging = openStaging(configuration.reportsDir);
  const interrupted = { came: new Promise<never>(() => {}), hasCome: () => false };
  const running = { configuration, options, known: [], earlier: undefined, staging, vault, interrupted };
  const selected = selectionOf(productsOf(configuration), options);
  return within(variables, () =>
    from === undefined ? liveRun({ ...running, environment, selected }, judgedHere) : judgeAgain([from], running, judgedHere),
  ).finally(() => staging.discard());
}

/** Judges as the tests do: each requirement as soon as the recordings that it needs have been handed over. No test records a result. */
const judgedHere: typeof startTests = ({ selected, products, recordings = '' }) => {
  const resultOf = async ({ requirement, product }: Selected): Promise<Result> => {
    const needed = await Promise.all((product === 'account' ? products : [product]).map((each) => handedOver(recordings, each)));
    return judgeOf(judges[requirement].judge).result(needed.map(({ recording }) => recording));
  };
  return { results: [], ended: Promise.all(selected.map(resultOf)).then(inOrder), interrupt: () => stopWaiting(recordings) };
};

/** Runs a command that finds these variables in its environment, except the suite's own, and keeps what it prints. */
async function within(variables: Variables, command: () => Promise<ExitCode>): Promise<Done> {
  const { env, stdout, stderr } = process;
  process.env = { ...env, ...withoutOurs(variables) };
  const streams = [stdout, stderr].map((stream) => ({ stream, write: stream.write }));
  const chunks: string[] = [];
  for (const { stream } of streams)
    stream.write = (chunk: string | Uint8Array): boolean => {
      chunks.push(chunk.toString());
      return true;
    };
  try {
    return { code: await command(), text: chunks.join('') };
  } finally {
    process.env = env;
    for (const { stream, write } of streams) stream.write = write;
  }
}
