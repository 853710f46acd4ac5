/** The gate: searches what is about to be published, file by file and by value. A file that holds a secret or cannot be searched is deleted. */
import { type Dirent, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createMasker } from '../keys/masker.ts';
import { createSearcher, type Searcher } from '../keys/searcher.ts';
import type { Secret } from '../keys/secret.ts';
import { isSystemError } from '../system-error.ts';
import { archiveDepth, isArchive, membersOf, mostUnpacked, Unsearchable } from './archive.ts';
import type { Canaries } from './canaries.ts';

/** The largest file that is read, in bytes: 1 GiB. */
export const largestFile = 1024 * 1024 * 1024;

export interface Place {
  /** The file, relative to the folder, and the members that lead to what was found: `trace.zip > resources/a.json`. Secrets masked. */
  readonly place: string;
}

export interface Search {
  /** Files that were searched, and their size in bytes, without the canaries. */
  readonly files: number;
  readonly bytes: number;
  /** Where a secret was found. These files have been deleted. */
  readonly found: readonly Place[];
  /** What could not be searched completely, and why. It may hold a secret and has been deleted; the caller must treat it as a failure. */
  readonly unsearchable: readonly (Place & { readonly reason: string })[];
  readonly canaries: {
    readonly planted: number;
    /** The kinds of artifact whose canary was not found. If there are any, the search cannot be relied on. */
    readonly missed: readonly string[];
  };
}

/**
 * Reads every file below the folder once, and deletes it if it or its path holds a secret, or if it cannot be searched: an archive
 * that `membersOf` refuses or that lies deeper than `archiveDepth`, a file that cannot be read or is too large, a link or a device.
 * Removes the canaries. Throws what listing or deleting throws; then nothing in the folder may be published.
 */
export async function searchFolder(dir: string, secrets: readonly Secret[], canaries: Canaries): Promise<Search> {
  const known = [...secrets, canaries.secret];
  const searcher = createSearcher(known);
  const mask = createMasker(known);
  const found: Place[] = [];
  const unsearchable: Search['unsearchable'][number][] = [];
  const missed = new Map(canaries.planted);
  let files = 0;
  let bytes = 0;

  for (const { file, entry } of entriesBelow(dir)) {
    // Lets a signal be handled between two files.
    await setImmediate();
    const outcome = searchEntry(path.join(dir, file), file, entry, searcher);
    if (missed.has(file)) {
      if (outcome.kind === 'found') missed.delete(file);
      continue;
    }
    files += entry.isDirectory() ? 0 : 1;
    bytes += outcome.bytes;
    if (outcome.kind === 'clean') continue;
    rmSync(path.join(dir, file), { recursive: true });
    const place = mask(outcome.place);
    if (outcome.kind === 'found') found.push({ place });
    else unsearchable.push({ place, reason: outcome.reason });
  }
  rmSync(path.join(dir, canaries.folder), { recursive: true });
  return { files, bytes, found, unsearchable, canaries: { planted: canaries.planted.size, missed: [...missed.values()] } };
}

/** `no key in 10 files (8.1 MB); all 20 canaries were found`, and how many files could not be searched, if there are any. */
export function describeSearch({ files, bytes, found, unsearchable, canaries }: Search): string {
  const size = bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  const keys = found.length === 0 ? 'no key in' : `a key in ${found.length} of`;
  const unread = unsearchable.length === 0 ? '' : `, ${counted(unsearchable.length, 'file')} not searchable`;
  const { planted, missed } = canaries;
  const caught = missed.length === 0 ? `all ${planted}` : `only ${planted - missed.length} of ${planted}`;
  return `${keys} ${counted(files, 'file')} (${size})${unread}; ${caught} canaries were found`;
}

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** The contents of a folder come before the folder, so that each can be deleted in turn. */
function entriesBelow(dir: string): readonly { readonly file: string; readonly entry: Dirent }[] {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  return entries
    .map((entry) => ({ file: path.relative(dir, path.join(entry.parentPath, entry.name)), entry }))
    .sort((one, other) => (one.file < other.file ? 1 : -1));
}

type Outcome =
  | { readonly kind: 'clean' }
  | { readonly kind: 'found'; readonly place: string }
  | { readonly kind: 'unsearchable'; readonly place: string; readonly reason: string };

function searchEntry(full: string, file: string, entry: Dirent, searcher: Searcher): Outcome & { readonly bytes: number } {
  const refused = (reason: string) => ({ kind: 'unsearchable', place: file, reason, bytes: 0 }) as const;
  if (searcher.finds(file)) return { kind: 'found', place: file, bytes: 0 };
  if (entry.isDirectory()) return { kind: 'clean', bytes: 0 };
  if (!entry.isFile()) return refused('neither a file nor a folder');
  try {
    if (statSync(full).size > largestFile) return refused(`larger than ${largestFile / 1024 / 1024 / 1024} GiB`);
    const bytes = readFileSync(full);
    return { ...searchContent(bytes, file, 0, { searcher, unpacked: 0 }), bytes: bytes.length };
  } catch (error) {
    if (isSystemError(error)) return refused(`cannot be read (${error.code})`);
    throw error;
  }
}

interface FileSearch {
  readonly searcher: Searcher;
  /** What the archives in this file have unpacked to so far, in bytes. */
  unpacked: number;
}

/** Finding a secret outweighs failing to search, so the search goes on after a failure. `depth` counts the archives around the bytes. */
function searchContent(bytes: Buffer, place: string, depth: number, search: FileSearch): Outcome {
  const archives = isArchive(bytes) ? [{ place, archive: bytes }] : [];
  const found = search.searcher.finds(bytes, (part) => {
    if (isArchive(part)) archives.push({ place: `${place} > base64`, archive: part });
  });
  if (found) return { kind: 'found', place };
  let worst: Outcome = { kind: 'clean' };
  for (const each of archives) {
    const outcome = searchArchive(each.archive, each.place, depth, search);
    if (outcome.kind === 'found') return outcome;
    if (outcome.kind === 'unsearchable') worst = outcome;
  }
  return worst;
}

function searchArchive(archive: Buffer, place: string, depth: number, search: FileSearch): Outcome {
  let worst: Outcome = { kind: 'clean' };
  try {
    if (depth === archiveDepth) throw new Unsearchable(`archives within archives, deeper than ${archiveDepth}`);
    for (const { name, bytes } of membersOf(archive)) {
      search.unpacked += bytes.length;
      if (search.unpacked > mostUnpacked) throw new Unsearchable(`unpacks to more than ${mostUnpacked / 1024 / 1024} MiB`);
      const outcome = searchContent(bytes, name === '' ? place : `${place} > ${name}`, depth + 1, search);
      if (outcome.kind === 'found') return outcome;
      if (outcome.kind === 'unsearchable') worst = outcome;
    }
  } catch (error) {
    if (!(error instanceof Unsearchable)) throw error;
    return { kind: 'unsearchable', place, reason: error.message };
  }
  return worst;
}
