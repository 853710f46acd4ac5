/** Errors of the operating system, and what those of writing to a disk mean for a user. */

/** An error with a code: of the operating system (`ENOENT`), or of Node.js itself (`ERR_BUFFER_TOO_LARGE`). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** By the code of the error: what is wrong with the place, and what to do about it. */
const reasons: Readonly<Record<string, readonly [wrong: string, todo: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space'],
  EDQUOT: ['your disk quota is used up', 'Free some space'],
  EFBIG: ['a file would be larger than the limit (ulimit -f)', 'Raise the limit'],
  EROFS: ['the file system is read-only', 'Use another folder'],
  EACCES: ['permission was denied', 'Change its permissions, or use another folder'],
  EPERM: ['the operation is not permitted', 'Change its permissions, or use another folder'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Use another folder'],
  EEXIST: ['it is a file, not a folder', 'Use another folder'],
  EISDIR: ['it is a folder, not a file', 'Move it away'],
  ELOOP: ['it has too many symbolic links', 'Use another folder'],
  ENAMETOOLONG: ['the path is too long', 'Use another folder'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open', 'Close other programs'],
  EIO: ['the disk reports an error', 'Check the disk, or use another folder'],
  ENODEV: ['the disk is gone', 'Use another folder'],
};

/**
 * What is wrong where something could not be written, and what to do, in two sentences; undefined for any other error. `place` is named
 * where the error does not name one: a full disk is met in the middle of a file.
 */
export function storageProblem(error: unknown, place: string): string | undefined {
  if (!isSystemError(error)) return undefined;
  const [wrong, todo] = reasons[error.code] ?? [];
  return wrong === undefined ? undefined : `${error.path ?? place} cannot be written: ${wrong} (${error.code}). ${todo}, then run again.`;
}
