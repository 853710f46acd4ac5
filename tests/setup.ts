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
import { factsOf, type Recordings, record } from '../src/ask/record.ts';
import { type Configuration, readConfiguration, secretNames, settings } from '../src/configuration/configuration.ts';
import { type Environment, readEnvironment } from '../src/configuration/environment.ts';
import { historiesFor, requirementIds, type Selected } from '../src/judge/judges.ts';
import type { KnownDifference } from '../src/known/known.ts';
import { readKnownDifferences } from '../src/known/read.ts';
import { stopWaiting } from '../src/recording/handover.ts';
import { handOverContext } from '../src/report/allure/context.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { isSystemError } from '../src/system-error.ts';

/** The recordings of each run are in a folder of their own, because an editor runs several times in the same process. */
interface Opened {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly known: readonly KnownDifference[];
  readonly folder: string;
  /** The run. */
  asking: Promise<Asking>;
  /** It has been asked, so the next run needs one of its own. */
  isAsked: boolean;
}
let opened: Opened | undefined;

export default async function setup({ reporter }: FullConfig): Promise<() => Promise<void>> {
  const environment = readEnvironment(process.env, process.cwd());
  const configured = readConfiguration(environment);
  const known = readKnownDifferences(process.cwd());
  const secrets = secretNames.map((name) => [name, process.env[name]] as const);
  for (const name of secretNames) delete process.env[name];
  const asking = await openAsking(configured);
  opened = {
    configuration: { ...configured, seed: asking.seed },
    environment,
    known,
    folder: mkdtempSync(join(tmpdir(), 'conformance-')),
    asking: Promise.resolve(asking),
    isAsked: false,
  };
  // Without the suite's own reporter the selected tests are unknown, so everything is asked.
  if (!reporter.some(([name]) => name === require.resolve('./reporter')))
    void ask((): ReturnType<Needs> => new Set(['accepted', 'refused', 'reset']));
  return async () => {
    const { folder, asking: newest } = opened as Opened;
    opened = undefined;
    await (await newest).close();
    rmSync(folder, { recursive: true, force: true });
    // An editor keeps this process and may run the setup again.
    delete process.env.CONFORMANCE_RECORDINGS;
    for (const [name, value] of secrets) if (value !== undefined) process.env[name] = value;
  };
}

/** Called by the reporter when tests have been selected: starts asking what they need while the worker starts. */
export function begin(selected: readonly Selected[]): void {
  void ask((product) => historiesFor(selected, product));
}

/** Called by the reporter when the tests have ended or were stopped: nothing more is sent. */
export const end = async (): Promise<void> => (await opened?.asking)?.stop();

/** Sets `CONFORMANCE_RECORDINGS` at once, which the worker inherits. */
async function ask(needs: Needs): Promise<void> {
  if (opened === undefined) return;
  const recordings = mkdtempSync(join(opened.folder, 'run-'));
  process.env.CONFORMANCE_RECORDINGS = recordings;
  try {
    const { ended } = await begun(opened, needs, recordings);
    // Each test that needs a recording reports the error, unless it cannot be handed over either.
    await ended.catch((error: unknown) => {
      if (!existsSync(recordings)) throw error;
    });
  } catch (error) {
    stopWaiting(recordings);
    if (!isSystemError(error)) console.error(error);
    else console.error(`${recordings} cannot be written (${error.code}). Free some space or set TMPDIR to another folder, then run again.`);
  }
}

async function begun(run: Opened, needs: Needs, recordings: string): Promise<Recordings> {
  const { configuration, environment, known } = run;
  if (run.isAsked) run.asking = run.asking.then((before) => before.close()).then(() => openAsking(configuration));
  run.isAsked = true;
  const asking = await run.asking;
  const facts = factsOf(asking, {
    command: 'conformance',
    name: configuration.runName,
    startedAt: new Date().toISOString(),
    configuration: settings(environment, configuration, asking.seed),
    requirements: requirementIds,
    products: asking.subjects.map(({ spec }) => spec.id),
  });
  handOverContext(recordings, { startedAt: facts.startedAt, documentation: loadDocumentation(), known });
  const recording = record(asking, needs, recordings, facts);
  // Not on standard output, which is for reporters.
  console.error(opening(asking, recording.estimate, environment.warnings));
  return recording;
}
