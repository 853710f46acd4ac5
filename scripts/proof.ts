/** `npm run proof`: can the suite tell? Runs the suite's own tests: by default all that do not start commands, otherwise the files named by the arguments. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withoutOurs } from '../src/configuration/environment.ts';
import { root } from '../src/root.ts';

/** `--reporter` replaces the configured reporters, so the matrix has to be added. */
const withMatrix = (reporters: string): string => `${reporters},${join(root, 'proof/matrix-reporter.ts')}`;

const args = process.argv.slice(2).map((each, index, all) => {
  if (each === '--repeat' || each.startsWith('--repeat=')) return each.replace('--repeat', '--repeat-each');
  if (each.startsWith('--reporter=')) return withMatrix(each);
  return all[index - 1] === '--reporter' ? withMatrix(each) : each;
});
// Files that are named are run even if they start commands.
const names = args.some((each, index) => !each.startsWith('-') && !(args[index - 1] ?? '').startsWith('-'));

/** In MiB: hundreds of hosts in one process leave a lot of garbage. Collecting it less often saves an eighth of the time. */
const largerYoungGeneration = '--max-semi-space-size=64';

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
  {
    env: { ...withoutOurs(process.env), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${largerYoungGeneration}`.trim() },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 4;
