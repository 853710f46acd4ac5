/** A run of `verify-reset`: watches the products until all have switched, then judges and publishes what was seen. */
import { join } from 'node:path';
import { openAsking } from '../../ask/asking.ts';
import { factsOf, withFacts } from '../../ask/record.ts';
import { recordingsOf } from '../../ask/reset-by-hand.ts';
import { type Configuration, settings } from '../../configuration/configuration.ts';
import type { Environment } from '../../configuration/environment.ts';
import { judgeByHand } from '../../judge/by-hand.ts';
import { resetRequirements } from '../../judge/truth-table.ts';
import type { Secret } from '../../keys/secret.ts';
import { plantCanaries } from '../../publish/canaries.ts';
import { recordingFolder, writeRecordings } from '../../recording/files.ts';
import { minute } from '../../report/headline.ts';
import { wrapped } from '../../report/terminal/paint.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { publish } from '../publishing.ts';
import { runOf } from '../run-of.ts';
import type { Running } from '../running.ts';
import { endingLines, left } from './ending.ts';
import { loginPagesOf } from './login-pages.ts';
import type { VerifyResetOptions } from './options.ts';
import { openMemory } from './remembered.ts';
import { watchUntilOver } from './watching.ts';

interface WatchedRun extends VerifyResetOptions, Pick<Running, 'known' | 'staging' | 'vault' | 'interrupted'> {
  readonly configuration: Configuration & { readonly newKey: Secret };
  readonly environment: Environment;
  readonly isTerminal: boolean;
}

/** Until all products have switched, the time is up, or the person has left. */
export async function watchedRun({
  configuration,
  waitMs,
  loggedIn,
  environment,
  known,
  staging,
  vault,
  interrupted,
  isTerminal,
}: WatchedRun): Promise<ExitCode> {
  const { newKey, oldKey, reportsDir } = configuration;
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const asking = await openAsking(configuration);
  const memory = openMemory({ folder: process.cwd(), oldKey, newKey, products: asking.products, vault });
  if (memory.since !== undefined) console.log(`Continuing the watch that was started at ${minute(memory.since.toISOString())}.`);

  const watched = await watchUntilOver(asking, { configuration, memory, isTerminal, waitMs, loggedIn, interrupted });
  if (watched.resets === 'left') return left(memory.problem);
  const facts = factsOf(asking, {
    command: 'verify-reset',
    name: configuration.runName ?? 'verify-reset',
    startedAt: startedAt.toISOString(),
    configuration: settings(environment, configuration, asking.seed),
    requirements: resetRequirements,
    products: asking.subjects.map(({ spec }) => spec.id),
  });
  const recordings = recordingsOf(watched.resets, { subjects: asking.subjects, oldKey });
  const recorded = recordings.map((each) => withFacts(asking, each, facts));
  writeRecordings(join(staging.dir, recordingFolder), recorded);
  const run = runOf(recorded, judgeByHand(recordings), { facts, known, durationMs: Date.now() - startedAt.getTime() });
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
