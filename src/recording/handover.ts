/**
 * Waits for a recording that another process is making. Its file appears whole, or a file in its place says why there is none.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductId } from '../specifications/model.ts';
import { readRecording, recordingFile } from './files.ts';
import type { Recorded } from './har.ts';

const failureFile = (folder: string, product: ProductId): string => join(folder, `${product}.failed`);

/** In the place of a recording: why there is none. */
export function handOverFailure(folder: string, product: ProductId, message: string): void {
  const file = failureFile(folder, product);
  writeFileSync(`${file}.unfinished`, message);
  renameSync(`${file}.unfinished`, file);
}

/** From one look for a file to the next, in ms. */
const lookMs = 20;

/** @throws Error where the product could not be asked. */
export async function handedOver(folder: string, product: ProductId): Promise<Recorded> {
  for (;;) {
    const file = recordingFile(folder, product);
    if (existsSync(file)) return readRecording(file);
    const failure = failureFile(folder, product);
    if (existsSync(failure)) throw new Error(`${product} could not be asked: ${readFileSync(failure, 'utf8')}`);
    await sleep(lookMs);
  }
}
