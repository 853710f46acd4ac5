/**
 * The files of a recording: one for each product, and `account.har` for a reset that all products share. Reading here trusts the file and
 * loads no validator: it is for a process that reads what the same run has just written. All others use `read.ts`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProductId } from '../specifications/model.ts';
import { writeWhole } from '../whole-file.ts';
import { accountResetOf, fromAccountHar, fromHar, type Har, needsAccount, type Recorded, toAccountHar, toHar } from './har.ts';

/** The name of the recording's folder in REPORTS_DIR. */
export const recordingFolder = 'recording';

/** The file of a product, or of the account, in the recording's folder. */
export const recordingFile = (folder: string, product: ProductId | 'account'): string => join(folder, `${product}.har`);

/** Writes the files of these products to a folder, which is made if it is missing. */
export function writeRecordings(folder: string, recorded: readonly Recorded[]): void {
  mkdirSync(folder, { recursive: true });
  addRecordings(folder, recorded);
}

/**
 * Writes the files of these products to a folder that exists: the folder of a run that was stopped is gone, and stays so. The account's file
 * comes first, so that everything that a product's file needs exists before it does. A product may be added as soon as it is complete.
 */
export function addRecordings(folder: string, recorded: readonly Recorded[]): void {
  const [account, ...others] = recorded.flatMap((each) => accountResetOf(each) ?? []);
  // All of them would go to the same file.
  if (others.some(({ reset }) => reset.probes !== account?.reset.probes))
    throw new Error('Products that share an account have different resets.');
  if (account !== undefined) write(recordingFile(folder, 'account'), toAccountHar(account));
  for (const each of recorded) write(recordingFile(folder, each.recording.first.product), toHar(each));
}

/** The recording of a product, from a file that this run has written. */
export function readRecording(file: string): Recorded {
  const har = parsed(file);
  return fromHar(har, needsAccount(har) ? fromAccountHar(parsed(recordingFile(dirname(file), 'account'))) : undefined);
}

const parsed = (file: string): Har => JSON.parse(readFileSync(file, 'utf8'));

/** A judge may be waiting for the file, and reads it as soon as it is there. */
const write = (file: string, har: Har): void => writeWhole(file, JSON.stringify(har));
