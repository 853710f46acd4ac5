/** A new key for each test, and folders that are removed after it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidOf } from '../src/report/allure/description.ts';
import { textOf } from '../src/report/allure/history.ts';
import { fold } from '../src/report/fold.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { runOf, versions } from './report-runs.ts';
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

/** Files of an earlier run against LeadConduit at this URL, with this message in its history. */
export function earlierRun(url: URL, message: string): Readonly<Record<string, string>> {
  const run = runOf([], { startedAt: '2025-01-01T00:00:00.000Z', target: { kind: 'own', products: { leadconduit: url.origin } } });
  const stop = Date.parse(run.startedAt);
  const testResults = { [uuidOf('failure-status', 'leadconduit')]: { status: 'failed', stop, error: { message } } } as const;
  return {
    'conformance.json': JSON.stringify(fold(run, loadDocumentation(), versions)),
    'allure/history.jsonl': textOf([{ uuid: 'earlier', timestamp: stop, testResults }]),
  };
}
