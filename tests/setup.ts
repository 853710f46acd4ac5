/**
 * Global setup of a run that was not started by a command: plain `npx playwright test`, or an editor. It opens the target in Playwright's
 * first process, and removes keys from the environment before a worker inherits it.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { type Asking, type Needs, openAsking } from '../src/ask/asking.ts';
import { opening } from '../src/ask/opening.ts';
import { factsOf, record } from '../src/ask/record.ts';
import { readConfiguration, secretNames, settings } from '../src/configuration/configuration.ts';
import { readEnvironment } from '../src/configuration/environment.ts';
import { historiesFor, requirementIds, type Selected } from '../src/judge/judges.ts';
import type { KnownDifference } from '../src/known/known.ts';
import { readKnownDifferences } from '../src/known/read.ts';
import type { RunFacts } from '../src/recording/har.ts';
import { handOverContext } from '../src/report/allure/context.ts';
import { loadDocumentation } from '../src/specifications/load.ts';

interface Opened {
  readonly asking: Asking;
  readonly facts: RunFacts;
  readonly warnings: readonly string[];
  readonly known: readonly KnownDifference[];
  /** Has a folder of recordings for each run, because an editor runs several times in the same process. */
  readonly folder: string;
}
let opened: Opened | undefined;

export default async function setup({ reporter }: FullConfig): Promise<() => Promise<void>> {
  const environment = readEnvironment(process.env, process.cwd());
  const configuration = readConfiguration(environment);
  const known = readKnownDifferences(process.cwd());
  const secrets = secretNames.map((name) => [name, process.env[name]] as const);
  for (const name of secretNames) delete process.env[name];
  const asking = await openAsking(configuration);
  const facts = factsOf(asking, {
    command: 'conformance',
    name: configuration.runName,
    startedAt: new Date().toISOString(),
    configuration: settings(environment, configuration, asking.seed),
    requirements: requirementIds,
    products: asking.subjects.map(({ spec }) => spec.id),
  });
  opened = { asking, facts, known, warnings: environment.warnings, folder: mkdtempSync(join(tmpdir(), 'conformance-')) };
  // Without the suite's own reporter the selected tests are unknown, so everything is asked.
  if (!reporter.some(([name]) => name === require.resolve('./reporter')))
    ask((): ReturnType<Needs> => new Set(['accepted', 'refused', 'reset']));
  return async () => {
    const { folder } = opened as Opened;
    opened = undefined;
    await asking.close();
    rmSync(folder, { recursive: true, force: true });
    // An editor keeps this process and may run the setup again.
    delete process.env.CONFORMANCE_RECORDINGS;
    for (const [name, value] of secrets) if (value !== undefined) process.env[name] = value;
  };
}

/** Called by the reporter when tests have been selected: starts asking what they need while the worker starts. */
export function begin(selected: readonly Selected[]): void {
  ask((product) => historiesFor(selected, product));
}

function ask(needs: Needs): void {
  if (opened === undefined) return;
  const { asking, facts, known, warnings, folder } = opened;
  asking.forget();
  const recordings = mkdtempSync(join(folder, 'run-'));
  process.env.CONFORMANCE_RECORDINGS = recordings;
  handOverContext(recordings, { startedAt: facts.startedAt, documentation: loadDocumentation(), known });
  const { estimate, ended } = record(asking, needs, recordings, facts);
  // Each test that needs a recording reports the error, unless it cannot be handed over either.
  ended.catch((error: unknown) => {
    if (!existsSync(recordings) && error instanceof Error && 'code' in error)
      console.error(`${recordings} cannot be written (${error.code}). Free some space or set TMPDIR to another folder, then run again.`);
  });
  // Not on standard output, which is for reporters.
  console.error(opening(asking, estimate, warnings));
}
