/**
 * What a test needs to know of the run to describe its result, handed over beside the recordings as parsed JSON: to read specifications in a
 * worker would load YAML and Ajv there, which takes longer than to judge. Written before the first recording, so it is there with any of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunContext } from './description.ts';

/** In the folder of the recordings; no part of them. */
export const contextName = 'run-context.json';

/** Throws what the file system does. */
export const handOverContext = (folder: string, context: RunContext): void =>
  writeFileSync(join(folder, contextName), JSON.stringify(context));

/** Throws if it is not there yet. */
export const contextIn = (folder: string): RunContext => JSON.parse(readFileSync(join(folder, contextName), 'utf8')) as RunContext;
