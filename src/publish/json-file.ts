/** Reads JSON from a file that someone may have damaged. */
import { readFileSync } from 'node:fs';
import { isSystemError } from '../system-error.ts';

/** What is in the file, of whatever form; or what is wrong with it, as a sentence. */
export function readJson(file: string): { readonly json: unknown } | { readonly problem: string } {
  try {
    return { json: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `${file} is not JSON.` };
    if (isSystemError(error)) return { problem: `${file} cannot be read (${error.code}).` };
    throw error;
  }
}
