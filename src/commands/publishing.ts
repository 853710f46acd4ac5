/** Publishes a run that has ended: makes the reports, searches them for keys, moves them into place, and prints the result. */
import { appendFileSync, existsSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { version } from '../../package.json';
import type { Result } from '../judge/check.ts';
import type { Vault } from '../keys/vault.ts';
import { dueIn } from '../known/known.ts';
import type { Canaries } from '../publish/canaries.ts';
import { type Earlier, lastRun } from '../publish/earlier.ts';
import { describeSearch, type Search, searchFolder } from '../publish/gate.ts';
import { runFolder } from '../publish/run-folder.ts';
import type { Staging } from '../publish/staging.ts';
import { recordingFolder } from '../recording/files.ts';
import { contextName } from '../report/allure/context.ts';
import { resultsFolder } from '../report/allure/settings.ts';
import { writeAllurePage } from '../report/allure/write.ts';
import { changesInWords, changesSince } from '../report/changes.ts';
import { fold, outcomesOf } from '../report/fold.ts';
import { badge } from '../report/machine/badge.ts';
import { annotations } from '../report/machine/github.ts';
import { junit } from '../report/machine/junit.ts';
import { summary } from '../report/machine/summary.ts';
import type { Run } from '../report/model.ts';
import { frontPage } from '../report/page/page.ts';
import { printout } from '../report/terminal/printout.ts';
import { validateConformance } from '../specifications/conformance.ts';
import { loadDocumentation, loadProducts } from '../specifications/load.ts';
import { isSystemError } from '../system-error.ts';
import { type ExitCode, exitCodes, gravest } from './exit.ts';
import { sayInterrupted } from './interruption.ts';
import { artifactsIn } from './playwright.ts';

export interface Publishing {
  readonly staging: Staging;
  /** Planted in the staging folder before anything was written there. */
  readonly canaries: Canaries;
  readonly vault: Vault;
  readonly reportsDir: string;
  /** The runs to compare with; by default the last one in `reportsDir`. */
  readonly earlier?: Earlier | undefined;
  /** What to try first, in lines for a terminal. */
  readonly advice?: readonly string[];
  /** Results that came from tests. */
  readonly tested?: readonly Result[];
  /** Asked last before the new report takes the place of the old one. */
  readonly isInterrupted?: () => boolean;
}

/** Everything else in the staging folder is searched and published as well. */
export async function publish(
  run: Run,
  { staging, canaries, vault, reportsDir, earlier, advice = [], tested = [], isInterrupted = () => false }: Publishing,
): Promise<ExitCode> {
  const documentation = loadDocumentation();
  const conformance = fold(run, documentation, { suite: version, node: process.versions.node });
  const problems = validateConformance(conformance);
  if (problems.length > 0) throw new Error(`conformance.json would not be valid: ${problems.join('; ')}`);
  const inJson = `${JSON.stringify(conformance, undefined, 2)}\n`;
  const known = earlier ?? lastRun(reportsDir);
  const history = { past: known?.past(conformance) ?? [], folder: runFolder(conformance) };
  const folder = join(artifactsIn(staging.dir), resultsFolder);
  await writeAllurePage({ run, conformance, documentation, tested: { results: tested, folder }, history }, join(staging.dir, 'allure'));
  removeLeftovers(staging.dir);
  const before = known?.before(conformance);
  const compared = before && changesSince(before, conformance);
  const changes = compared && changesInWords(compared);
  const inMarkdown = summary(run, conformance, documentation, changes);
  const files = {
    'index.html': frontPage({ run, conformance, documentation, products: loadProducts(), changes }),
    'conformance.json': inJson,
    'junit.xml': junit(run, conformance, documentation),
    'summary.md': inMarkdown,
    'badge.json': badge(conformance),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(staging.dir, name), text);

  const search = await searchFolder(staging.dir, vault.secrets, canaries);
  // A search that missed a canary cannot be relied on: the last report stays.
  if (search.canaries.missed.length > 0) return gravest(gateCodes(search));
  // Signals arrive between two turns of the event loop.
  await new Promise(setImmediate);
  if (isInterrupted()) {
    console.error(sayInterrupted);
    return exitCodes.interrupted;
  }
  await staging.publish();
  const shown = (file: string): string => relative(process.cwd(), resolve(reportsDir, file));
  console.log(
    printout({
      run,
      conformance,
      documentation,
      reports: [
        ['report', shown('index.html')],
        ['evidence', shown('allure/index.html')],
        ['results', shown('conformance.json')],
        ['recording', shown('recording')],
        ['searched', describeSearch(search)],
      ],
      changes,
      advice,
      color: process.stdout.isTTY === true && !process.env.NO_COLOR,
      width: process.stdout.columns ?? 100,
    }),
  );
  const due = dueIn(
    run.known,
    documentation.sections.flatMap(({ requirements }) => requirements.flatMap((each) => outcomesOf(each, run))),
    run.startedAt.slice(0, 10),
  );
  for (const { sentence } of due) console.error(sentence);
  // If a secret was found, nothing goes to GitHub.
  if (search.found.length === 0) tellGitHub(inMarkdown, annotations(run, conformance));
  return gravest([exitCodes[conformance.verdict], ...(due.length > 0 ? [exitCodes.violates] : []), ...gateCodes(search)]);
}

/** Intermediate files. Playwright leaves some of its own, and a folder for each test, even an empty one. */
function removeLeftovers(staging: string): void {
  for (const name of [resultsFolder, '.last-run.json']) rmSync(join(artifactsIn(staging), name), { recursive: true, force: true });
  rmSync(join(staging, recordingFolder, contextName), { force: true });
  removeEmpty(join(staging, 'playwright'));
}

function removeEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** In GitHub Actions: the summary of the job, and its annotations. */
function tellGitHub(inMarkdown: string, lines: readonly string[]): void {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  try {
    if (GITHUB_STEP_SUMMARY !== undefined && GITHUB_STEP_SUMMARY !== '') appendFileSync(GITHUB_STEP_SUMMARY, inMarkdown);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    console.error(`The summary of the job cannot be written: GITHUB_STEP_SUMMARY (${GITHUB_STEP_SUMMARY}): ${error.code}.`);
  }
  if (GITHUB_ACTIONS === 'true') for (const line of lines) console.log(line);
}

function gateCodes({ found, unsearchable, canaries }: Search): readonly ExitCode[] {
  for (const { place } of found)
    console.error(`A secret was found in ${place}: the file was deleted. Reset the key if anyone may have seen it.`);
  for (const { place, reason } of unsearchable)
    console.error(`${place} could not be searched for secrets (${reason}): the file was deleted.`);
  for (const kind of canaries.missed)
    console.error(`The search for secrets missed the canary in ${kind}, so its result cannot be relied on.`);
  return [...(found.length > 0 ? [exitCodes.secret] : []), ...(unsearchable.length + canaries.missed.length > 0 ? [exitCodes.failed] : [])];
}
