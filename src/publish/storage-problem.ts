/** Why a folder cannot be written, for the person who has to fix it. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSystemError } from '../system-error.ts';

/** A folder that is written to, and the variable by which the user can name another one; undefined where it is an argument. */
export interface WrittenFolder {
  readonly folder: string;
  readonly variable: 'REPORTS_DIR' | 'TMPDIR' | undefined;
}

/** Of Node.js, Playwright and Allure, which keep temporary files there. */
export const temporaryFolder = (): WrittenFolder => ({ folder: tmpdir(), variable: 'TMPDIR' });

/** By the code of the error: what is wrong, and what helps besides another folder. */
const reasons: Readonly<Record<string, readonly [wrong: string, remedy?: string]>> = {
  ENOSPC: ['the disk is full', 'free some space'],
  EDQUOT: ['the disk quota is used up', 'free some space'],
  EFBIG: ['a file would be larger than the limit of this shell', 'raise the limit with ulimit -f'],
  EMFILE: ['too many files are open', 'raise the limit with ulimit -n'],
  EROFS: ['the file system is read-only'],
  EACCES: ['permission is denied'],
  EPERM: ['permission is denied'],
  EEXIST: ['it is not a folder'],
  ENOTDIR: ['a part of the path is not a folder'],
  ENAMETOOLONG: ['the path is too long'],
  ELOOP: ['the path has too many symbolic links'],
  EIO: ['the disk reports an error'],
};

/**
 * Why something could not be written, in two sentences; undefined where the disk is not to blame. The error alone does not tell: a full disk
 * is met in the middle of a file, whose name is not in the error, or by another process. So each folder is tried.
 */
export function storageProblem(error: unknown, folders: readonly WrittenFolder[]): string | undefined {
  for (const each of folders) {
    const code = obstacleIn(each.folder);
    if (code !== undefined) return sentences(each, code);
  }
  const [first] = folders;
  return first !== undefined && isSystemError(error) && ['ENOSPC', 'EDQUOT', 'EFBIG', 'EMFILE', 'EROFS', 'EIO'].includes(error.code)
    ? sentences(first, error.code)
    : undefined;
}

/** The same where it is known which folder it was. */
export function sentences({ folder, variable }: WrittenFolder, code: string): string {
  const [wrong = 'the system refuses it', remedy] = reasons[code] ?? [];
  const other = variable === undefined ? 'name another folder' : `set ${variable} to another folder`;
  const todo = remedy === undefined ? other : `${remedy} or ${other}`;
  const name = variable === undefined ? folder : `${variable} (${folder})`;
  return `${name} cannot be written: ${wrong} (${code}). ${todo.charAt(0).toUpperCase()}${todo.slice(1)}, then run again.`;
}

/** Follows links. Whatever else stands there, or nothing, is no folder. */
export const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** In bytes: a disk with less to spare is full. */
const tried = 64 * 1024;

/** The code of what keeps one from writing to a folder, whether it exists yet or not; undefined where nothing does. */
export function obstacleIn(folder: string): string | undefined {
  try {
    const whole = path.resolve(folder);
    const existing = nearestTo(whole);
    if (!statSync(existing).isDirectory()) return existing === whole ? 'EEXIST' : 'ENOTDIR';
    // Of a read-only file system `mkdir` says no more than that the folder does not exist.
    accessSync(existing, constants.W_OK | constants.X_OK);
    const file = path.join(existing, `.conformance-${randomUUID()}`);
    try {
      writeFileSync(file, Buffer.alloc(tried), { flag: 'wx' });
    } finally {
      rmSync(file, { force: true });
    }
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code;
  }
}

/** The folder itself, or the part of its path that exists. */
function nearestTo(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) === undefined ? nearestTo(path.dirname(folder)) : folder;
}
