/** Publishes a run as the command does, in this process: reports, search for keys, printout and exit code. */
import { publish } from '../src/commands/publishing.ts';
import type { Secret } from '../src/keys/secret.ts';
import { createVault } from '../src/keys/vault.ts';
import { plantCanaries } from '../src/publish/canaries.ts';
import type { Earlier } from '../src/publish/earlier.ts';
import { openStaging } from '../src/publish/staging.ts';
import type { Run } from '../src/report/model.ts';
import type { Done } from './command.ts';

export interface Where {
  readonly reports: string;
  /** Keys that are searched for. */
  readonly secrets?: readonly Secret[];
  readonly earlier?: Earlier | undefined;
}

/** Resolves to what the command would print, and its exit code. */
export async function published(run: Run, { reports, secrets = [], earlier }: Where): Promise<Done> {
  const staging = openStaging(reports);
  const vault = createVault();
  for (const secret of secrets) vault.add(secret);
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (line: string) => lines.push(line);
  try {
    const code = await publish(run, { staging, canaries: plantCanaries(staging.dir), vault, reportsDir: reports, earlier });
    return { code, text: lines.join('\n') };
  } finally {
    Object.assign(console, { log, error });
    await staging.discard();
  }
}
