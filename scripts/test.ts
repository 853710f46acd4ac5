/** `npm test`: types, lint, the proof, and a conformance run on the embedded host. Ignores the user's `.env` and variables. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutOurs } from '../src/configuration/environment.ts';
import { moduleAt, root } from '../src/root.ts';

const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const reports = mkdtempSync(join(tmpdir(), 'conformance-test-'));

const steps: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['types', [bin('tsc')]],
  ['lint', [bin('biome'), 'check', '.']],
  ['proof', [process.execPath, join(__dirname, 'proof.js'), '--project=pages', '--project=commands']],
  ['conformance', [process.execPath, moduleAt('src/commands/conformance')]],
];

const env: NodeJS.ProcessEnv = { ...withoutOurs(process.env), REPORTS_DIR: reports };

const failed = steps.filter(([name, [command = '', ...args]]) => {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  console.log(`== ${name}: ${status === 0 ? 'passed' : `failed (exit code ${status})`} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return status !== 0;
});
rmSync(reports, { recursive: true, force: true });
console.log(`\n${steps.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
