/** A key of its own for each test, and folders that go away with it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from './tunnel.ts';

const random = (): string => randomBytes(3).toString('hex').slice(1);

/** Every escaping escapes something in each run of 12 of its characters. */
export const newKey = (): string => `${random()}"${random()}<${random()}&+${random()}/${random()}>${random()}`;

interface Folders {
  /** For REPORTS_DIR. */
  reports: string;
  /** For what a test needs beside them. */
  aside: string;
}

const folder = async ({}, use: (folder: string) => Promise<void>): Promise<void> => {
  const made = mkdtempSync(join(tmpdir(), 'leaks-'));
  await use(made);
  rmSync(made, { recursive: true, force: true });
};

export const test = base.extend<Folders>({ reports: folder, aside: folder });
