/** The run to compare with: the one that `--since` names, or the last one in REPORTS_DIR. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import type { Conformance } from '../report/model.ts';
import { validateConformance } from '../specifications/conformance.ts';
import { publishedFiles } from './publication.ts';
import { isSystemError } from './system-error.ts';

const name = 'conformance.json';

/** The results in a folder that `--since` names. @throws UsageError if it holds none. */
export function resultsIn(folder: string): Conformance {
  const found = read(join(folder, name));
  if (typeof found === 'string') throw new UsageError([`--since ${folder}: ${found} Name the reports folder of an earlier run.`]);
  return found;
}

/** The last run that was published in the folder; undefined if there is none, or if its results have been changed or removed since. */
export function lastRun(reportsDir: string): Conformance | undefined {
  if (!publishedFiles(reportsDir).includes(name)) return undefined;
  const found = read(join(reportsDir, name));
  return typeof found === 'string' ? undefined : found;
}

/** What is wrong with the file, as a sentence, if it cannot be used. */
function read(file: string): Conformance | string {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return `${file} is not JSON.`;
    if (isSystemError(error)) return `${file} cannot be read (${error.code}).`;
    throw error;
  }
  const [problem] = validateConformance(value);
  return problem === undefined ? (value as Conformance) : `${file} is damaged: ${problem}.`;
}
