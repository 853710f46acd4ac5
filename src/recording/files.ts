/**
 * The files of a recording: one for each product, and `account.har` for a reset that all products share. What reads here trusts the file: it is
 * for a process that reads what the same run has just written, and loads no validator. `read.ts` is for all others.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProductId } from '../specifications/model.ts';
import { accountResetOf, fromAccountHar, fromHar, type Har, needsAccount, type Recorded, toAccountHar, toHar } from './har.ts';

/** The folder of a recording, in REPORTS_DIR. */
export const recordingFolder = 'recording';

/** The file of a product, or of the account, in the folder of a recording. */
export const recordingFile = (folder: string, product: ProductId | 'account'): string => join(folder, `${product}.har`);

/**
 * Writes the files of these products. The account's comes first, so that whoever finds the file of a product finds all that it needs.
 * A product may be written by itself as soon as it is complete.
 */
export function writeRecordings(folder: string, recorded: readonly Recorded[]): void {
  mkdirSync(folder, { recursive: true });
  const [account, ...others] = recorded.flatMap((each) => accountResetOf(each) ?? []);
  // Each of them would be written to the same file.
  if (others.some(({ reset }) => reset.probes !== account?.reset.probes))
    throw new Error('products of one account have resets of their own');
  if (account !== undefined) write(recordingFile(folder, 'account'), toAccountHar(account));
  for (const each of recorded) write(recordingFile(folder, each.recording.first.product), toHar(each));
}

/** What was recorded of a product, from a file that this run has written. */
export function readRecording(file: string): Recorded {
  const har = parsed(file);
  return fromHar(har, needsAccount(har) ? fromAccountHar(parsed(recordingFile(dirname(file), 'account'))) : undefined);
}

const parsed = (file: string): Har => JSON.parse(readFileSync(file, 'utf8'));

/** Complete from the moment at which it can be seen under its name. */
function write(file: string, har: Har): void {
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, JSON.stringify(har));
  renameSync(unfinished, file);
}
