/** Moves a finished report into REPORTS_DIR: replaces what an earlier run wrote there, and leaves everything else alone. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, type Stats, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import { isSystemError } from '../system-error.ts';
import { StagingError } from './staging-error.ts';

/** In REPORTS_DIR: the files that the last run wrote. */
const manifestName = '.conformance-files.json';

/**
 * Renames what is in `staged` into `root`, whole folders where possible, and what an earlier run left there into `replaced`; all on one volume.
 * Throws StagingError: `not-ours` before anything is moved, if a file that no run wrote is in the way; `not-writable` when a move fails,
 * after undoing the others.
 */
export function publish(root: string, staged: string, replaced: string): void {
  const earlier = readManifest(root);
  const now = filesBelow(staged);
  const moves = movesFor({ root, staged, replaced, earlier }, '');
  // Both lists while files are moved: if this process is killed, the next run still knows them all.
  writeManifest(root, staged, new Set([...earlier, ...now]));
  const moved: Move[] = [];
  try {
    for (const move of moves) {
      mkdirSync(path.dirname(move.to), { recursive: true });
      renameSync(move.from, move.to);
      moved.push(move);
    }
  } catch (error) {
    for (const { from, to } of moved.reverse()) renameSync(to, from);
    writeManifest(root, staged, earlier);
    if (!isSystemError(error)) throw error;
    throw new StagingError(
      'not-writable',
      `REPORTS_DIR cannot be written (${error.code}): ${error.path ?? root}. The last report is still there.`,
    );
  }
  writeManifest(root, staged, new Set(now));
}

/** What every run writes, next to its recording. */
const reports = ['index.html', 'conformance.json', 'junit.xml', 'summary.md', 'badge.json', path.join('allure', 'index.html')];

/** Called before the first request, so that a run does not fail at its end. Throws UsageError if a report that no run wrote is in the way. */
export function refuseForeign(root: string): void {
  const ours = readManifest(root);
  const inTheWay = reports.filter((file) => statOf(path.join(root, file)) !== undefined && !ours.has(file));
  if (inTheWay.length > 0) throw new UsageError(inTheWay.map((file) => foreign(path.join(root, file))));
}

const foreign = (file: string): string =>
  `${file} was not written by an earlier run, so it is not replaced. Move it, or set REPORTS_DIR to another folder.`;

/** The files that the last run published in `root`, relative to it. All of them have been searched. */
export const publishedFiles = (root: string): readonly string[] => [...readManifest(root)];

interface Move {
  readonly from: string;
  readonly to: string;
}

interface Places {
  readonly root: string;
  readonly staged: string;
  readonly replaced: string;
  /** Files that earlier runs wrote, relative to `root`. */
  readonly earlier: ReadonlySet<string>;
}

function movesFor(places: Places, folder: string): readonly Move[] {
  const { root, staged, replaced, earlier } = places;
  const moves: Move[] = [];
  for (const name of new Set([...namesIn(path.join(staged, folder)), ...childrenOf(folder, earlier)])) {
    const entry = path.join(folder, name);
    const [from, to] = [path.join(staged, entry), path.join(root, entry)];
    const [coming, placed] = [statOf(from), statOf(to)];
    if (placed === undefined || isOurs(places, entry)) {
      if (placed !== undefined) moves.push({ from: to, to: path.join(replaced, entry) });
      if (coming !== undefined) moves.push({ from, to });
    } else if (placed.isDirectory() && coming?.isDirectory() !== false) {
      moves.push(...movesFor(places, entry));
    } else {
      throw new StagingError('not-ours', foreign(to));
    }
  }
  return moves;
}

/** A file that an earlier run wrote, or a folder that holds nothing else. */
function isOurs({ root, earlier }: Places, entry: string): boolean {
  const isFolder = statOf(path.join(root, entry))?.isDirectory() ?? false;
  return isFolder ? filesBelow(path.join(root, entry)).every((file) => earlier.has(path.join(entry, file))) : earlier.has(entry);
}

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

function childrenOf(folder: string, files: ReadonlySet<string>): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}${path.sep}`;
  return [...files].filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length).split(path.sep)[0] ?? '');
}

function namesIn(dir: string): readonly string[] {
  return statOf(dir)?.isDirectory() ? readdirSync(dir) : [];
}

/** Does not follow links. */
function statOf(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

/** A path that leads out of the folder is ignored. */
function readManifest(root: string): ReadonlySet<string> {
  try {
    const { files } = JSON.parse(readFileSync(path.join(root, manifestName), 'utf8')) as { readonly files: readonly string[] };
    return new Set(files.map((file) => path.normalize(file)).filter((file) => !path.isAbsolute(file) && file.split(path.sep)[0] !== '..'));
  } catch {
    return new Set();
  }
}

function writeManifest(root: string, staged: string, files: ReadonlySet<string>): void {
  const written = path.join(path.dirname(staged), manifestName);
  writeFileSync(written, `${JSON.stringify({ files: [...files].sort() }, undefined, 2)}\n`);
  renameSync(written, path.join(root, manifestName));
}
