/** Judges again what earlier runs recorded, of one folder (`--from`) or joined from several (`--merge`). Nothing is sent. */
import { join } from 'node:path';
import { judgeByHand } from '../judge/by-hand.ts';
import type { Result } from '../judge/check.ts';
import type { Selected } from '../judge/judges.ts';
import { resetRequirements } from '../judge/truth-table.ts';
import { plantCanaries } from '../publish/canaries.ts';
import { recordingFolder, writeRecordings } from '../recording/files.ts';
import type { RunFacts } from '../recording/har.ts';
import { isBystander, joinRecordings } from '../recording/join.ts';
import { readRecordings } from '../recording/read.ts';
import { handOverContext } from '../report/allure/context.ts';
import { preload } from '../report/allure/write.ts';
import { inOrder } from '../report/fold.ts';
import { withUncheckedProducts } from '../report/unchecked.ts';
import { loadDocumentation } from '../specifications/load.ts';
import type { ExitCode } from './exit.ts';
import type { PlayOptions } from './playwright.ts';
import { publish } from './publishing.ts';
import { runOf } from './run-of.ts';
import { leave, list, type Running } from './running.ts';
import { selectionOf } from './selection.ts';
import { lost, sameRun } from './shard.ts';
import { startTests, type Testing } from './tested.ts';

/** `start` starts the judging. */
export async function judgeAgain(
  folders: readonly string[],
  { configuration, options, known, earlier, staging, vault, interrupted }: Running,
  start = startTests,
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
  if (options.list) return list(selected, present, { staging, vault, interrupted });
  const playing: PlayOptions = { ...options, selected, products: present, recordings: folder, staging: staging.dir };
  const testing = facts.command === 'verify-reset' ? undefined : start(playing, vault);
  const judged = testing === undefined ? [] : await resultsOf(testing, { staging, interrupted });
  const byHand = facts.command === 'verify-reset' ? judgeByHand(recorded.map(({ recording }) => recording)) : [];
  await loading;
  const results = inOrder([
    ...judged,
    ...byHand.filter((each) => isAmong(selected, each)),
    ...wanted.filter(isLost).map((each) => lost(each, missing)),
  ]);
  const run = runOf(recorded, results, {
    // The recording is published with its reports, so the lines in them name that place.
    facts: { ...facts, name: configuration.runName ?? facts.name, configuration: withReportsIn(configuration.reportsDir, facts) },
    known,
    durationMs: performance.now() - startedAt,
    again: true,
  });
  const whole = withUncheckedProducts(run, loadDocumentation());
  return publish(whole, {
    staging,
    canaries,
    vault,
    reportsDir: configuration.reportsDir,
    earlier,
    tested: testing?.results ?? [],
    isInterrupted: interrupted.hasCome,
  });
}

const withReportsIn = (folder: string, { configuration }: RunFacts): RunFacts['configuration'] =>
  configuration.map(([name, value]) => [name, name === 'REPORTS_DIR' ? folder : value]);

/** An interrupt ends this process. */
async function resultsOf(testing: Testing, { staging, interrupted }: Pick<Running, 'staging' | 'interrupted'>): Promise<readonly Result[]> {
  const outcome = await Promise.race([testing.ended, interrupted.came]);
  return outcome === 'interrupted' ? leave(testing, staging) : outcome;
}

/** What `verify-reset` notes belongs to requirements that it does not select, and is reported all the same. */
const isAmong = (selected: readonly Selected[], { requirement, product }: Result): boolean =>
  selected.some((each) => each.requirement === requirement && each.product === product) ||
  !resetRequirements.some((each) => each === requirement);
