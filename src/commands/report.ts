/** `npm run report`: opens the front page of the last run in the default browser. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { secretNames } from '../configuration/configuration.ts';
import { readEnvironment } from '../configuration/environment.ts';
import { UsageError } from '../configuration/usage.ts';

function openLast(args: readonly string[]): void {
  if (args.length > 0) throw new UsageError([`${args.join(' ')} is no option of this command: it takes none.`]);
  const { REPORTS_DIR = 'reports' } = readEnvironment(process.env, process.cwd()).values;
  const page = join(resolve(REPORTS_DIR), 'index.html');
  if (!existsSync(page)) throw new UsageError([`There is no report at ${page} yet: npm run conformance writes one.`]);
  open(page);
}

/** The address is printed in any case: there may be no browser on this machine. */
function open(page: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const withoutSecrets = Object.entries(process.env).filter(([name]) => !secretNames.some((secret) => secret === name));
  console.log(pathToFileURL(page).href);
  const child = spawn(opener, [page], { detached: true, stdio: 'ignore', env: Object.fromEntries(withoutSecrets) });
  child.once('error', () => console.log(`${opener} cannot be started: open this address by hand.`));
  child.once('spawn', () => child.unref());
}

try {
  openLast(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
