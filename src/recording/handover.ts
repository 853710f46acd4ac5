/**
 * Hands recordings from the process that asks to those that judge: a file for each product, in a folder of the run. A file is written under
 * another name and then renamed, so that what is there is whole.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import type { ProductId } from '../specifications/model.ts';
import type { Recording } from './recording.ts';

const fileOf = (folder: string, product: ProductId): string => join(folder, `${product}.bin`);
const failureOf = (folder: string, product: ProductId): string => join(folder, `${product}.failed`);

function write(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

export const handOver = (folder: string, recording: Recording): void =>
  write(fileOf(folder, recording.first.product), serialize(recording));

/** In the place of a recording: why there is none. */
export const handOverFailure = (folder: string, product: ProductId, message: string): void => write(failureOf(folder, product), message);

/** From one look for a file to the next, in ms. */
const lookMs = 20;

/** Waits for a product's recording. @throws Error where it could not be made. */
export async function handedOver(folder: string, product: ProductId): Promise<Recording> {
  for (;;) {
    if (existsSync(fileOf(folder, product))) return deserialize(readFileSync(fileOf(folder, product))) as Recording;
    if (existsSync(failureOf(folder, product)))
      throw new Error(`${product} could not be asked: ${readFileSync(failureOf(folder, product), 'utf8')}`);
    await sleep(lookMs);
  }
}
