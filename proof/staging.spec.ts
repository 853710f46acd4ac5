/** A run is published completely or not at all, other files in REPORTS_DIR stay there, and two runs never write there at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStaging, type Staging } from '../src/publish/staging.ts';
import { StagingError } from '../src/publish/staging-error.ts';
import { test as base, expect } from './test.ts';

/** `reports` is an empty folder that is removed after the test. */
const test = base.extend<{ reports: string }>({
  reports: async ({}, use) => {
    const reports = fs.mkdtempSync(path.join(tmpdir(), 'staging-'));
    await use(reports);
    fs.rmSync(reports, { recursive: true });
  },
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
}

/** All files with their text, without the list of published files. */
function tree(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory());
  const names = files
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => name !== '.conformance-files.json');
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

function staged(reports: string, files: Readonly<Record<string, string>>): Staging {
  const staging = openStaging(reports);
  write(staging.dir, files);
  return staging;
}

async function run(reports: string, files: Readonly<Record<string, string>>): Promise<void> {
  await staged(reports, files).publish();
}

/** A process that opens the folder, prints `open` or the reason why it cannot, and waits to be killed. With `moves`, it publishes and dies before one of its renames. */
async function otherRun(reports: string, moves = Number.POSITIVE_INFINITY): Promise<{ child: ChildProcess; said: string }> {
  const door = JSON.stringify(path.join(__dirname, '../dist/src/publish/staging.js'));
  const code = `const fs = require('fs'), { renameSync } = fs, [reports, moves] = process.argv.slice(1);
    const said = (text) => { process.stdout.write(text); setInterval(() => {}, 1000); };
    let left = Number(moves);
    fs.renameSync = (...move) => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); renameSync(...move); };
    try {
      const staging = require(${door}).openStaging(reports);
      for (const file of ['a', 'new']) fs.writeFileSync(staging.dir + '/' + file, 'half');
      said('open');
      if (left < Infinity) staging.publish();
    } catch (error) { said(error.code); }`;
  const child = spawn(process.execPath, ['-r', './scripts/compile.cjs', '-e', code, reports, String(moves)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said) };
}

async function kill({ child }: { child: ChildProcess }): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a run replaces what the previous one wrote and nothing else', async ({ reports }) => {
  write(reports, { 'README.md': 'ours', 'notes/a.txt': 'ours' });
  await run(reports, { 'index.html': '1', 'data/a.json': '1', 'data/deep/b.json': '1', 'only-then.xml': '1', file: '1', 'folder/c': '1' });
  write(reports, { 'data/deep/mine.txt': 'ours' });
  await run(reports, { 'index.html': '2', 'data/a.json': '2', 'data/c.json': '2', 'file/d': '2', folder: '2' });
  expect(tree(reports)).toEqual({
    'README.md': 'ours',
    'notes/a.txt': 'ours',
    'data/deep/mine.txt': 'ours',
    'index.html': '2',
    'data/a.json': '2',
    'data/c.json': '2',
    'file/d': '2',
    folder: '2',
  });
  await run(reports, {});
  expect(tree(reports)).toEqual({ 'README.md': 'ours', 'notes/a.txt': 'ours', 'data/deep/mine.txt': 'ours' });
  expect(fs.readdirSync(reports).sort()).toEqual(['.conformance-files.json', 'README.md', 'data', 'notes']);
});

test('until a run is published it is hidden and the last report is intact; a discarded run leaves nothing', async ({ reports }) => {
  await run(reports, { 'index.html': '1' });
  const staging = staged(reports, { 'index.html': '2', 'b.html': '2' });
  expect(path.relative(reports, staging.dir)).toMatch(/^\./);
  expect(fs.readdirSync(reports).filter((name) => !name.startsWith('.'))).toEqual(['index.html']);
  expect(fs.readFileSync(path.join(reports, 'index.html'), 'utf8')).toBe('1');
  await staging.discard();
  expect(tree(reports)).toEqual({ 'index.html': '1' });
});

test('other users cannot read a run before it has been searched', async ({ reports }) => {
  const staging = openStaging(reports);
  expect(fs.statSync(path.dirname(staging.dir)).mode & 0o077).toBe(0);
  await run(path.join(reports, 'new', 'folder'), { a: '1' });
  expect(fs.statSync(path.join(reports, 'new', 'folder', 'a')).mode & 0o044).toBe(0o044 & ~process.umask());
});

test('files that no run wrote are never replaced: the run fails, and nothing is moved', async ({ reports }) => {
  await run(reports, { 'old.xml': '0' });
  await run(reports, { 'a.html': '1', 'data/b.json': '1' });
  write(reports, { 'old.xml': 'ours', 'data/z.json': 'ours' });
  const before = tree(reports);
  for (const files of [{ 'a.html': '2', 'old.xml': '2' }, { 'a.html': '2', 'data/z.json': '2' }, { data: '2' }, { 'old.xml/a': '2' }]) {
    const staging = staged(reports, files);
    await expect(staging.publish()).rejects.toThrow(/was not written by an earlier run/);
    await staging.discard();
    expect(tree(reports)).toEqual(before);
  }
});

test('a user’s file with the name of a report is rejected before anything is sent; one from an earlier version is removed', async ({
  reports,
}) => {
  await run(reports, { 'page.html': '1', 'junit.xml': '1' });
  write(reports, { 'index.html': 'ours' });
  expect(() => openStaging(reports)).toThrow(/index\.html was not written by an earlier run/);
  expect(tree(reports)).toMatchObject({ 'index.html': 'ours' });
  fs.renameSync(path.join(reports, 'index.html'), path.join(reports, 'summary.md'));
  expect(() => openStaging(reports)).toThrow(/summary\.md was not written by an earlier run/);
  fs.rmSync(path.join(reports, 'summary.md'));
  await run(reports, { 'index.html': '2' });
  expect(tree(reports)).toEqual({ 'index.html': '2' });
});

test('a move that fails undoes the others', async ({ reports }) => {
  await run(reports, { 'a.html': '1', 'b.html': '1' });
  const staging = staged(reports, { 'a.html': '2', 'b.html': '2', 'c.html': '2' });
  write(path.dirname(staging.dir), { 'replaced/b.html/in-the-way': '' });
  await expect(staging.publish()).rejects.toThrow(/The last report is still there/);
  await staging.discard();
  expect(tree(reports)).toEqual({ 'a.html': '1', 'b.html': '1' });
  write(reports, { 'c.html': 'ours' });
  await expect(run(reports, { 'c.html': '3' })).rejects.toThrow(/c\.html was not written/);
});

test('entries that lead out of the folder are ignored in the list of published files', async ({ reports }) => {
  write(reports, {
    'kept.txt': 'ours',
    'in/.conformance-files.json': JSON.stringify({ files: ['../kept.txt', path.join(reports, 'kept.txt'), 'a'] }),
    'in/a': '1',
  });
  await run(path.join(reports, 'in'), { b: '2' });
  expect(tree(reports)).toMatchObject({ 'kept.txt': 'ours', 'in/b': '2' });
  expect(fs.existsSync(path.join(reports, 'in/a'))).toBe(false);
  write(reports, { 'in/.conformance-files.json': 'torn' });
  await expect(run(path.join(reports, 'in'), { b: '3' })).rejects.toThrow(StagingError);
});

test('if two runs start at once, the second is rejected until the first has ended', async ({ reports }) => {
  const staging = openStaging(reports);
  expect(() => openStaging(reports)).toThrow(expect.objectContaining({ code: 'in-use' }));
  const other = await otherRun(reports);
  expect(other.said).toBe('in-use');
  expect(fs.readdirSync(reports)).toEqual([path.basename(path.dirname(staging.dir))]);
  await staging.discard();
  await kill(other);
  await run(reports, { a: '1' });
  expect(tree(reports)).toEqual({ a: '1' });
});

test('a run that has ended does not affect the next one', async ({ reports }) => {
  const first = staged(reports, { a: '1' });
  await first.publish();
  const second = staged(reports, { a: '2' });
  await first.discard();
  expect(() => openStaging(reports)).toThrow(expect.objectContaining({ code: 'in-use' }));
  await second.publish();
  expect(tree(reports)).toEqual({ a: '2' });
});

test('a live run keeps others out; a killed one does not, and nothing of it remains', async ({ reports }) => {
  const other = await otherRun(reports);
  expect(other.said).toBe('open');
  expect(() => openStaging(reports)).toThrow(new RegExp(`Another run is writing to .*\\(process ${other.child.pid}\\)`));
  await kill(other);
  await run(reports, { a: '1' });
  expect(fs.readdirSync(reports).sort()).toEqual(['.conformance-files.json', 'a']);
});

test('a run that is over never looks like a killed one, however long it takes to remove what it wrote', async ({ reports }) => {
  const staging = openStaging(reports);
  const lock = path.dirname(staging.dir);
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`${index}`, '']));
  for (const folder of ['files', 'replaced']) write(path.join(lock, folder), many);
  const code = `const fs = require('fs'), [lock] = process.argv.slice(1);
    process.stdout.write('looks');
    for (;;) {
      if (fs.existsSync(lock + '/owner.json')) continue;
      process.stdout.write(fs.existsSync(lock) ? ' half' : ' nothing');
      break;
    }`;
  const child = spawn(process.execPath, ['-e', code, lock], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await staging.discard();
  expect(String((await once(child.stdout, 'data'))[0])).toBe(' nothing');
});

test('if several runs find the remains of a killed one, one of them continues', async ({ reports }) => {
  await kill(await otherRun(reports));
  const others = await Promise.all(Array.from({ length: 3 }, () => otherRun(reports)));
  expect(others.map(({ said }) => said).sort()).toEqual(['in-use', 'in-use', 'open']);
  await Promise.all(others.map(kill));
});

test('a run that is killed during any move of its publication leaves only files that the next one replaces', async ({ reports }) => {
  // The renames: the list of files, a out and in, the new file in, b out, the list again.
  await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (moves) => {
      const folder = path.join(reports, String(moves));
      write(folder, { 'README.md': 'ours' });
      await run(folder, { a: '1', b: '1', c: '1' });
      const { child } = await otherRun(folder, moves);
      if (child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      await run(folder, { d: '3' });
      expect(tree(folder)).toEqual({ 'README.md': 'ours', d: '3' });
    }),
  );
});

test('a folder that is not writable is named', ({ reports }) => {
  write(reports, { file: '' });
  for (const folder of ['file', 'file/reports']) {
    const place = path.join(reports, folder);
    expect(() => openStaging(place)).toThrow(
      folder === 'file'
        ? `REPORTS_DIR (${place}) cannot be written: it is not a folder (EEXIST). Set REPORTS_DIR to another folder, then run again.`
        : `REPORTS_DIR (${place}) cannot be written: a part of the path is not a folder (ENOTDIR).`,
    );
  }
});

test('a folder that one may not write to is named, and so is one in it', ({ reports }) => {
  test.skip(process.getuid?.() === 0, 'root may write everywhere');
  fs.chmodSync(reports, 0o555);
  for (const place of [reports, path.join(reports, 'new', 'folder')])
    expect(() => openStaging(place)).toThrow(`REPORTS_DIR (${place}) cannot be written: permission is denied (EACCES).`);
  fs.chmodSync(reports, 0o755);
});
