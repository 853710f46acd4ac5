/** Reads `known-differences.yaml` from the folder in which a command is started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import { parseKnownDifferences } from '../specifications/known-differences.ts';
import { SpecError } from '../specifications/source.ts';
import { isSystemError } from '../system-error.ts';
import type { KnownDifference } from './known.ts';

const name = 'known-differences.yaml';

/** Empty if there is no such file. @throws UsageError with every mistake in it and its line. */
export function readKnownDifferences(folder: string): readonly KnownDifference[] {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw new UsageError([`${name} cannot be read. Make it a readable file, or remove it.`]);
  }
  try {
    return parseKnownDifferences(text, name) as readonly KnownDifference[];
  } catch (error) {
    if (error instanceof SpecError) throw new UsageError(error.message.split('\n'));
    throw error;
  }
}
