/** Judging a recording again gives the same verdicts, checks and findings, without a host, a key or a request. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../src/host/host.ts';
import { writeRecordings } from '../src/recording/files.ts';
import type { Conformance } from '../src/report/model.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { conformance, start } from './command.ts';
import { answering, bringsKey, contentType, follows, refusal } from './hosts.ts';
import { productWith } from './recordings.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'from-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const to = (name: string): string => join(folder, name);
const reported = (name: string): Omit<Conformance, 'durationMs'> => {
  const { durationMs: _, ...rest } = JSON.parse(readFileSync(join(to(name), 'conformance.json'), 'utf8')) as Conformance;
  return rest;
};

/** Including what a page holds in base64. */
const unpacked = (text: string): string =>
  [text, ...[...text.matchAll(/"([\w+/]{40,}={0,2})"/g)].map(([, packed = '']) => Buffer.from(packed, 'base64').toString('utf8'))].join(
    '\n',
  );

test('a host that violates, judged again after it was stopped', async () => {
  const key = randomBytes(20).toString('hex');
  const host = await answering((request, response) =>
    bringsKey(request, key)
      ? follows(request, response, key)
      : void response.writeHead(401, { 'Content-Type': contentType }).end(`${refusal}\n`),
  )(key);
  const variables = { LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key };
  const first = await conformance([], { ...variables, REPORTS_DIR: to('one') }).finally(() => host.close());
  expect(first.code, first.text).toBe(1);
  const again = await conformance(['--from', to('one')], { REPORTS_DIR: to('two') });
  expect(again.code, again.text).toBe(1);
  expect(again.text).toMatch(/Judged again from a recording of .* UTC, made by version /);
  expect(reported('two')).toEqual(reported('one'));
  for (const file of ['index.html', 'summary.md', 'junit.xml', 'allure/index.html'])
    expect(unpacked(readFileSync(join(to('two'), file), 'utf8')).includes('Judged again from a recording'), file).toBe(true);

  // From a recording into the same folder; only a part of it; with hosts and keys that must not be used.
  expect((await conformance(['--from', join(to('two'), 'recording')], { REPORTS_DIR: to('two') })).code).toBe(1);
  expect(reported('two')).toEqual(reported('one'));
  const unused = { LEADCONDUIT_URL: 'http://127.0.0.1:9', RESET_COMMAND: 'false', ACTIVEPROSPECT_API_KEY: key };
  const part = await conformance(['--from', to('one'), '--grep', '^failure-status$'], { ...unused, REPORTS_DIR: to('three') });
  expect(part.code, part.text).toBe(0);
  expect(reported('three').requirements.find(({ id }) => id === 'failure-status')?.verdict).toBe('conforms');
  expect(reported('three').requirements.find(({ id }) => id === 'failure-body')?.needs).toBe('not selected');
  for (const file of readdirSync(to('one'), { recursive: true, encoding: 'utf8' }).filter((each) => /\.har$/.test(each)))
    expect(readFileSync(join(to('one'), file), 'utf8')).not.toContain(key);
});

test('a reset by commands, with the account’s reset in its own file', async () => {
  const host = await startHost({ products: loadProducts() });
  const account = host.openAccount();
  const post = (path: string): string =>
    `'${process.execPath}' -e 'fetch(process.argv[1], { method: "POST", headers: { Accept: "text/plain" } }).then((answer) => answer.text()).then(console.log)' ${host.account}/accounts/${account.id}${path}`;
  const variables = {
    ACTIVEPROSPECT_API_KEY: account.key,
    LEADCONDUIT_URL: host.urlOf('leadconduit'),
    SUPPRESSIONLIST_URL: host.urlOf('suppressionlist'),
    RESET_COMMAND: post('/reset'),
    LOGIN_COMMAND: post('/logins/$PRODUCT'),
  };
  const first = await conformance(['--reset'], { ...variables, REPORTS_DIR: to('one') }).finally(() => host.close());
  expect(first.code, first.text).toBe(0);
  expect(readdirSync(join(to('one'), 'recording')).sort()).toEqual(['account.har', 'leadconduit.har', 'suppressionlist.har']);
  const again = await conformance(['--from', to('one')], { REPORTS_DIR: to('two') });
  expect(again.code, again.text).toBe(0);
  expect(reported('two')).toEqual(reported('one'));
  expect(again.text).toMatch(/leadconduit: the new key first worked/);
});

test('a reset by a person', async () => {
  const host = await startHost({ products: loadProducts() });
  const account = host.openAccount();
  const key = host.reset(account.id);
  host.login(account.id, 'leadconduit');
  const variables = { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: account.key, LEADCONDUIT_URL: host.urlOf('leadconduit') };
  const first = await start(['--wait', '1s'], { ...variables, REPORTS_DIR: to('one') }, { script: 'verify-reset', cwd: folder }).ended;
  await host.close();
  expect(first.code, first.text).toBe(0);
  const again = await conformance(['--from', to('one')], { REPORTS_DIR: to('two') });
  expect(again.code, again.text).toBe(0);
  expect(reported('two')).toEqual(reported('one'));
});

test('anything but a recording is wrong usage, explained in a sentence', async () => {
  mkdirSync(to('one'));
  writeRecordings(to('one'), [productWith(['accepted'])]);
  const file = join(to('one'), 'leadconduit.har');
  const text = readFileSync(file, 'utf8');
  const wrong = async (args: readonly string[], says: string): Promise<void> => {
    const done = await conformance(args, { REPORTS_DIR: to('wrong') });
    expect(done.text).toContain(says);
    expect(done.text).not.toMatch(/^ +at /m);
    expect(done.code, done.text).toBe(2);
  };
  await wrong(['--from', to('nowhere')], 'holds no recording');
  await wrong(['--from', to('one'), '--preflight'], 'leave out --preflight');
  await wrong(['--from', to('one'), '--shard', '1/2'], 'leave out --shard');
  await wrong(['--from', to('one'), '--merge', to('one')], 'leave out --merge');
  writeFileSync(file, text.slice(0, -100));
  await wrong(['--from', to('one')], 'leadconduit.har is not JSON');
  writeFileSync(file, text.replace('"version":1,"product"', '"version":2,"product"'));
  await wrong(['--from', to('one')], 'format version 2');
});
