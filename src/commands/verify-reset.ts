/** `npm run verify-reset`: after a person has reset the key, which product takes which key, until all have switched. */
import { join, resolve } from 'node:path';
import { openAsking } from '../ask/asking.ts';
import { factsOf, withFacts } from '../ask/record.ts';
import { recordingsOf, type Watch, watch } from '../ask/reset-by-hand.ts';
import { type Configuration, readConfiguration, settings } from '../configuration/configuration.ts';
import { UsageError } from '../configuration/usage.ts';
import { judgeByHand } from '../judge/by-hand.ts';
import { refusalNotes } from '../judge/failure.ts';
import { resetRequirements } from '../judge/truth-table.ts';
import type { Secret } from '../keys/secret.ts';
import type { Vault } from '../keys/vault.ts';
import { readKnownDifferences } from '../known/read.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { openStaging, type Staging } from '../publish/staging.ts';
import { recordingFolder, writeRecordings } from '../recording/files.ts';
import { preload } from '../report/allure/write.ts';
import type { Run } from '../report/model.ts';
import { loadProducts } from '../specifications/load.ts';
import type { ProductId } from '../specifications/model.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { openEnvironment } from './output.ts';
import { publish } from './publishing.ts';
import { runOf } from './run-of.ts';
import { help, readHandOptions } from './verify-reset/options.ts';
import { askForKeys } from './verify-reset/prompts.ts';
import { openMemory } from './verify-reset/remembered.ts';
import { inTheEnd, lineScreen, noteIn, tableScreen } from './verify-reset/screen.ts';

const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;

async function main(args: readonly string[]): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help);
    return exitCodes.conforms;
  }
  const { environment, vault } = openEnvironment();
  const options = readHandOptions(args, isTerminal);
  const configured = readConfiguration(environment, isTerminal);
  if (configured.kind === 'embedded' && !isTerminal)
    throw new UsageError([
      'No host is named: LEADCONDUIT_URL=live looks at the documented one, a URL at another (likewise TRUSTEDFORM_URL, SUPPRESSIONLIST_URL).',
    ]);
  const configuration = isTerminal ? await asked(configured) : configured;
  if (configuration === undefined) return left();
  const foreign = options.loggedIn.filter((id) => !configuration.products.some((each) => each.id === id));
  if (foreign.length > 0) throw new UsageError(foreign.map((id) => `--logged-in ${id}: that product is not looked at.`));
  const { key, oldKey } = configuration;
  for (const each of [key, oldKey]) if (each !== undefined) vault.add(each);
  return verify(configuration, options, vault, settings(environment, configuration, configuration.seed ?? 0));
}

async function asked(configuration: Configuration): Promise<Configuration | undefined> {
  const { products, key, oldKey } = configuration;
  const named = products.map(({ id, base }) => [id, base === 'live' ? undefined : base.href] as const);
  const answers = await askForKeys({ products: Object.fromEntries(named), oldKey, newKey: key });
  if (answers === undefined) return undefined;
  const chosen = answers.products.map((id) => products.find((each) => each.id === id) ?? { id, base: 'live' as const });
  return { ...configuration, kind: 'own', products: chosen, key: answers.newKey, oldKey: answers.oldKey };
}

async function verify(
  configuration: Configuration,
  options: ReturnType<typeof readHandOptions>,
  vault: Vault,
  shown: Run['configuration'],
): Promise<ExitCode> {
  const { key: newKey, reportsDir } = configuration;
  if (newKey === undefined) throw new UsageError(['ACTIVEPROSPECT_API_KEY is not set. It must hold the new key.']);
  const staging = openStaging(resolve(reportsDir));
  try {
    return await verifyInto(staging, { ...configuration, newKey }, options, vault, shown);
  } finally {
    await staging.discard();
  }
}

async function verifyInto(
  staging: Staging,
  configuration: Configuration & { readonly newKey: Secret },
  { waitMs, loggedIn }: ReturnType<typeof readHandOptions>,
  vault: Vault,
  shown: Run['configuration'],
): Promise<ExitCode> {
  const { newKey, oldKey, reportsDir } = configuration;
  const startedAt = new Date();
  const now = (): number => performance.now();
  const canaries = plantCanaries(staging.dir);
  const loading = preload();
  const asking = await openAsking(configuration);
  const memory = openMemory({ folder: process.cwd(), oldKey, newKey, products: asking.products, vault });
  if (memory.since !== undefined) console.log(`Going on with what was begun at ${memory.since.toLocaleString()}.`);

  let watched: Watch | undefined;
  const clock = { now, endsAt: now() + waitMs };
  const noteOf = (product: ProductId): string | undefined =>
    noteIn(refusalNotes(watched?.probes.filter((each) => each.product === product) ?? [], loadProducts()[product].failure));
  const screen = isTerminal
    ? tableScreen(() => watched, asking.products, clock, noteOf)
    : lineScreen(
        () => watched,
        noteOf,
        (line) => console.log(line),
      );
  const said = (): Readonly<Partial<Record<ProductId, number>>> =>
    Object.fromEntries((watched?.products ?? []).flatMap(({ product, saidAt }) => (saidAt === undefined ? [] : [[product, saidAt]])));
  watched = watch({
    subjects: asking.subjects,
    oldKey,
    newKey,
    waitMs,
    now,
    earlier: memory.earlier,
    loggedIn: { ...memory.loggedIn, ...Object.fromEntries(loggedIn.map((id) => [id, now()])) },
    onChange() {
      screen.update();
      if (watched !== undefined) memory.save(watched.probes, said());
    },
  });
  const whoLeaves = leaving(watched);
  const outcome = await Promise.race([watched.resets, whoLeaves.left]);
  whoLeaves.close();
  screen.end();
  if (outcome === 'left') {
    watched.stop();
    for (const { asker } of asking.subjects) asker.giveUp('no-check');
    await asking.close();
    return left();
  }

  await asking.close();
  const facts = factsOf(asking, {
    command: 'verify-reset',
    name: configuration.runName ?? 'verify-reset',
    startedAt: startedAt.toISOString(),
    configuration: shown,
    requirements: resetRequirements,
    products: asking.subjects.map(({ spec }) => spec.id),
  });
  const recordings = recordingsOf(outcome, { subjects: asking.subjects, oldKey });
  const recorded = recordings.map((each) => withFacts(asking, each, facts));
  writeRecordings(join(staging.dir, recordingFolder), recorded);
  const known = readKnownDifferences(process.cwd());
  const run = runOf(recorded, judgeByHand(recordings), { facts, known, durationMs: Date.now() - startedAt.getTime() });
  await loading;
  const code = await publish(run, { staging, canaries, vault, reportsDir });
  console.log(inTheEnd(watched.products, asking.products));
  if (oldKey === undefined) console.log('The old key was skipped: nothing is known of it, only whether the new one works.');
  if (code === exitCodes.conforms || code === exitCodes.violates) memory.forget();
  return code;
}

interface Leaving {
  readonly left: Promise<'left'>;
  close(): void;
}

/** Keys of the keyboard: the number of a product says that one has logged in to it, q leaves; so does a signal. */
function leaving(watched: Watch): Leaving {
  let leave = (): void => {};
  const left = new Promise<'left'>((resolve) => {
    leave = () => resolve('left');
  });
  const pressed = (data: Buffer): void => {
    const text = data.toString('utf8');
    const product = watched.products[Number(text) - 1];
    if (text === 'q' || text === '\u0003') leave();
    else if (product !== undefined && !product.switched) watched.said(product.product);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  if (isTerminal) process.stdin.setRawMode(true).resume().on('data', pressed);
  return {
    left,
    close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
      if (isTerminal) process.stdin.setRawMode(false).off('data', pressed).pause();
    },
  };
}

function left(): ExitCode {
  console.error('Left. No report was written; start again to go on.');
  return exitCodes.interrupted;
}

endWith(
  main(process.argv.slice(2)).finally(() => {
    // A call that nobody waits for any more must not keep the terminal.
    if (isTerminal) process.stdin.unref();
  }),
);
