/** A clone compiles itself before a command, if a source has changed, and says what is wrong where it cannot. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Done, program, root } from './command.ts';
import { expect, test } from './test.ts';

test.describe.configure({ mode: 'serial' });

let clone: string;
test.beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'compile-'));
  for (const name of ['src', 'tests', 'scripts', 'specs', 'package.json', 'tsconfig.json', 'tsconfig.dist.json'])
    cpSync(join(root, name), join(clone, name), { recursive: true });
});
test.afterAll(() => rmSync(clone, { recursive: true, force: true }));

const help = (): Promise<Done> =>
  program(process.execPath, ['-r', './scripts/compile.cjs', 'dist/src/commands/conformance.js', '--help'], clone);
const compiled = (name: string): string => join(clone, 'dist/src', name);

test('names npm ci where the packages are not installed', async () => {
  const { code, text } = await help();
  expect(text).toBe('The packages of this repository are not installed: run npm ci in it.\n');
  expect(code).toBe(4);
  expect(readdirSync(join(clone, 'dist'))).toEqual([]);
});

test('commands that start at the same time compile side by side, and without packages for development', async () => {
  mkdirSync(join(clone, 'node_modules'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(join(clone, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(clone, 'node_modules', name));
  }
  for (const { code, text } of await Promise.all([help(), help()])) {
    expect(code, text).toBe(0);
    expect(text).toContain('Usage: npm run conformance');
  }
  expect(readdirSync(join(clone, 'dist')).sort()).toEqual([
    'package.json',
    'scripts',
    'sources.txt',
    'specifications.json',
    'src',
    'tests',
  ]);
});

test('nothing is compiled again unless a source has changed; what has no source any more is removed', async () => {
  const at = (): number => statSync(compiled('grouped.js')).mtimeMs;
  const before = at();
  await help();
  expect(at()).toBe(before);
  writeFileSync(compiled('gone.js'), '');
  writeFileSync(join(clone, 'src/new.ts'), 'export const answer: number = 42;\n');
  expect((await help()).code).toBe(0);
  expect(at()).toBeGreaterThan(before);
  expect(readFileSync(compiled('new.js'), 'utf8')).toContain('exports.answer = 42;');
  expect(existsSync(compiled('gone.js'))).toBe(false);
});

test('so is specs/; a file that has changed since is read as it stands', async () => {
  const page = join(clone, 'specs/authentication.yaml');
  const write = (from: string, to: string): void => writeFileSync(page, readFileSync(page, 'utf8').replace(from, to));
  const load = `const { page } = require('./dist/src/specifications/load.js').loadDocumentation();
    console.log(page, Object.keys(require.cache).some((file) => /node_modules.(yaml|ajv)./.test(file)) ? 'read' : 'compiled');`;
  const loaded = async (): Promise<string> => (await program(process.execPath, ['-e', load], clone)).text;
  const documented = 'https://developers.activeprospect.com/docs/authentication';
  expect(await loaded()).toBe(`${documented} compiled\n`);
  write(documented, 'https://moved.test');
  expect(await loaded()).toBe('https://moved.test read\n');
  expect((await help()).code).toBe(0);
  expect(await loaded()).toBe('https://moved.test compiled\n');
  write('sections:', 'sektions:');
  expect((await help()).code).toBe(0);
  expect(await loaded()).toContain('SpecError: specs/authentication.yaml:');
});

test('a mistake is shown with its place, and what was compiled before stays', async () => {
  writeFileSync(join(clone, 'src/new.ts'), 'export const answer = (;\n');
  const { code, text } = await help();
  expect(text).toMatch(/^The sources cannot be compiled:\nsrc\/new\.ts\(1,24\): error TS/);
  expect(text).not.toMatch(/^ +at /m);
  expect(code).toBe(4);
  expect(readFileSync(compiled('new.js'), 'utf8')).toContain('exports.answer = 42;');
});
