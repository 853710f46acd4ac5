/** `npm run verify-reset`: after a person has reset the key, which product accepts which key, until all have switched. */
import '../short-lived.ts';
import { join } from 'node:path';
import { openAsking } from '../ask/asking.ts';
import { factsOf, withFacts } from '../ask/record.ts';
import { recordingsOf } from '../ask/reset-by-hand.ts';
import { type Configuration, readConfiguration, settings } from '../configuration/configuration.ts';
import { urlVariables } from '../configuration/naming.ts';
import { UsageError } from '../configuration/usage.ts';
import { judgeByHand } from '../judge/by-hand.ts';
import { resetRequirements } from '../judge/truth-table.ts';
import type { Secret } from '../keys/secret.ts';
import type { Vault } from '../keys/vault.ts';
import { readKnownDifferences } from '../known/read.ts';
import { listed } from '../listed.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { recordingFolder, writeRecordings } from '../recording/files.ts';
import { preload } from '../report/allure/write.ts';
import type { Run } from '../report/model.ts';
import { wrapped } from '../report/terminal/paint.ts';
import { urlVariable } from '../specifications/variables.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { asksForHelp } from './help.ts';
import { openEnvironment } from './output.ts';
import { publish } from './publishing.ts';
import { runOf } from './run-of.ts';
import type { Running } from './running.ts';
import { inStaging } from './staged.ts';
import { refuseCommonKeys } from './usage.ts';
import { endingLines } from './verify-reset/ending.ts';
import { loginPagesOf } from './verify-reset/login-pages.ts';
import { help, readVerifyResetOptions } from './verify-reset/options.ts';
import { askForKeys } from './verify-reset/prompts.ts';
import { openMemory } from './verify-reset/remembered.ts';
import { watchUntilOver } from './verify-reset/watching.ts';

const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;

async function main(args: readonly string[]): Promise<ExitCode> {
  if (asksForHelp(args)) {
    console.log(help);
    return exitCodes.conforms;
  }
  const { environment, vault } = openEnvironment();
  const options = readVerifyResetOptions(args, isTerminal);
  const known = readKnownDifferences(process.cwd());
  const configured = readConfiguration(environment, isTerminal);
  if (configured.kind === 'embedded' && !isTerminal)
    throw new UsageError([`No host is named. Set ${listed(urlVariables, 'or')} to live (the documented host) or to a URL.`]);
  const configuration = isTerminal ? await asked(configured) : configured;
  if (configuration === undefined) return left();
  const foreign = options.loggedIn.filter((id) => !configuration.products.some((each) => each.id === id));
  if (foreign.length > 0)
    throw new UsageError(foreign.map((id) => `--logged-in ${id}: this product is not watched. Set ${urlVariable(id)} as well.`));
  refuseCommonKeys(configuration);
  const { key, oldKey } = configuration;
  for (const each of [key, oldKey]) if (each !== undefined) vault.add(each);
  return verify(configuration, { ...options, known }, vault, settings(environment, configuration, configuration.seed ?? 0));
}

async function asked(configuration: Configuration): Promise<Configuration | undefined> {
  const { products, key, oldKey } = configuration;
  const named = products.map(({ id, base }) => [id, base === 'live' ? undefined : base.href] as const);
  const answers = await askForKeys({ products: Object.fromEntries(named), oldKey, newKey: key });
  if (answers === undefined) return undefined;
  const chosen = answers.products.map((id) => products.find((each) => each.id === id) ?? { id, base: 'live' as const });
  return { ...configuration, kind: 'own', products: chosen, key: answers.newKey, oldKey: answers.oldKey };
}

type Given = ReturnType<typeof readVerifyResetOptions> & Pick<Run, 'known'>;

async function verify(configuration: Configuration, options: Given, vault: Vault, shown: Run['configuration']): Promise<ExitCode> {
  const { key: newKey, reportsDir } = configuration;
  if (newKey === undefined) throw new UsageError(['ACTIVEPROSPECT_API_KEY is not set. It must hold the new key.']);
  return inStaging(reportsDir, (staging, interrupted) =>
    verifyInto({ staging, interrupted, vault }, { ...configuration, newKey }, options, shown),
  );
}

async function verifyInto(
  { staging, interrupted, vault }: Pick<Running, 'staging' | 'interrupted' | 'vault'>,
  configuration: Configuration & { readonly newKey: Secret },
  { waitMs, loggedIn, known }: Given,
  shown: Run['configuration'],
): Promise<ExitCode> {
  const { newKey, oldKey, reportsDir } = configuration;
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const loading = preload();
  const asking = await openAsking(configuration);
  const memory = openMemory({ folder: process.cwd(), oldKey, newKey, products: asking.products, vault });
  if (memory.since !== undefined) console.log(`Continuing the watch that was started at ${memory.since.toLocaleString()}.`);

  const watched = await watchUntilOver(asking, { configuration, memory, isTerminal, waitMs, loggedIn, interrupted });
  if (watched.resets === 'left') return left(memory.problem);
  const facts = factsOf(asking, {
    command: 'verify-reset',
    name: configuration.runName ?? 'verify-reset',
    startedAt: startedAt.toISOString(),
    configuration: shown,
    requirements: resetRequirements,
    products: asking.subjects.map(({ spec }) => spec.id),
  });
  const recordings = recordingsOf(watched.resets, { subjects: asking.subjects, oldKey });
  const recorded = recordings.map((each) => withFacts(asking, each, facts));
  writeRecordings(join(staging.dir, recordingFolder), recorded);
  const run = runOf(recorded, judgeByHand(recordings), { facts, known, durationMs: Date.now() - startedAt.getTime() });
  await loading;
  const code = await publish(run, { staging, canaries, vault, reportsDir, isInterrupted: interrupted.hasCome });
  if (code === exitCodes.interrupted) return code;
  const lines = [
    ...endingLines(watched.products, loginPagesOf(asking.products)),
    ...(oldKey === undefined ? ['The old key was skipped, so only the new key was checked.'] : []),
  ];
  console.log(['', ...lines.flatMap((line) => (isTerminal ? wrapped(line, process.stdout.columns ?? 80) : [line]))].join('\n'));
  if (code === exitCodes.inconclusive && memory.problem !== undefined) console.error(memory.problem);
  if (code === exitCodes.conforms || code === exitCodes.violates) memory.forget();
  return code;
}

/** `problem`: why what was seen is not remembered. */
function left(problem?: string): ExitCode {
  console.error(`You left. No report was written. ${problem ?? 'Start again to continue.'}`);
  return exitCodes.interrupted;
}

endWith(
  main(process.argv.slice(2)).finally(() => {
    // A call whose answer is no longer needed must not keep the terminal.
    if (isTerminal) process.stdin.unref();
  }),
);
