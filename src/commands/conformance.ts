/** `npm run conformance`: every requirement against the target; writes the reports, prints the table, and decides the exit code. */

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { openAsking } from '../ask/asking.ts';
import { opening } from '../ask/opening.ts';
import { record } from '../ask/record.ts';
import { type Configuration, keysIn, readConfiguration, settings } from '../configuration/configuration.ts';
import { type Environment, readEnvironment, withoutHosts } from '../configuration/environment.ts';
import { UsageError } from '../configuration/usage.ts';
import { proxyFor } from '../http/proxy.ts';
import { judgeByHand } from '../judge/by-hand.ts';
import type { Result } from '../judge/check.ts';
import { historiesFor, type Selected } from '../judge/judges.ts';
import { occursIn } from '../keys/masker.ts';
import { createVault, type Vault } from '../keys/vault.ts';
import { readKnownDifferences } from '../known/read.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { openStaging, type Staging } from '../publish/staging.ts';
import { recordingFolder, writeRecordings } from '../recording/files.ts';
import type { RunFacts } from '../recording/har.ts';
import { isBystander, joinRecordings } from '../recording/join.ts';
import { readRecordings } from '../recording/read.ts';
import { handOverContext } from '../report/allure/context.ts';
import { preload } from '../report/allure/write.ts';
import { blankReport } from '../report/blank.ts';
import { inOrder } from '../report/fold.ts';
import type { Run } from '../report/model.ts';
import { withUncheckedProducts } from '../report/unchecked.ts';
import { loadDocumentation, loadProducts } from '../specifications/load.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { help, type Options, readOptions } from './options.ts';
import { maskOutput } from './output.ts';
import { type PlayOptions, runPlaywright, taken } from './playwright.ts';
import { publish } from './publishing.ts';
import { refusedKeys } from './refusal.ts';
import { runOf } from './run-of.ts';
import { progress } from './screen.ts';
import { selectionOf } from './selection.ts';
import { lost, productsIn, refuseEmpty, sameRun, shardSeed } from './shard.ts';
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
  const options = readOptions(args);
  const again = options.from === undefined ? options.merge : [options.from];
  const configured = readConfiguration(again.length > 0 ? withoutHosts(environment) : environment);
  const named = productsOf(configured);
  const { shard } = options;
  refuseProjects(options, again.length > 0 ? productIds : named);
  const asked = named.filter((each) => options.projects.length === 0 || options.projects.includes(each));
  if (shard !== undefined) refuseEmpty(asked, shard);
  // All parts of a run ask the same.
  const configuration = shard === undefined ? configured : { ...configured, seed: configured.seed ?? shardSeed };
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
    if (again.length > 0) return await judgeAgain(again, { configuration, options, known, staging, vault });
    // What belongs to the account is judged when the parts are put together.
    const selected = selectionOf(named, shard === undefined ? options : { ...options, projects: productsIn(asked, shard) });
    if (options.list) return await list(selected, named, staging, vault);
    return await conformance({ configuration, options, known, selected, environment, staging, vault });
  } finally {
    await staging.discard();
  }
}

/** @throws UsageError for a product that is not tested. */
function refuseProjects({ projects }: Options, products: readonly ProductId[]): void {
  const known = [...products, 'account'];
  const problems = projects.filter((each) => !known.includes(each)).map((each) => `--project ${each}: not one of ${known.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
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

interface Running {
  readonly configuration: Configuration;
  readonly options: Options;
  readonly known: Run['known'];
  readonly selected: readonly Selected[];
  readonly environment: Environment;
  readonly staging: Staging;
  readonly vault: Vault;
}

/** Asks in this process, while another one judges what has been asked. */
async function conformance({ configuration, options, known, selected, environment, staging, vault }: Running): Promise<ExitCode> {
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const folder = join(staging.dir, recordingFolder);
  mkdirSync(folder);
  const products = productsOf(configuration);
  const shown = products.filter((each) => selected.some(({ product }) => product === each || product === 'account'));
  const testing = startTests({ ...options, selected, products: shown, recordings: folder, staging: staging.dir }, vault);
  const asking = await openAsking(configuration, {
    onKey: (key) => vault.add(key),
    reset: options.reset,
    environment: Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  });
  const facts: RunFacts = {
    suite: version,
    command: 'conformance',
    name: configuration.runName,
    startedAt: startedAt.toISOString(),
    clockZero: Date.now() - performance.now(),
    kind: configuration.kind,
    seed: asking.seed,
    configuration: settings(environment, configuration, asking.seed),
    requirements: [...new Set(selectionOf(products, options).map(({ requirement }) => requirement))],
    products: products.filter((each) => options.projects.length === 0 || options.projects.includes(each)),
  };
  handOverContext(folder, { startedAt: facts.startedAt, documentation: loadDocumentation(), known });
  const recording = record(asking, (product) => historiesFor(selected, product), folder, facts);
  const screen = progress(process.stdout);
  screen.line(opening(asking, recording.estimate, environment.warnings));
  const showing = setInterval(() => screen.update(asking.tally().requests, testing.results.length, selected.length), progressMs).unref();
  // Loaded while the tests run: the page is made in this process.
  const loading = preload();
  try {
    const outcome = await Promise.race([Promise.all([testing.ended, recording.ended]), interruption()]);
    if (outcome === 'interrupted') return await leave(testing, staging);
    const [results, recorded] = outcome;
    await loading;
    screen.clear();
    const run = runOf(recorded, results, { facts, known, durationMs: Date.now() - startedAt.getTime() });
    const whole = options.shard === undefined ? withUncheckedProducts(run, loadDocumentation()) : run;
    const code = await publish(whole, { staging, canaries, vault, reportsDir: configuration.reportsDir, tested: results });
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

/** Judges again what earlier runs recorded, of one folder or joined from several; nothing is sent. */
async function judgeAgain(
  folders: readonly string[],
  { configuration, options, known, staging, vault }: Omit<Running, 'selected' | 'environment'>,
): Promise<ExitCode> {
  const startedAt = performance.now();
  const recorded = options.from === undefined ? joinRecordings(folders) : readRecordings(options.from);
  const facts = sameRun(recorded, folders);
  const canaries = plantCanaries(staging.dir);
  const folder = join(staging.dir, recordingFolder);
  writeRecordings(folder, recorded);
  handOverContext(folder, { startedAt: facts.startedAt, documentation: loadDocumentation(), known });
  const loading = preload();
  const present = recorded.filter((each) => !isBystander(each)).map(({ recording }) => recording.first.product);
  const missing = facts.products.filter((product) => !present.includes(product));
  const wanted = selectionOf(facts.products, options).filter(({ requirement }) => facts.requirements.includes(requirement));
  const isLost = ({ product }: Selected): boolean =>
    missing.some((each) => each === product) || (product === 'account' && missing.length > 0);
  const selected = wanted.filter((each) => !isLost(each));
  if (options.list) return list(selected, present, staging, vault);
  const outcome =
    facts.command === 'verify-reset'
      ? judgeByHand(recorded.map(({ recording }) => recording)).filter((each) => isAmong(selected, each))
      : await judgedByTests({ ...options, selected, products: present, recordings: folder, staging: staging.dir }, { staging, vault });
  await loading;
  const results = inOrder([...outcome, ...wanted.filter(isLost).map((each) => lost(each, missing))]);
  const run = runOf(recorded, results, {
    facts: { ...facts, name: configuration.runName ?? facts.name },
    known,
    durationMs: performance.now() - startedAt,
    again: true,
  });
  const whole = withUncheckedProducts(run, loadDocumentation());
  return publish(whole, { staging, canaries, vault, reportsDir: configuration.reportsDir, tested: outcome });
}

/** Judged by the tests; an interruption ends this process. */
async function judgedByTests(playing: PlayOptions, { staging, vault }: Pick<Running, 'staging' | 'vault'>): Promise<readonly Result[]> {
  const testing = startTests(playing, vault);
  const outcome = await Promise.race([testing.ended, interruption()]);
  return outcome === 'interrupted' ? leave(testing, staging) : outcome;
}

/** The notes of a reset by a person belong to requirements that were not selected, and are told all the same. */
const isAmong = (selected: readonly Selected[], { requirement, product }: Result): boolean =>
  selected.some((each) => each.requirement === requirement && each.product === product) || requirement.startsWith('failure-');

const productsOf = ({ products }: Configuration): readonly ProductId[] =>
  products.length === 0 ? productIds : products.map(({ id }) => id);

const interruption = (): Promise<'interrupted'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });

/** How often a terminal is told how far the run is, in ms. */
const progressMs = 200;

/** What is still being asked is not waited for. */
async function leave(testing: Testing, staging: Staging): Promise<never> {
  testing.interrupt();
  await staging.discard();
  process.stderr.write('Interrupted. The reports of the last run that ended are untouched.\n');
  process.exit(exitCodes.interrupted);
}

const keyHasChanged = `
The key of the account has changed. The new one is where your RESET_COMMAND has put it; ACTIVEPROSPECT_API_KEY holds the old one.`;

endWith(main(process.argv.slice(2)));
