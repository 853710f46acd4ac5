/** `npm run conformance`: every requirement against the target; writes the reports, prints the table, and decides the exit code. */

import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openAsking } from '../ask/asking.ts';
import { opening } from '../ask/opening.ts';
import { record } from '../ask/record.ts';
import { type Configuration, keysIn, readConfiguration, settings } from '../configuration/configuration.ts';
import { type Environment, readEnvironment } from '../configuration/environment.ts';
import { UsageError } from '../configuration/usage.ts';
import { proxyFor } from '../http/proxy.ts';
import type { Result } from '../judge/check.ts';
import { historiesFor, type Selected } from '../judge/judges.ts';
import { occursIn } from '../keys/masker.ts';
import { createVault, type Vault } from '../keys/vault.ts';
import { readKnownDifferences } from '../known/read.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { openStaging, type Staging } from '../publish/staging.ts';
import { preload } from '../report/allure/write.ts';
import { blankReport } from '../report/blank.ts';
import type { Run } from '../report/model.ts';
import { timelineOf } from '../report/timeline.ts';
import { withUncheckedProducts } from '../report/unchecked.ts';
import { loadDocumentation, loadProducts } from '../specifications/load.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { help, type Options, readOptions } from './options.ts';
import { maskOutput } from './output.ts';
import { runPlaywright, taken } from './playwright.ts';
import { publish } from './publishing.ts';
import { refusedKeys } from './refusal.ts';
import { progress } from './screen.ts';
import { selectionOf } from './selection.ts';
import { mergedRun, refuseEmpty, shardSeed, unitsOf, writePart } from './shard.ts';
import { startTests, type Testing } from './tested.ts';

async function main(args: readonly string[]): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help);
    return exitCodes.conforms;
  }
  const environment = readEnvironment({ ...process.env, ...taken }, process.cwd());
  const vault = createVault();
  for (const key of keysIn(environment)) vault.add(key);
  maskOutput(vault);
  const configured = readConfiguration(environment);
  const named = configured.products.length === 0 ? productIds : configured.products.map(({ id }) => id);
  const units = [...named, 'account' as const];
  const options = readOptions(args, units);
  // All parts of a run ask the same.
  const configuration = options.shard === undefined ? configured : { ...configured, seed: configured.seed ?? shardSeed };
  const asked = units.filter((each) => options.projects.length === 0 || options.projects.includes(each));
  if (options.shard !== undefined) refuseEmpty(asked, options.shard);
  refuseHalfAReset(configuration, options);
  const known = readKnownDifferences(process.cwd());
  refuseCommonKeys(configuration);
  refuseProxies(configuration);
  if (options.preflight) {
    // Loaded where it is wanted: it brings with it all that sends. (`import()` would not find TypeScript here; without an extension, since packed it is JavaScript.)
    const { preflight } = require('./preflight') as typeof import('./preflight.ts');
    return preflight(configuration);
  }
  const staging = openStaging(resolve(configuration.reportsDir));
  try {
    const projects = options.shard === undefined ? options.projects : unitsOf(asked, options.shard);
    const selected = selectionOf(named, { ...options, projects });
    if (options.list) return await list(selected, named, staging, vault);
    if (options.merge.length > 0) return await merge(mergedRun(options.merge, known), configuration, staging, vault);
    return await conformance({ configuration, options, known, units: asked, selected, environment, staging, vault });
  } finally {
    await staging.discard();
  }
}

/** @throws UsageError where a key is to be reset and nobody knows how. */
function refuseHalfAReset({ kind, commands }: Configuration, { reset }: Options): void {
  if (!reset || kind === 'embedded' || commands !== undefined) return;
  throw new UsageError([
    '--reset needs both RESET_COMMAND, which resets the key and prints the new one, and LOGIN_COMMAND, which logs in to the product named in $PRODUCT.',
  ]);
}

/** @throws UsageError where calls would go through a proxy that is named in a way that cannot be meant. */
function refuseProxies({ products }: Configuration): void {
  for (const { id, base } of products) {
    try {
      proxyFor(base === 'live' ? new URL(loadProducts()[id].server) : base, process.env);
    } catch (error) {
      throw new UsageError([error instanceof Error ? error.message : 'The proxy cannot be used.']);
    }
  }
}

/** @throws UsageError for a key that every report holds anyway, so that nobody could tell whether it got out. */
function refuseCommonKeys({ key, oldKey }: Configuration): void {
  const keys = { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: oldKey };
  if (key === undefined && oldKey === undefined) return;
  const blank = blankReport(loadDocumentation());
  const common = Object.entries(keys).flatMap(([name, each]) => (each !== undefined && occursIn(each, blank) ? [name] : []));
  if (common.length === 0) return;
  throw new UsageError(
    common.map(
      (name) =>
        `${name} is so common a text that every report contains it, so reports could not be searched for it: give the mock (or the account) another key.`,
    ),
  );
}

async function list(selected: readonly Selected[], products: readonly ProductId[], staging: Staging, vault: Vault): Promise<ExitCode> {
  const listing = { selected, products, reporters: [], trace: undefined, recordings: undefined, staging: staging.dir };
  const { exitCode, errors } = await runPlaywright(listing, vault, () => {}).ended;
  process.stderr.write(errors);
  return exitCode === 0 ? exitCodes.conforms : exitCodes.failed;
}

/** Nothing is asked: parts are put together, judged as one and published. */
async function merge(run: Run, { reportsDir }: Configuration, staging: Staging, vault: Vault): Promise<ExitCode> {
  return publish(withUncheckedProducts(run, loadDocumentation()), { staging, canaries: plantCanaries(staging.dir), vault, reportsDir });
}

interface Running {
  readonly configuration: Configuration;
  readonly options: Options;
  readonly known: Run['known'];
  /** Of the whole run, of which this may be a part. */
  readonly units: readonly Result['product'][];
  readonly selected: readonly Selected[];
  readonly environment: Environment;
  readonly staging: Staging;
  readonly vault: Vault;
}

/** Asks in this process, while another one judges what has been asked. */
async function conformance({ configuration, options, known, units, selected, environment, staging, vault }: Running): Promise<ExitCode> {
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const recordings = join(staging.dir, 'recording');
  mkdirSync(recordings);
  const products = configuration.products.length === 0 ? productIds : configuration.products.map(({ id }) => id);
  const testing = startTests({ ...options, selected, products, recordings, staging: staging.dir }, vault);
  const asking = await openAsking(configuration, {
    onKey: (key) => vault.add(key),
    reset: options.reset,
    environment: Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  });
  const { estimate, recordings: recorded } = record(asking, (product) => historiesFor(selected, product), recordings);
  const screen = progress(process.stdout);
  screen.line(opening(asking, estimate, environment.warnings));
  const showing = setInterval(() => screen.update(asking.tally().requests, testing.results.length, selected.length), progressMs).unref();
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
  // Loaded while the tests run: the page is made in this process.
  const loading = preload();
  try {
    const outcome = await Promise.race([Promise.all([testing.ended, recorded]), interrupted]);
    if (outcome === 'interrupted') return await leave(testing, staging);
    const [results, all] = outcome;
    const { requests, wrongKeys } = asking.tally();
    const run: Run = {
      command: 'conformance',
      name: configuration.runName,
      seed: asking.seed,
      target: { kind: configuration.kind, products: asking.products },
      results,
      requests,
      wrongKeys,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      configuration: settings(environment, configuration, asking.seed),
      known,
      timelines: all.flatMap(({ life }) => (life && timelineOf(life)) ?? []),
    };
    await loading;
    removeLeftovers(staging.dir);
    if (options.shard !== undefined) writePart(staging.dir, options.shard, units, run);
    const whole = options.shard === undefined ? withUncheckedProducts(run, loadDocumentation()) : run;
    screen.clear();
    const code = await publish(whole, { staging, canaries, vault, reportsDir: configuration.reportsDir });
    for (const line of refusedKeys(configuration, results)) console.log(line);
    if (asking.keyChanged()) console.log(keyHasChanged);
    return code;
  } finally {
    clearInterval(showing);
    screen.clear();
    testing.interrupt();
    await asking.close();
  }
}

/** How often a terminal is told how far the run is, in ms. */
const progressMs = 200;

/** What is still being asked is not waited for. */
async function leave(testing: Testing, staging: Staging): Promise<never> {
  testing.interrupt();
  await staging.discard();
  process.stderr.write('Interrupted. The reports of the last run that ended are untouched.\n');
  process.exit(exitCodes.interrupted);
}

/** Playwright leaves its own notes, and a folder for each test, whether anything is put there or not. */
function removeLeftovers(staging: string): void {
  rmSync(join(staging, 'playwright', 'artifacts', '.last-run.json'), { force: true });
  removeEmpty(join(staging, 'playwright'));
}

function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

const keyHasChanged = `
The key of the account has changed. The new one is where your RESET_COMMAND has put it; ACTIVEPROSPECT_API_KEY holds the old one.`;

endWith(main(process.argv.slice(2)));
