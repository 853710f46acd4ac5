/**
 * Judging a recording again gives the same verdicts, checks and findings, without a host, a key or a request. So do the lines of a report
 * that reproduce a finding, pasted into a bare shell; replay.spec.ts has their content.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JSONReport } from '@playwright/test/reporter';
import { allDepartures } from '../src/host/departures.ts';
import { startHost } from '../src/host/host.ts';
import { writeRecordings } from '../src/recording/files.ts';
import type { Conformance } from '../src/report/model.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { conformance, type Done, shell, start } from './command.ts';
import { here } from './here.ts';
import { answering, bringsKey, contentType, follows, refusal, type Serving } from './hosts.ts';
import { productWith } from './recordings.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'from-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const to = (name: string): string => join(folder, name);
const reportedIn = (reports: string): Omit<Conformance, 'durationMs'> => {
  const { durationMs: _, ...rest } = JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
  return rest;
};
const broken = (reports: string): readonly string[] =>
  reportedIn(reports).requirements.flatMap(({ id, verdict }) => (verdict === 'violates' ? [id] : []));

/** Including what a page holds in base64. */
const unpacked = (text: string): string =>
  [text, ...[...text.matchAll(/"([\w+/]{40,}={0,2})"/g)].map(([, packed = '']) => Buffer.from(packed, 'base64').toString('utf8'))].join(
    '\n',
  );

const shown = (text: string, label: string): string => new RegExp(`^ {2}${label} +(.*)$`, 'm').exec(text)?.[1] ?? '';
/** Pastes a line into a bare shell, in which these variables are set but not exported. */
const paste = (line: string, variables: Readonly<Record<string, string>> = {}): Promise<Done> => {
  const settings = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  return shell([...settings, line].join('\n'));
};
/** Runs in this process what a bare shell makes of the line. */
async function pasteHere(line: string, variables: Readonly<Record<string, string>> = {}): Promise<Done> {
  const tells = `#!${process.execPath}\nconsole.log(JSON.stringify({ args: process.argv.slice(2), env: process.env }));`;
  writeFileSync(to('npm'), tells, { mode: 0o755 });
  const { text } = await paste(line, { PATH: `${folder}:${process.env.PATH}`, ...variables });
  const { args, env } = JSON.parse(text) as { args: readonly string[]; env: Readonly<Record<string, string>> };
  expect(args.slice(0, 3)).toEqual(['run', 'conformance', '--']);
  return here(args.slice(3), env);
}

test.describe('a host with an extra byte in its refusals', () => {
  test.describe.configure({ mode: 'serial' });
  const key = randomBytes(20).toString('hex');
  let asked = 0;
  let host: Serving;
  let runs: string;
  let first: Done;
  test.beforeAll(async () => {
    runs = mkdtempSync(join(tmpdir(), 'from-'));
    host = await answering((request, response) => {
      asked += 1;
      if (bringsKey(request, key)) follows(request, response, key);
      else response.writeHead(401, { 'Content-Type': contentType }).end(`${refusal}\n`);
    })(key);
    const variables = { LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key, RUN_NAME: "nightly's", REPORTS_DIR: join(runs, 'one') };
    first = await conformance(['--reporter', 'json'], variables);
  });
  test.afterAll(async () => {
    await host.close();
    rmSync(runs, { recursive: true, force: true });
  });

  test('violates failure-body and nothing else; it fails its test in every reporter, and the worker continues', () => {
    expect(first.code, first.text).toBe(1);
    expect(broken(join(runs, 'one'))).toEqual(['failure-body']);
    const { suites, stats } = JSON.parse(readFileSync(join(runs, 'one/playwright/report.json'), 'utf8')) as JSONReport;
    const tests = suites
      .flatMap((suite) => suite.specs)
      .map(({ title, ok, tests: [test] }) => ({ title, ok, worker: test?.results[0]?.workerIndex }));
    expect(tests.filter(({ ok }) => !ok).map(({ title }) => title)).toEqual(['failure-body › leadconduit']);
    expect(stats.unexpected).toBe(1);
    expect(new Set(tests.map(({ worker }) => worker)).size).toBe(1);
    for (const file of readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((each) => /\.har$/.test(each)))
      expect(readFileSync(join(runs, file), 'utf8')).not.toContain(key);
  });

  test('judged again, into the same folder, without the hosts and keys that are set', async () => {
    const askedBefore = asked;
    const unused = { LEADCONDUIT_URL: host.url, RESET_COMMAND: 'false', ACTIVEPROSPECT_API_KEY: key };
    cpSync(join(runs, 'one'), to('two'), { recursive: true });
    const again = await conformance(['--from', join(to('two'), 'recording')], { ...unused, REPORTS_DIR: to('two') });
    expect(again.code, again.text).toBe(1);
    expect(again.text).toMatch(/Judged again from a recording of .* UTC, made by version /);
    expect(reportedIn(to('two'))).toEqual(reportedIn(join(runs, 'one')));
    for (const file of ['index.html', 'summary.md', 'junit.xml', 'allure/index.html'])
      expect(unpacked(readFileSync(join(to('two'), file), 'utf8')).includes('Judged again from a recording'), file).toBe(true);

    // What was judged again can be, and a part of it.
    const twice = await here(['--from', to('two')], { ...unused, REPORTS_DIR: to('three') });
    expect(twice.code, twice.text).toBe(1);
    expect(reportedIn(to('three'))).toEqual(reportedIn(join(runs, 'one')));
    const part = await here(['--from', to('two'), '--grep', '^failure-status$'], { ...unused, REPORTS_DIR: to('three') });
    expect(part.code, part.text).toBe(0);
    const { requirements } = reportedIn(to('three'));
    expect(requirements.find(({ id }) => id === 'failure-status')?.verdict).toBe('conforms');
    expect(requirements.find(({ id }) => id === 'failure-body')?.needs).toBe('not selected');
    expect(asked).toBe(askedBefore);
  });

  test('reproduced by the lines in its report, with the host and without it', async () => {
    const replayed = await paste(shown(first.text, 'replay'), { ACTIVEPROSPECT_API_KEY: key });
    await host.close();
    expect(replayed.code, replayed.text).toBe(1);
    expect(replayed.text).toContain('✗ failure-body: violates on leadconduit');
    const again = await paste(shown(first.text, 'offline'));
    expect(again.code, again.text).toBe(1);
    expect(again.text).toContain('Judged again from a recording');
    expect(broken(join(runs, 'one'))).toEqual(['failure-body']);
  });
});

test('what a reset by commands found, reproduced by the lines in its report, first without another reset', async () => {
  const departure = allDepartures().find(({ id }) => id === 'old-key-stops/never-revoked');
  const host = await startHost({ products: loadProducts(), ...(departure && { behavior: departure.change }) });
  const account = host.openAccount();
  const kept = to('key');
  writeFileSync(kept, account.key);
  const post = (path: string, then: string): string =>
    `'${process.execPath}' -e 'fetch("${host.account}/accounts/${account.id}${path}", { method: "POST", headers: { Accept: "text/plain" } }).then((answer) => answer.text()).then((text) => { ${then} })'`;
  const commands = {
    RESET_COMMAND: post('/reset', `require("fs").writeFileSync("${kept}", text.trim()); console.log(text)`),
    LOGIN_COMMAND: post("/logins/'$PRODUCT'", ''),
  };
  const key = (): Readonly<Record<string, string>> => ({ ACTIVEPROSPECT_API_KEY: readFileSync(kept, 'utf8') });
  const set = { LEADCONDUIT_URL: host.urlOf('leadconduit'), REPORTS_DIR: to('one') };
  const first = await here(['--reset', '--grep', 'old-key-stops'], { ...set, ...key(), ...commands });
  expect(first.code, first.text).toBe(1);
  const resetKey = key();
  expect(first.text.indexOf('  offline ')).toBeLessThan(first.text.indexOf('  replay '));
  expect(first.text).toContain('  warning   Asking again resets the key again.');
  const again = await pasteHere(shown(first.text, 'offline'));
  expect(again.code, again.text).toBe(1);
  expect(key()).toEqual(resetKey);
  const replayed = await pasteHere(shown(first.text, 'replay'), { ...key(), ...commands });
  await host.close();
  expect(replayed.code, replayed.text).toBe(1);
  expect(key()).not.toEqual(resetKey);
  expect(broken(to('one'))).toEqual(['old-key-stops']);
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
  const again = await here(['--from', to('one')], { REPORTS_DIR: to('two') });
  expect(again.code, again.text).toBe(0);
  expect(reportedIn(to('two'))).toEqual(reportedIn(to('one')));
});

test('anything but a recording is wrong usage, explained in a sentence', async () => {
  mkdirSync(to('one'));
  writeRecordings(to('one'), [productWith(['accepted'])]);
  const file = join(to('one'), 'leadconduit.har');
  const text = readFileSync(file, 'utf8');
  const wrong = async (args: readonly string[], says: string): Promise<void> => {
    const done = await here(args, { REPORTS_DIR: to('wrong') });
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
