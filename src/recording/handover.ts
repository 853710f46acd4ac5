/**
 * Waits for a recording that another process is making. Either its complete file appears, or a file that says why there is none.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductId } from '../specifications/model.ts';
import { writeWhole } from '../whole-file.ts';
import { readRecording, recordingFile } from './files.ts';
import type { Recorded } from './har.ts';

const failureFile = (folder: string, product: ProductId): string => join(folder, `${product}.failed`);

/** Writes a file that says why there is no recording. If that cannot be written either, the folder is removed, so that no test waits. */
export function handOverFailure(folder: string, product: ProductId, message: string): void {
  const file = failureFile(folder, product);
  try {
    writeWhole(file, message);
  } catch {
    stopWaiting(folder);
  }
}

/** Ends every wait for a recording that is not there yet. */
export const stopWaiting = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** How often to look for the file, in ms. */
const lookMs = 20;

/** @throws Error if the product's recording failed, or if the run was stopped, so that the file will never be written. */
export async function handedOver(folder: string, product: ProductId): Promise<Recorded> {
  for (;;) {
    const file = recordingFile(folder, product);
    if (existsSync(file)) return readRecording(file);
    const failure = failureFile(folder, product);
    if (existsSync(failure)) throw new Error(`The calls to ${product} could not be recorded: ${readFileSync(failure, 'utf8')}`);
    // Either the folder was removed, or the process that started this one has ended.
    if (!existsSync(folder) || (process.send !== undefined && !process.connected))
      throw new Error(`The run was stopped before the calls to ${product} were recorded.`);
    await sleep(lookMs);
  }
}
