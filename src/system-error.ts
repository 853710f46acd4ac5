/** An error with a code: of the operating system (`ENOENT`), or of Node.js itself (`ERR_BUFFER_TOO_LARGE`). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
