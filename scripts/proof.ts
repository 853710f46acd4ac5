/** `npm run proof`: can the suite tell? Runs the tests of the suite itself, but for those that start its commands, or those whose names match the arguments. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../src/commands/playwright.ts';
import { withoutOurs } from '../src/configuration/environment.ts';

/** A reporter takes the place of those that are configured; the matrix is written all the same. */
const withMatrix = (reporters: string): string => `${reporters},${join(root, 'proof/matrix-reporter.ts')}`;

const args = process.argv.slice(2).map((each, index, all) => {
  if (each === '--repeat' || each.startsWith('--repeat=')) return each.replace('--repeat', '--repeat-each');
  if (each.startsWith('--reporter=')) return withMatrix(each);
  return all[index - 1] === '--reporter' ? withMatrix(each) : each;
});
// Whoever names files gets them, whatever they start.
const names = args.some((each, index) => !each.startsWith('-') && !(args[index - 1] ?? '').startsWith('-'));

/** In MiB: hundreds of hosts in a process leave much behind them. Collected less often, it takes an eighth less time. */
const roomForTheYoung = '--max-semi-space-size=64';

const { status } = spawnSync(
  process.execPath,
  [
    require.resolve('@playwright/test/cli'),
    'test',
    '--config',
    join(root, 'proof/playwright.config.ts'),
    ...(names ? [] : ['--project=proof']),
    ...args,
  ],
  { env: { ...withoutOurs(process.env), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${roomForTheYoung}`.trim() }, stdio: 'inherit' },
);
process.exitCode = status ?? 4;
