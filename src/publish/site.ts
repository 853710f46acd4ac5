/** Adds a run to a site and removes the oldest ones. Each run has a folder named after its start; nothing else below `runs/` is touched. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import type { Secret } from '../keys/secret.ts';
import { recordingFolder } from '../recording/files.ts';
import { RecordingError } from '../recording/recording-error.ts';
import { isOf, runsIn, textOf } from '../report/allure/history.ts';
import { called } from '../report/called.ts';
import { badgesOf } from '../report/machine/badge.ts';
import { placeForSite } from '../report/page/page.ts';
import { onSite } from '../report/site-address.ts';
import { isSystemError } from '../system-error.ts';
import { writeWhole } from '../whole-file.ts';
import { plantCanaries } from './canaries.ts';
import { historyFile, readResults, resultsName } from './earlier.ts';
import { type Search, searchFolder } from './gate.ts';
import { publishedFiles } from './publication.ts';
import { runFolder } from './run-folder.ts';
import type { Listed } from './site-history.ts';
import { isSitePage, sitePage } from './site-page.ts';
import { type ResetTimes, readResetTimes, resetTimesName, resetTimesOf } from './site-resets.ts';
import { StagingError } from './staging-error.ts';

export interface SiteOptions {
  /** Where the last run was published. */
  readonly reportsDir: string;
  readonly site: string;
  /** How many runs are kept; the newest stay. */
  readonly keep: number;
  /** How many of these keep their recordings. */
  readonly keepRecordings: number;
  /** Path of the proof's matrix as a page, if there is one. */
  readonly matrix: string | undefined;
  /** Keys to search for once more in what is added. */
  readonly secrets: readonly Secret[];
}

/** Copied only if the run wrote them: other files in the reports folder have not been searched for keys. */
const taken =
  /^(allure\/index\.html|allure\/history\.jsonl|index\.html|summary\.md|conformance\.json|junit\.xml|badge\.json|recording\/[^/]+\.har)$/;

/** What is being added stands in a folder with this name; one that is older than this, in ms, was left by a process that was killed. */
const addingName = '.adding-';
const abandonedAfter = 3_600_000;

export interface Added extends Search {
  /** What is damaged on the site and so not on its page, a sentence each. It is not removed either. */
  readonly damaged: readonly string[];
}

/**
 * Resolves to the result of the search. If it found a key or missed a canary, nothing was added. The site is whole at any moment, also
 * while another process adds a run to it.
 * @throws UsageError where there is no run to add or it is damaged, or the page in the folder is not that of a site; RecordingError for a
 * damaged recording; StagingError where something in the site is in the way.
 */
export async function addRun({ reportsDir, site, secrets, ...kept }: SiteOptions): Promise<Added> {
  const files = publishedFiles(reportsDir).filter((file) => taken.test(file) && existsSync(join(reportsDir, file)));
  if (!files.includes(resultsName)) throw new UsageError([`There is no run in ${reportsDir} to add: ${called('conformance')} writes one.`]);
  const conformance = readResults(join(reportsDir, resultsName));
  if (typeof conformance === 'string') throw unusable(conformance);
  refuseForeign(site);
  refuseObstacle(join(site, 'runs'), 'file');
  mkdirSync(join(site, 'runs'), { recursive: true });
  removeAbandoned(site);
  const adding = mkdtempSync(join(site, addingName));
  const staged = join(adding, 'run');
  try {
    mkdirSync(staged);
    const canaries = plantCanaries(staged);
    for (const file of files) {
      mkdirSync(dirname(join(staged, file)), { recursive: true });
      writeFileSync(join(staged, file), contentOf(join(reportsDir, file)));
    }
    edit(join(staged, 'index.html'), (page) => page.replace(placeForSite, '<p><a href="../../index.html">All runs</a></p>'));
    edit(join(staged, 'allure/index.html'), onSite);
    const added = { folder: runFolder(conformance), at: staged };
    // Of the history the run's own line: each other run of the site has its own.
    edit(join(staged, historyFile), (lines) => textOf(runsIn(lines).filter((each) => isOf(each, conformance.startedAt))));
    if (files.some((file) => file.startsWith(recordingFolder)))
      writeFileSync(join(staged, resetTimesName), `${JSON.stringify(resetTimesIn(staged, reportsDir))}\n`);
    const search = await searchFolder(staged, secrets, canaries);
    if (search.found.length + search.unsearchable.length + search.canaries.missed.length > 0) return { ...search, damaged: [] };
    const { listed, damaged } = newestFirst([...foldersIn(site).filter(({ folder }) => folder !== added.folder), added]);
    // Written whole on the same disk first: what can fail has failed before anything of the site is replaced.
    writePages(join(adding, 'pages'), site, listed.slice(0, kept.keep), kept.matrix);
    for (const name of readdirSync(join(adding, 'pages'))) refuseObstacle(join(site, name), 'folder');
    const place = join(site, 'runs', added.folder);
    rmSync(place, { recursive: true, force: true });
    renameSync(staged, place);
    putInPlace(adding, site, listed, kept);
    return { ...search, damaged };
  } finally {
    rmSync(adding, { recursive: true, force: true });
  }
}

const unusable = (problem: string): UsageError => new UsageError([`${problem} Run ${called('conformance')} again, then this command.`]);

/** Of a file of the run. @throws UsageError where it cannot be read, or has become a folder. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isSystemError(error)) throw unusable(`${file} cannot be read (${error.code}).`);
    throw error;
  }
}

/** A damaged recording is named where the user finds it. @throws RecordingError */
function resetTimesIn(staged: string, reportsDir: string): ResetTimes {
  try {
    return resetTimesOf(staged);
  } catch (error) {
    if (error instanceof RecordingError) throw new RecordingError(error.message.replaceAll(staged, reportsDir));
    throw error;
  }
}

/** Before anything of the site is replaced: a file where a folder is needed, or the reverse, would stop it halfway. @throws StagingError */
function refuseObstacle(path: string, kind: 'file' | 'folder'): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && found.isDirectory() === (kind === 'folder'))
    throw new StagingError('not-writable', `${path} is a ${kind}, so nothing was added: move it, or name another folder.`);
}

/** Someone's own page, or the front page of a report, would be lost. @throws UsageError */
function refuseForeign(site: string): void {
  const page = join(site, 'index.html');
  const found = statSync(page, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && isSitePage(readFileSync(page, 'utf8')))) return;
  throw new UsageError([`${page} was not written by publish-site, so it is not replaced: move it, or name another folder.`]);
}

type Kept = Omit<SiteOptions, 'reportsDir' | 'site' | 'secrets'>;

/**
 * First the pages without the oldest runs, then these runs go: no link is ever dead. If another process has added a run meanwhile, the pages
 * are written again.
 */
function putInPlace(adding: string, site: string, listed: readonly Run[], kept: Kept): void {
  const pages = join(adding, 'pages');
  for (const file of readdirSync(pages)) renameSync(join(pages, file), join(site, file));
  const shown = listed.slice(0, kept.keep);
  for (const { folder } of listed.slice(kept.keep)) rmSync(join(site, 'runs', folder), { recursive: true, force: true });
  for (const { folder } of shown.slice(kept.keepRecordings)) removeRecording(join(site, 'runs', folder));
  const now = newestFirst(foldersIn(site)).listed;
  const names = (runs: readonly Run[]): string => runs.map(({ folder }) => folder).join();
  if (names(now) === names(shown)) return;
  writePages(pages, site, now.slice(0, kept.keep), kept.matrix);
  putInPlace(adding, site, now, kept);
}

/** What stands beside the runs. */
function writePages(pages: string, site: string, shown: readonly Run[], matrix: string | undefined): void {
  mkdirSync(pages, { recursive: true });
  const hasMatrix = matrix !== undefined || existsSync(join(site, 'matrix.html'));
  const files = {
    'index.html': sitePage(shown, hasMatrix),
    ...badgesOf(shown.map(({ conformance }) => conformance)),
    ...(matrix === undefined
      ? {}
      : { 'matrix.html': readFileSync(matrix, 'utf8').replace(placeForSite, '<p><a href="index.html">All runs</a></p>') }),
    // Tells GitHub Pages to serve the files as they are.
    '.nojekyll': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(pages, name), text);
}

/** Recordings are large, so only the newest runs keep theirs; the front page no longer links to it. */
function removeRecording(run: string): void {
  edit(join(run, 'index.html'), (page) => page.replaceAll(/<!--recording-->.*?<!--\/recording-->/gs, ''));
  rmSync(join(run, recordingFolder), { recursive: true, force: true });
}

/** The old file stays until the new one is complete. */
function edit(file: string, change: (text: string) => string): void {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return;
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  if (changed !== text) writeWhole(file, changed);
}

function removeAbandoned(site: string): void {
  for (const name of readdirSync(site)) {
    const folder = join(site, name);
    if (!name.startsWith(addingName) || Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < abandonedAfter) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run of the site: the name of its folder, and where that is now. */
interface Folder {
  readonly folder: string;
  readonly at: string;
}

/** A run of the site as its pages need it. */
type Run = Listed & Folder;

const foldersIn = (site: string): readonly Folder[] =>
  readdirSync(join(site, 'runs'), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => ({ folder: name, at: join(site, 'runs', name) }));

/** Damaged runs are left out, so that they do not keep others from being added; damaged times, so that their run stays. */
function newestFirst(folders: readonly Folder[]): { readonly listed: readonly Run[]; readonly damaged: readonly string[] } {
  const damaged: string[] = [];
  const listed = folders
    .filter(({ at }) => existsSync(join(at, resultsName)))
    .flatMap(({ folder, at }): Run[] => {
      const conformance = readResults(join(at, resultsName));
      if (typeof conformance === 'string') {
        damaged.push(conformance);
        return [];
      }
      const times = readResetTimes(at);
      if (typeof times === 'string') damaged.push(times);
      const files = ['index.html', 'allure/index.html', 'page.html', 'summary.md', 'junit.xml', resultsName];
      return [
        {
          folder,
          at,
          conformance,
          times: typeof times === 'string' ? undefined : times,
          files: files.filter((name) => existsSync(join(at, name))),
        },
      ];
    })
    .sort((one, other) => (one.conformance.startedAt < other.conformance.startedAt ? 1 : -1));
  return { listed, damaged };
}
