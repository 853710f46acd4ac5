/** `npm run report`: opens the front page of the last run in the default browser. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { secretNames } from '../configuration/configuration.ts';
import { readEnvironment } from '../configuration/environment.ts';
import { UsageError } from '../configuration/usage.ts';
import { called } from '../report/called.ts';
import { asksForHelp, helpText, notAnOption } from './help.ts';

const help = helpText({
  usage: called('report'),
  purpose: 'Opens the front page of the last run in REPORTS_DIR in the default browser, and prints its address.',
  options: [],
  exitCodes: [
    [0, 'The address was printed.'],
    [2, 'The options are wrong, or there is no report yet.'],
  ],
  examples: [called('report')],
});

function openLast(args: readonly string[]): void {
  if (asksForHelp(args)) {
    console.log(help);
    return;
  }
  if (args.length > 0) throw new UsageError(args.map(notAnOption));
  const { REPORTS_DIR = 'reports' } = readEnvironment(process.env, process.cwd()).values;
  const page = join(resolve(REPORTS_DIR), 'index.html');
  if (!existsSync(page)) throw new UsageError([`There is no report at ${page} yet: ${called('conformance')} writes one.`]);
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
