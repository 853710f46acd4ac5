/** Everything published has been searched: the search finds a key wherever it is, and reports it. Keys are made at run time. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { Secret } from '../src/keys/secret.ts';
import { archiveDepth, largestMember } from '../src/publish/archive.ts';
import { plantCanaries } from '../src/publish/canaries.ts';
import { describeSearch, largestFile, searchFolder } from '../src/publish/gate.ts';
import { test as base, expect } from './test.ts';

/** `folder` is empty and removed after the test; `write` creates a file in it, and `tree` lists all its files with their text. */
const test = base.extend<{ folder: string; write: (file: string, content: string | Buffer) => void; tree: () => Record<string, string> }>({
  folder: async ({}, use) => {
    const folder = fs.mkdtempSync(path.join(tmpdir(), 'gate-'));
    await use(folder);
    fs.rmSync(folder, { recursive: true });
  },
  write: async ({ folder }, use) => use((file, content) => writeBelow(folder, file, content)),
  tree: async ({ folder }, use) => use(() => treeOf(folder)),
});

function writeBelow(folder: string, file: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), content);
}

function treeOf(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory());
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

const newKey = () => randomBytes(20).toString('hex');
const search = (folder: string, ...raws: readonly string[]) =>
  searchFolder(
    folder,
    raws.map((raw) => new Secret(raw)),
    plantCanaries(folder),
  );
const zip = (members: Readonly<Record<string, string | Buffer>>) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(members).map(([name, content]) => [name, Buffer.from(content)]))));

/** Written like a stream of unknown size: with data descriptors. */
function streamedZip(name: string, content: string): Buffer {
  const chunks: Uint8Array[] = [];
  const stream = new Zip((_error, chunk) => chunks.push(chunk));
  const member = new ZipDeflate(name);
  stream.add(member);
  member.push(strToU8(content), true);
  stream.end();
  return Buffer.concat(chunks);
}

test('a folder without secrets is not changed, and the summary says what was searched', async ({ folder, write, tree }) => {
  write('index.html', '<p>401</p>'.repeat(300));
  write('data/a.json', '{}');
  write('trace.zip', zip({ 'a.json': '{}', 'b.zip': streamedZip('c.json', '{}') }));
  const before = tree();
  const result = await search(folder, newKey());
  expect(describeSearch(result)).toBe('no key in 3 files (4 kB); all 20 canaries were found');
  expect(tree()).toEqual(before);
  expect(fs.readdirSync(folder).sort()).toEqual(['data', 'index.html', 'trace.zip']);
});

const asJson = (key: string) =>
  JSON.stringify({ headers: [{ name: 'authorization', value: `Basic ${Buffer.from(`API:${key}`).toString('base64')}` }] });
const inBase64 = (content: string | Buffer) => `<script>d("data/a", "${Buffer.from(content).toString('base64')}")</script>`;
const artifacts: Readonly<Record<string, { file: string; content: (key: string) => string | Buffer; place?: string }>> = {
  'a log': { file: 'out/run.log', content: (key) => `sent ${key}\n` },
  'an embedded attachment': { file: 'index.html', content: (key) => inBase64(asJson(key)) },
  'an embedded report, a zip with a zip': {
    file: 'html/index.html',
    content: (key) => inBase64(zip({ 'report.json': '{}', 'trace.zip': streamedZip('0-test.trace', asJson(key)) })),
    place: 'html/index.html > base64 > trace.zip > 0-test.trace',
  },
  'an uncompressed member': { file: 'a.zip', content: (key) => Buffer.from(zipSync({ 'a.json': [strToU8(key), { level: 0 }] })) },
  'a compressed member': { file: 'a.zip', content: (key) => zip({ 'a.json': asJson(key) }), place: 'a.zip > a.json' },
  'a gzipped page': { file: 'a.html.gz', content: (key) => gzipSync(inBase64(gzipSync(key))), place: 'a.html.gz > base64' },
  'two gzip streams in one file': { file: 'a.gz', content: (key) => Buffer.concat([gzipSync('a'), gzipSync(key)]) },
  'the name of a member': { file: 'a.zip', content: (key) => zip({ [`${key}.json`]: '' }) },
  'a readable member next to an unreadable one': {
    file: 'a.zip',
    content: (key) => zip({ 'a.gz': gzipSync('a').subarray(0, 12), 'b.gz': gzipSync(key) }),
    place: 'a.zip > b.gz',
  },
};

for (const [name, { file, content, place = file }] of Object.entries(artifacts)) {
  test(`found in: ${name}`, async ({ folder, write, tree }) => {
    const key = newKey();
    write(file, content(key));
    write('clean.txt', 'nothing');
    const result = await search(folder, newKey(), key);
    expect(result).toMatchObject({ files: 2, found: [{ place }], unsearchable: [], canaries: { missed: [] } });
    expect(tree()).toEqual({ 'clean.txt': 'nothing' });
  });
}

test('a secret in a path is found, even for an empty folder, and is not repeated in the reported place', async ({
  folder,
  write,
  tree,
}) => {
  const key = newKey();
  write(`a/${key}/b.txt`, '');
  write('a/c.txt', '');
  fs.mkdirSync(path.join(folder, Buffer.from(key).toString('base64url')));
  const { found } = await search(folder, key);
  expect(found).toHaveLength(3);
  expect(JSON.stringify(found)).toContain('a/[masked]/b.txt');
  expect(JSON.stringify(found)).not.toContain(key.slice(0, 12));
  expect(tree()).toEqual({ 'a/c.txt': '' });
});

const nested = (content: Buffer, depth: number): Buffer => (depth === 0 ? content : nested(zip({ inner: content }), depth - 1));
const patched = (bytes: Buffer, signature: string, offset: number, value: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(value, copy.indexOf(signature) + offset);
  return copy;
};
const unsearchable: Readonly<Record<string, { content: () => Buffer; reason: RegExp }>> = {
  'archives nested too deeply': { content: () => nested(gzipSync('a'), archiveDepth), reason: /deeper than 3/ },
  'a zip that is cut short': { content: () => zip({ a: 'a'.repeat(99) }).subarray(0, -30), reason: /broken zip/ },
  'a zip with a broken member': { content: () => patched(zip({ a: newKey() }), 'PK\x03\x04', 31, 0xffff), reason: /cannot be unpacked/ },
  'an encrypted zip': { content: () => patched(zip({ a: 'a' }), 'PK\x01\x02', 8, 1), reason: /encrypted/ },
  'an unknown compression method': { content: () => patched(zip({ a: 'a' }), 'PK\x01\x02', 10, 93), reason: /method \(93\)/ },
  'an unlisted member': {
    content: () => patched(zip({ a: newKey(), b: newKey() }), 'PK\x05\x06', 10, 1),
    reason: /belong to no member/,
  },
  'a member before the first listed one': {
    content: () => {
      const bytes = patched(zip({ a: newKey(), b: newKey() }), 'PK\x05\x06', 10, 1);
      const [first, second] = [bytes.indexOf('PK\x01\x02'), bytes.lastIndexOf('PK\x01\x02')];
      return Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]);
    },
    reason: /belong to no member/,
  },
  'a zip after an identical one': {
    content: () => {
      const bytes = zip({ a: newKey() });
      return Buffer.concat([bytes, bytes]);
    },
    reason: /belong to no member/,
  },
  'a gzip with something after its end': {
    content: () => Buffer.concat([gzipSync('a'), Buffer.from([0]), gzipSync(newKey())]),
    reason: /belong to no member/,
  },
  'a gzip that is cut short': { content: () => gzipSync(newKey()).subarray(0, -9), reason: /cannot be unpacked/ },
  'another kind of archive': { content: () => Buffer.from(`\xfd7zXZ\0${newKey()}`, 'latin1'), reason: /xz cannot be opened/ },
};

for (const [name, { content, reason }] of Object.entries(unsearchable)) {
  test(`not published because it cannot be searched: ${name}`, async ({ folder, write, tree }) => {
    const archive = content();
    write('a', archive);
    write('page.html', inBase64(archive));
    write('clean.txt', 'nothing');
    const result = await search(folder, newKey());
    expect(result.found).toEqual([]);
    expect(result.unsearchable.map(({ place }) => place.split(' > ')[0])).toEqual(['page.html', 'a']);
    for (const each of result.unsearchable) expect(each.reason).toMatch(reason);
    expect(describeSearch(result)).toContain(', 2 files not searchable; all');
    expect(tree()).toEqual({ 'clean.txt': 'nothing' });
  });
}

test('decompression bombs are not published either', async ({ folder, write }) => {
  const bomb = gzipSync(Buffer.alloc(largestMember));
  write('a.gz', gzipSync(Buffer.alloc(largestMember + 1)));
  write('b.zip', zip({ a: bomb, b: bomb, c: bomb, d: bomb, e: bomb }));
  const result = await search(folder, newKey());
  expect(result.unsearchable).toEqual([
    { place: 'b.zip', reason: 'unpacks to more than 256 MiB' },
    { place: 'a.gz', reason: 'a member is larger than 64 MiB' },
  ]);
});

test('links and files that are too large are not published either', async ({ folder, write, tree }) => {
  write('large', '');
  fs.truncateSync(path.join(folder, 'large'), largestFile + 1);
  const outside = path.join(folder, '..', path.basename(folder, '.x'));
  fs.symlinkSync(outside, path.join(folder, 'link'));
  const { unsearchable: refused } = await search(folder, newKey());
  expect(refused).toEqual([
    { place: 'link', reason: 'neither a file nor a folder' },
    { place: 'large', reason: 'larger than 1 GiB' },
  ]);
  expect(tree()).toEqual({});
});

test('a canary that was not found is named', async ({ folder }) => {
  const canaries = plantCanaries(folder);
  for (const [file, kind] of canaries.planted) if (/^(hex|zip)$/.test(kind)) fs.writeFileSync(path.join(folder, file), 'flown');
  const result = await searchFolder(folder, [new Secret(newKey())], canaries);
  expect(result.canaries).toEqual({ planted: 20, missed: ['hex', 'zip'] });
  expect(describeSearch(result)).toContain('; only 18 of 20 canaries were found');
});
