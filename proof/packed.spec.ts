/** The package as `npx` runs it: packed, installed in another folder, and started there. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../package.json';
import type { Conformance } from '../src/report/model.ts';
import { type Done, plainEnvironment, root } from './command.ts';
import { textOf } from './documents.ts';
import { expect, test } from './test.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

/** A user's own version of Playwright, which differs from the suite's. */
const another = '@playwright/test@1.55.0';
const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** The text of a picture of a terminal. */
const shownIn = (file: string): string =>
  [...textOf(file).matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, words]) => words?.replaceAll('&#39;', "'")).join(' ');

/** Words, wherever lines end, without the numbers, which differ from run to run. */
const wordsIn = (text: string): readonly string[] =>
  text
    .replaceAll(/\d+(?:[.,]\d+)*/g, 'N')
    .trim()
    .split(/\s+/);

let folder: string;
const at = (name: string): string => join(folder, name);
const packed = (): string => at(`activeprospect-conformance-${version}.tgz`);

test.beforeAll(() => {
  const { status } = npm(root, 'view', '--fetch-retries=0', '--fetch-timeout=10000', another, 'version');
  test.skip(status !== 0, 'npm cannot reach a registry here, so the package cannot be installed.');
  folder = mkdtempSync(join(tmpdir(), 'packed-'));
  const { status: code, stderr } = npm(root, 'pack', '--pack-destination', folder, '--loglevel=error');
  expect(code, stderr).toBe(0);
});
test.afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('runs in an empty folder, prints what the picture in README.md shows, and writes only there', () => {
  install('elsewhere', packed());
  const before = filesOf('elsewhere');
  const { code, text } = npx('elsewhere');
  expect(code, text).toBe(0);
  // The picture begins with the line that was typed.
  expect(wordsIn(text)).toEqual(wordsIn(shownIn('docs/terminal.svg')).slice('$ npm run -s conformance'.split(' ').length));
  expect(existsSync(join(at('elsewhere'), 'reports/allure/index.html'))).toBe(true);
  const { verdict, checks } = JSON.parse(readFileSync(join(at('elsewhere'), 'reports/conformance.json'), 'utf8')) as Conformance;
  expect(verdict).toBe('conforms');
  expect(checks).toBeGreaterThan(600);
  expect(filesOf('elsewhere')).toEqual(before);
  expect(readdirSync(at('elsewhere')).sort()).toEqual(['node_modules', 'package-lock.json', 'package.json', 'reports']);
});

test('takes a command, and lists the commands', () => {
  const wrong = npx('elsewhere', 'conform');
  expect(wrong.text).toBe(
    '"conform" is not a command. Commands: conformance, verify-reset, host, drift, publish-site, report. Each explains itself with --help.\n',
  );
  expect(wrong.code).toBe(2);
  expect(npx('elsewhere', '--help').text).toContain('npx activeprospect-conformance [options]');
  for (const command of ['verify-reset', 'host', 'drift', 'publish-site', 'report'])
    expect(npx('elsewhere', command, '--help').text).toContain(`Usage: npx activeprospect-conformance ${command}`);
});

test('serves the embedded host, also with a broken promise', async () => {
  const child = spawn(process.execPath, [cli('elsewhere'), 'host', '--json', '--departure', 'failure-body/trailing-newline'], {
    cwd: at('elsewhere'),
    env: plainEnvironment(),
  });
  const line = await new Promise<string>((resolve) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk;
        if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
      });
  });
  child.kill('SIGTERM');
  expect(JSON.parse(line)).toMatchObject({ products: { leadconduit: 'http://127.0.0.1:4801' }, key: expect.stringMatching(/^\w{40}$/) });
});

test('removes keys from the environment before anything else is loaded', () => {
  const [first] = readFileSync(cli('elsewhere'), 'utf8').match(/require\('[^']+'\)/) ?? [];
  expect(first).toBe("require('../../../scripts/keys-apart.cjs')");
});

test('runs next to another version of Playwright, and ignores its configuration', () => {
  install('elsewhere', '--save-exact', another);
  writeFileSync(join(at('elsewhere'), 'playwright.config.ts'), "throw new Error('the configuration of somebody else');\n");
  const { code, text } = npx('elsewhere', '--grep', 'failure-body', '--project', 'trustedform');
  expect(code, text).toBe(0);
  const installed = JSON.parse(readFileSync(join(at('elsewhere'), 'node_modules/@playwright/test/package.json'), 'utf8'));
  expect(`@playwright/test@${installed.version}`).toBe(another);
});

test('contains the documents that its messages name', () => {
  for (const name of ['README.md', 'docs/verdicts.md', 'docs/running.md'])
    expect(existsSync(join(at('elsewhere'), 'node_modules/activeprospect-conformance', name)), name).toBe(true);
});

test('docs/packages.md names the file that npm packs', () => {
  expect(readFileSync(join(root, 'docs/packages.md'), 'utf8')).toContain(`npx ./activeprospect-conformance-${version}.tgz`);
});

/** Keeps the settings for npm's registry, but not the variables that `npm test` sets for its commands. */
function npm(cwd: string, ...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const ofThisRun = /^(npm_(?!config_).*|npm_config_(local_)?prefix|INIT_CWD)$/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)));
  return spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
}

function install(name: string, ...what: readonly string[]): void {
  mkdirSync(at(name), { recursive: true });
  const { status, stderr } = npm(at(name), 'install', ...quietly, ...what);
  expect(status, stderr).toBe(0);
}

/** The executable that npm linked. `npx` would start the same file, but takes half a second longer. */
const cli = (name: string): string => join(at(name), 'node_modules/.bin/activeprospect-conformance');

function npx(name: string, ...args: readonly string[]): Done {
  const { status, stdout, stderr } = spawnSync(cli(name), args, { cwd: at(name), env: plainEnvironment(), encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

/** All installed files, with sizes and times. */
function filesOf(name: string): readonly string[] {
  const installed = join(at(name), 'node_modules');
  return readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ file, stats: statSync(join(installed, file), { throwIfNoEntry: false }) }))
    .map(({ file, stats }) => `${file} ${stats?.isFile() ? `${stats.size} ${stats.mtimeMs}` : ''}`)
    .sort();
}
