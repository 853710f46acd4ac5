/** `npm run conformance`: every requirement against the target; writes the reports, prints the table, and decides the exit code. */

import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Message, opening } from '../../tests/telling.ts';
import { type Configuration, keysIn, readConfiguration } from '../configuration/configuration.ts';
import { readEnvironment } from '../configuration/environment.ts';
import { UsageError } from '../configuration/usage.ts';
import { proxyFor } from '../http/proxy.ts';
import type { Result } from '../judge/check.ts';
import type { Selected } from '../judge/judges.ts';
import { occursIn } from '../keys/masker.ts';
import { createVault, type Vault } from '../keys/vault.ts';
import { readKnownDifferences } from '../known/read.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { openStaging, type Staging } from '../publish/staging.ts';
import { preload } from '../report/allure/write.ts';
import { blankReport } from '../report/blank.ts';
import { inOrder } from '../report/fold.ts';
import type { Run } from '../report/model.ts';
import { withUncheckedProducts } from '../report/unchecked.ts';
import { loadDocumentation, loadProducts } from '../specifications/load.ts';
import { productIds } from '../specifications/model.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { help, type Options, readOptions } from './options.ts';
import { maskOutput } from './output.ts';
import { type Ended, runPlaywright, taken } from './playwright.ts';
import { publish } from './publishing.ts';
import { refusedKeys } from './refusal.ts';
import { progress } from './screen.ts';
import { mergedRun, refuseEmpty, shardSeed, unitsOf, writePart } from './shard.ts';

async function main(args: readonly string[]): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help);
    return exitCodes.conforms;
  }
  const environment = readEnvironment({ ...process.env, ...taken }, process.cwd());
  const vault = createVault();
  for (const key of keysIn(environment)) vault.add(key);
  maskOutput(vault);
  const configuration = readConfiguration(environment);
  const named = configuration.products.length === 0 ? productIds : configuration.products.map(({ id }) => id);
  const units = [...named, 'account' as const];
  const options = readOptions(args, units);
  const asked = units.filter((each) => options.projects.length === 0 || options.projects.includes(each));
  if (options.shard !== undefined) {
    refuseEmpty(asked, options.shard);
    if (configuration.seed === undefined) process.env.SEED = String(shardSeed);
  }
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
    if (options.list) return await list(options, staging, vault);
    if (options.merge.length > 0) return await merge(mergedRun(options.merge, known), configuration, staging, vault);
    const projects = options.shard === undefined ? options.projects : unitsOf(asked, options.shard);
    return await conformance(configuration, { ...options, projects, known, units: asked }, staging, vault);
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

async function list(options: Options, staging: Staging, vault: Vault): Promise<ExitCode> {
  const { exitCode, errors } = await runPlaywright(options, staging.dir, vault, () => {}).ended;
  process.stderr.write(errors);
  return exitCode === 0 ? exitCodes.conforms : exitCodes.failed;
}

/** Nothing is asked: parts are put together, judged as one and published. */
async function merge(run: Run, { reportsDir }: Configuration, staging: Staging, vault: Vault): Promise<ExitCode> {
  return publish(withUncheckedProducts(run, loadDocumentation()), { staging, canaries: plantCanaries(staging.dir), vault, reportsDir });
}

/** What was heard from the tests. */
interface Heard {
  opened?: Extract<Message, { type: 'opened' }>;
  selected: readonly Selected[];
  results: Result[];
  ended?: Extract<Message, { type: 'ended' }>;
}

async function conformance(
  configuration: Configuration,
  { known, units, ...options }: Options & { readonly known: Run['known']; readonly units: readonly Result['product'][] },
  staging: Staging,
  vault: Vault,
): Promise<ExitCode> {
  const startedAt = new Date();
  const canaries = plantCanaries(staging.dir);
  const heard: Heard = { selected: [], results: [] };
  const screen = progress(process.stdout);
  const playing = runPlaywright(options, staging.dir, vault, (message) => {
    if (message.type === 'opened') heard.opened = message;
    else if (message.type === 'selected') {
      heard.selected = message.selected;
      if (heard.opened !== undefined) screen.line(opening(heard.opened, message.estimate));
    } else if (message.type === 'result') heard.results.push(message);
    else if (message.type === 'ended') heard.ended = message;
    if (message.type === 'progress') screen.update(message.requests, heard.results.length, heard.selected.length);
  });
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    playing.interrupt();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  // Loaded while the tests run: the page is made in this process.
  const loading = preload();
  const ended = await playing.ended;
  screen.clear();
  if (interrupted) {
    console.error('Interrupted. The reports of the last run that ended are untouched.');
    return exitCodes.interrupted;
  }
  const failure = failureOf(heard, ended);
  if (failure !== undefined || heard.opened === undefined || heard.ended === undefined) {
    console.error(`The suite itself failed: ${failure}\n${ended.errors}`);
    return exitCodes.failed;
  }
  if (ended.errors !== '') process.stderr.write(ended.errors);

  const { requests, wrongKeys } = heard.ended;
  const run: Run = {
    command: 'conformance',
    name: configuration.runName,
    seed: heard.opened.seed,
    target: { kind: configuration.kind, products: heard.opened.products },
    results: inOrder(heard.results),
    requests,
    wrongKeys,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    configuration: heard.opened.settings,
    known,
    timelines: heard.ended.timelines,
  };
  await loading;
  rmSync(join(staging.dir, 'playwright', 'artifacts', '.last-run.json'), { force: true });
  removeEmpty(join(staging.dir, 'playwright'));
  if (options.shard !== undefined) writePart(staging.dir, options.shard, units, run);
  const whole = options.shard === undefined ? withUncheckedProducts(run, loadDocumentation()) : run;
  const code = await publish(whole, { staging, canaries, vault, reportsDir: configuration.reportsDir });
  for (const line of refusedKeys(configuration, heard.results)) console.log(line);
  if (heard.ended.keyChanged) console.log(keyHasChanged);
  return code;
}

/** Playwright makes a folder for each test, whether anything is put there or not. */
function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** What the suite owes and did not do: a test that was selected and recorded nothing, a process that ended before its end. */
function failureOf({ selected, results, ended }: Heard, { exitCode, signal }: Ended): string | undefined {
  if (ended === undefined) return `the tests ended early (${signal ?? `exit code ${exitCode}`}).`;
  const missing = selected.filter(
    (each) => !results.some(({ requirement, product }) => requirement === each.requirement && product === each.product),
  );
  if (missing.length === 0) return undefined;
  return `no result was recorded for ${missing.map(({ requirement, product }) => `${requirement} on ${product}`).join(', ')}.`;
}

const keyHasChanged = `
The key of the account has changed. The new one is where your RESET_COMMAND has put it; ACTIVEPROSPECT_API_KEY holds the old one.`;

endWith(main(process.argv.slice(2)));
