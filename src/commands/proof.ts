/** `npm run proof`: can the suite tell? Runs the tests of the suite itself, or those whose names match the arguments. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { variableNames } from '../target/environment.ts';
import { root } from './playwright.ts';

const env: NodeJS.ProcessEnv = { ...process.env, CONFORMANCE_NO_DOTENV: '1' };
for (const name of variableNames) delete env[name];
const { status } = spawnSync(
  process.execPath,
  [
    require.resolve('@playwright/test/cli'),
    'test',
    '--config',
    join(root, 'proof/playwright.config.ts'),
    '--reporter=list',
    ...process.argv.slice(2),
  ],
  { env, stdio: 'inherit' },
);
process.exitCode = status ?? 4;
