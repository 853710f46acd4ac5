/**
 * Where a run writes before anything of it is published: a hidden folder in REPORTS_DIR, which is also the lock that keeps a second run out.
 * It appears there under its name, owner and all, by one rename; it goes away when the run has been published or discarded.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isSystemError } from '../system-error.ts';
import { publish, refuseForeign } from './publication.ts';
import { StagingError } from './staging-error.ts';
import { obstacleIn, sentences } from './storage-problem.ts';

export interface Staging {
  /** An empty folder to write to, an absolute path. */
  readonly dir: string;
  /** Moves what was written into place and takes away what the last run had published. Throws StagingError; then the last report is still whole. */
  publish(): Promise<void>;
  /** Takes away what was written; the last report stays. Does nothing after `publish`. */
  discard(): Promise<void>;
}

/** Of the folder of the run that is writing; others whose names begin with it are remains of runs that were killed. */
const lockName = '.conformance-run';

/** Tokens of the runs that this process has open. */
const open = new Set<string>();

/**
 * Creates REPORTS_DIR if it is missing, and the run's folder in it. What a killed run left behind is removed.
 * Throws StagingError: `in-use` while another run writes there, `not-writable`. Throws UsageError if a report that no run wrote is in the way.
 */
export function openStaging(reportsDir: string): Staging {
  const root = path.resolve(reportsDir);
  const lock = path.join(root, lockName);
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  try {
    mkdirSync(root, { recursive: true });
    refuseForeign(root);
    take(lock, owner);
  } catch (error) {
    if (error instanceof StagingError || !isSystemError(error)) throw error;
    throw new StagingError('not-writable', sentences({ folder: root, variable: 'REPORTS_DIR' }, obstacleIn(root) ?? error.code));
  }
  open.add(owner.token);
  for (const name of readdirSync(root)) if (name.startsWith(`${lockName}-`)) remove(path.join(root, name));

  // Only once: the next run may have the lock by then. And as a whole: half a lock would look like that of a run that was killed.
  const close = () => {
    if (open.delete(owner.token)) remove(putAside(lock, owner));
  };
  return {
    dir: path.join(lock, 'files'),
    publish: async () => {
      publish(root, path.join(lock, 'files'), path.join(lock, 'replaced'));
      close();
    },
    discard: async () => close(),
  };
}

/** What a run of another user left behind may have to stay, which does no harm. */
function remove(remains: string): void {
  try {
    rmSync(remains, { recursive: true, force: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** New for every run: a process id comes back. */
  readonly token: string;
}

/** A folder cannot be renamed onto one that is not empty: of two runs one fails, and a process that sees the lock also sees its owner. */
function take(lock: string, owner: Owner): void {
  for (;;) {
    const made = mkdtempSync(`${lock}-`);
    try {
      mkdirSync(path.join(made, 'files'));
      writeFileSync(path.join(made, 'owner.json'), JSON.stringify(owner));
      renameSync(made, lock);
      return;
    } catch (error) {
      rmSync(made, { recursive: true, force: true });
      // ENOENT: the run that has the lock took this folder for remains.
      if (!isSystemError(error) || !['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code)) throw error;
    }
    const holder = ownerOf(lock);
    if (holder !== undefined && isAlive(holder)) throw new StagingError('in-use', inUse(lock, holder));
    putAside(lock, holder);
  }
}

/** Undefined where there is no lock, or where it has been damaged. */
function ownerOf(lock: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path.join(lock, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Of a run on another machine, or in another container, nothing can be known: it counts as alive. */
function isAlive({ pid, host, token }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return open.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

function inUse(lock: string, { pid, host }: Owner): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return `Another run is writing to ${path.dirname(lock)} (process ${pid}${where}). Wait for it, or set REPORTS_DIR to another folder; if it is over, remove ${lock}.`;
}

/** Moves the lock of a run that is over out of the way, and returns where it is. Another run may have been faster: its lock goes back. */
function putAside(lock: string, over: Owner | undefined): string {
  const aside = `${lock}-${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (ownerOf(aside)?.token !== over?.token) renameSync(aside, lock);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
  return aside;
}
