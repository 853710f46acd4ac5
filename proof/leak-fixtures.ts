/** A new key for each test, and folders that are removed after it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from './tunnel.ts';

const random = (): string => randomBytes(3).toString('hex').slice(1);

/** Contains characters that every kind of escaping changes, in each run of 12. */
export const newKey = (): string => `${random()}"${random()}<${random()}&+${random()}/${random()}>${random()}`;

interface Folders {
  /** For REPORTS_DIR. */
  reports: string;
  /** For other files that a test needs. */
  aside: string;
}

const folder = async ({}, use: (folder: string) => Promise<void>): Promise<void> => {
  const made = mkdtempSync(join(tmpdir(), 'leaks-'));
  await use(made);
  rmSync(made, { recursive: true, force: true });
};

export const test = base.extend<Folders>({ reports: folder, aside: folder });
