/** A run: asks in this process, while another one judges what has been asked. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openAsking } from '../ask/asking.ts';
import { opening } from '../ask/opening.ts';
import { factsOf, type Recordings, record } from '../ask/record.ts';
import { settings } from '../configuration/configuration.ts';
import type { Environment } from '../configuration/environment.ts';
import { historiesFor, type Selected } from '../judge/judges.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { recordingFolder } from '../recording/files.ts';
import { handOverContext } from '../report/allure/context.ts';
import { preload } from '../report/allure/write.ts';
import { withUncheckedProducts } from '../report/unchecked.ts';
import { loadDocumentation } from '../specifications/load.ts';
import type { ExitCode } from './exit.ts';
import { publish } from './publishing.ts';
import { refusedKeys } from './refusal.ts';
import { runOf } from './run-of.ts';
import { leave, productsOf, type Running } from './running.ts';
import { progress } from './screen.ts';
import { selectionOf } from './selection.ts';
import { startTests } from './tested.ts';
import { isCommon } from './usage.ts';

export interface LiveRun extends Running {
  readonly environment: Environment;
  readonly selected: readonly Selected[];
}

/** Asks in this process, while another one judges what has been asked. `start` starts the judging. */
export async function liveRun(
  { configuration, options, known, earlier, selected, environment, staging, vault, interrupted }: LiveRun,
  start = startTests,
): Promise<ExitCode> {
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const folder = join(staging.dir, recordingFolder);
  mkdirSync(folder);
  const products = productsOf(configuration);
  const shown = products.filter((each) => selected.some(({ product }) => product === each || product === 'account'));
  const testing = start({ ...options, selected, products: shown, recordings: folder, staging: staging.dir }, vault);
  const asking = await openAsking(configuration, {
    onKey: (key) => vault.add(key),
    isCommon,
    reset: options.reset,
    environment: Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  }).catch(async (error: unknown) => {
    // A mistake in specs/, usually. The tests, which were started first, end before it is reported.
    testing.interrupt();
    await Promise.allSettled([testing.ended]);
    throw error;
  });
  const adviceOnKey = (): readonly string[] => (asking.keyChanged() ? keyHasChanged : []);
  const screen = progress(process.stdout);
  let showing: NodeJS.Timeout | undefined;
  let recording: Recordings | undefined;
  try {
    const facts = factsOf(asking, {
      command: 'conformance',
      name: configuration.runName,
      startedAt: startedAt.toISOString(),
      configuration: settings(environment, configuration, asking.seed),
      requirements: [...new Set(selectionOf(products, options).map(({ requirement }) => requirement))],
      products: products.filter((each) => options.projects.length === 0 || options.projects.includes(each)),
    });
    handOverContext(folder, { startedAt: facts.startedAt, documentation: loadDocumentation(), known });
    recording = record(asking, (product) => historiesFor(selected, product), folder, facts);
    screen.line(opening(asking, recording.estimate, environment.warnings));
    const requirements = new Set(selected.map(({ requirement }) => requirement));
    const isJudged = (id: string): boolean =>
      selected.filter(({ requirement }) => requirement === id).length ===
      testing.results.filter(({ requirement }) => requirement === id).length;
    showing = setInterval(() => {
      screen.update(asking.tally().requests, [...requirements].filter(isJudged).length, requirements.size);
    }, progressMs).unref();
    // Loaded while the tests still judge what has been asked: earlier, it would keep requests waiting.
    const loading = recording.ended.then(preload, () => undefined);
    const outcome = await Promise.race([Promise.all([testing.ended, recording.ended]), interrupted.came]);
    if (outcome === 'interrupted') {
      asking.stop();
      return await leave(testing, staging, adviceOnKey());
    }
    const [results, recorded] = outcome;
    await loading;
    clearInterval(showing);
    screen.clear();
    const run = runOf(recorded, results, { facts, known, durationMs: Date.now() - startedAt.getTime() });
    const whole = options.shard === undefined ? withUncheckedProducts(run, loadDocumentation()) : run;
    const advice = [...refusedKeys(configuration, results), ...adviceOnKey()];
    const { reportsDir } = configuration;
    const isInterrupted = interrupted.hasCome;
    return await publish(whole, { staging, canaries, vault, reportsDir, earlier, advice, tested: testing.results, isInterrupted });
  } finally {
    clearInterval(showing);
    screen.clear();
    testing.interrupt();
    await asking.close();
    // Until both have ended they write to the folder that is taken away next.
    await Promise.allSettled([testing.ended, recording?.ended]);
  }
}

/** How often the progress on a terminal is updated, in ms. */
const progressMs = 200;

const keyHasChanged = [
  '',
  'The key of the account has changed. ACTIVEPROSPECT_API_KEY still holds the old one:',
  'replace it with the one that RESET_COMMAND printed before the next run.',
] as const;
