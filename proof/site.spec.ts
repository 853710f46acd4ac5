/** A site of runs: what is added to it, what is not, and what its page shows. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPublishSiteOptions } from '../src/commands/publish-site/options.ts';
import { conforms, type Result, violates } from '../src/judge/check.ts';
import { Secret } from '../src/keys/secret.ts';
import { addRun } from '../src/publish/site.ts';
import { resetTables } from '../src/publish/site-resets.ts';
import { openStaging } from '../src/publish/staging.ts';
import { writeRecordings } from '../src/recording/files.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { all, productWith } from './recordings.ts';
import { runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const key = randomBytes(20).toString('hex');
let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reports = (): string => join(folder, 'reports');
const site = (): string => join(folder, 'site');
const runs = (): readonly string[] => readdirSync(join(site(), 'runs')).sort();
const page = (): string => readFileSync(join(site(), 'index.html'), 'utf8');

/** A run, as the command publishes it. */
async function publish(
  startedAt: string,
  name = 'nightly',
  files: Readonly<Record<string, string>> = {},
  more: Partial<Run> = {},
  judgement: Result['judgement'] = { kind: 'checked', checks: [conforms('nothing', [])] },
): Promise<void> {
  const staging = openStaging(reports());
  const results = [{ requirement: 'failure-body', product: 'leadconduit', judgement }] as const;
  const conformance = fold(runOf(results, { startedAt, name, ...more }), loadDocumentation(), versions);
  const all = { 'conformance.json': JSON.stringify(conformance), 'allure/index.html': '<h1>report</h1>', 'badge.json': '{}', ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(join(staging.dir, file, '..'), { recursive: true });
    writeFileSync(join(staging.dir, file), text);
  }
  await staging.publish();
}
const addTo = (to: string, keep = 20, keepRecordings = 5) =>
  addRun({ reportsDir: reports(), site: to, keep, keepRecordings, matrix: undefined, secrets: [new Secret(key)] });
const add = (keep?: number, keepRecordings?: number) => addTo(site(), keep, keepRecordings);

test('runs are listed newest first, each with its reports, and only the latest are kept', async () => {
  for (const day of ['01', '03', '02']) {
    await publish(`2025-01-${day}T03:04:05.678Z`, `run of ${day}`);
    await add(2);
  }
  expect(runs().map((each) => each.slice(0, 10))).toEqual(['2025-01-02', '2025-01-03']);
  expect([...page().matchAll(/run of (\d\d)/g)].map(([, day]) => day)).toEqual(['03', '02']);
  for (const [, link] of page().matchAll(/<a [^>]*href="([^"]+)"/g)) expect(existsSync(join(site(), link ?? '')), link).toBe(true);
});

test('a run that is added twice is listed once', async () => {
  await publish('2025-01-01T00:00:00.000Z');
  await add();
  await add();
  expect(runs()).toHaveLength(1);
});

test('a run that was judged again takes the place of what it was', async () => {
  await publish('2025-01-01T03:04:05.678Z', 'first');
  await add();
  await publish('2025-01-02T03:04:05.678Z', 'second');
  await add();
  await publish('2025-01-01T03:04:05.678Z', 'first', {}, {}, { kind: 'checked', checks: [violates('nothing', [], 'this', 'that')] });
  await add();
  expect(runs()).toHaveLength(2);
  expect(page()).toMatch(/second.*violates.*first/s);
});

test('files that the run did not write are not copied, whatever their names', async () => {
  await publish('2025-01-01T00:00:00.000Z');
  writeFileSync(join(reports(), 'junit.xml'), 'somebody else’s');
  await add();
  expect(readdirSync(join(site(), 'runs', runs()[0] ?? '')).sort()).toEqual(['allure', 'badge.json', 'conformance.json']);
});

test('a key that was put into the reports later is found, and nothing is added', async () => {
  await publish('2025-01-01T00:00:00.000Z');
  writeFileSync(join(reports(), 'allure/index.html'), `<p>${Buffer.from(`X:${key}`).toString('base64')}</p>`);
  expect((await add()).found).toHaveLength(1);
  expect(runs()).toEqual([]);
  expect(existsSync(join(site(), 'index.html'))).toBe(false);
});

test('a run name cannot inject markup into the page', async () => {
  await publish('2025-01-01T00:00:00.000Z', '<script>alert(1)</script>\u202e');
  await add();
  expect(page()).not.toMatch(/<script>alert|\u202e/);
  expect(page()).toContain("default-src 'none'");
  expect(page()).not.toMatch(/(src|href)="https?:/);
});

test('without a run there is nothing to add', async () => {
  await expect(add()).rejects.toThrow('There is no run');
});

test('the badge shows the newest run on a real host, and a run’s front page links back to the site', async () => {
  const target = { kind: 'embedded', products: { leadconduit: 'http://127.0.0.1:49152' } } as const;
  const frontPage = '<header><!--site--></header><!--recording--><a href="recording/leadconduit.har">R</a><!--/recording-->';
  await publish('2025-01-01T00:00:00.000Z', 'staging', { 'badge.json': '{"message":"conforms"}', 'index.html': frontPage });
  await add();
  await publish('2025-01-02T00:00:00.000Z', 'embedded', { 'badge.json': '{"message":"embedded"}' }, { target });
  await add();
  expect(readFileSync(join(site(), 'badge.json'), 'utf8')).toContain('conforms');
  const [first] = runs();
  const shown = readFileSync(join(site(), 'runs', first ?? '', 'index.html'), 'utf8');
  expect(shown).toContain('<a href="../../index.html">All runs</a>');
  expect(shown).toContain('.har');
  expect(page()).toMatch(/<div class="latest conforms"><a [^>]*>✓ Conforms: [^<]*lead\.test/);
});

test('a run shows what broke, and where', async () => {
  const judgement = { kind: 'checked', checks: [violates('nothing', [], 'this', 'that')] } as const;
  await publish('2025-01-01T00:00:00.000Z', 'nightly', {}, {}, judgement);
  await add();
  expect(page()).toContain('<span class="violates">✗ failure-body</span> on leadconduit');
});

test('a promise has a cell for each run, and says since when it is broken; the embedded host comes last', async () => {
  const judgement = { kind: 'checked', checks: [violates('nothing', [], 'this', 'that')] } as const;
  const target = { kind: 'embedded', products: { leadconduit: 'http://127.0.0.1:49152' } } as const;
  await publish('2025-01-01T00:00:00.000Z', 'one');
  await add();
  for (const day of ['02', '03']) {
    await publish(`2025-01-${day}T00:00:00.000Z`, day, {}, {}, judgement);
    await add();
  }
  await publish('2025-01-04T00:00:00.000Z', 'embedded', {}, { target });
  await add();
  const [row] = /<tr data-verdict="violates">.*?<\/tr>/s.exec(page()) ?? [''];
  expect([...row.matchAll(/>([✗✓])<\/a>/g)].map(([, symbol]) => symbol)).toEqual(['✗', '✗', '✓']);
  expect(row).toContain('broken since 2025-01-02, for 2 runs');
  expect(page().match(/Since the run before: newly broken: failure-body on leadconduit/g)).toHaveLength(1);
  const headings = [...page().matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, text]) => text);
  expect(headings).toEqual(['lead.test, form.test', 'The embedded host, which says nothing about a real one', 'All runs']);
  expect(JSON.parse(readFileSync(join(site(), 'badge-leadconduit.json'), 'utf8'))).toMatchObject({ message: 'violates' });
});

test('only the newest runs keep their recordings, and no link leads to one that is gone', async () => {
  const link = '<!--recording--><a href="recording/leadconduit.har">R</a><!--/recording-->';
  const frontPage = `${link}<p>kept</p>${link}`;
  writeRecordings(join(folder, 'recorded'), [productWith(all)]);
  const har = readFileSync(join(folder, 'recorded/leadconduit.har'), 'utf8');
  for (const day of ['01', '02', '03']) {
    await publish(`2025-01-${day}T00:00:00.000Z`, day, { 'index.html': frontPage, 'recording/leadconduit.har': har });
    await add(20, 2);
  }
  const kept = runs().map((run) => existsSync(join(site(), 'runs', run, 'recording/leadconduit.har')));
  expect(kept).toEqual([false, true, true]);
  const linked = runs().map((run) => readFileSync(join(site(), 'runs', run, 'index.html'), 'utf8').includes('.har'));
  expect(linked).toEqual(kept);
  // The times of a reset stay.
  expect(runs().every((run) => existsSync(join(site(), 'runs', run, 'reset-times.json')))).toBe(true);
});

test('runs that are added at once are all there, and what a killed process left goes', async () => {
  mkdirSync(join(site(), '.adding-killed'), { recursive: true });
  utimesSync(join(site(), '.adding-killed'), 0, 0);
  const folders = ['a', 'b', 'c', 'd'].map((name) => join(folder, name));
  for (const [index, to] of folders.entries()) {
    await publish(`2025-01-0${index + 1}T00:00:00.000Z`, `run ${index}`);
    renameSync(reports(), to);
  }
  const once = { site: site(), keep: 20, keepRecordings: 5, matrix: undefined, secrets: [new Secret(key)] };
  await Promise.all(folders.map((reportsDir) => addRun({ ...once, reportsDir })));
  expect(runs()).toHaveLength(4);
  for (const run of runs()) expect(page()).toContain(run);
  expect(readdirSync(site()).filter((name) => name.startsWith('.adding') || /[0-9a-f]{8}-/.test(name))).toEqual([]);
});

test('a site shows how fast each product switched in each run, as a chart and as numbers', () => {
  const points = [
    { startedAt: '2025-01-02T00:00:00.000Z', times: { leadconduit: { firstNewAccepted: 12, lastOldAccepted: 30_000 } } },
    { startedAt: '2025-01-01T00:00:00.000Z', times: { leadconduit: { firstNewAccepted: null, lastOldAccepted: -0.5 } } },
    { startedAt: '2025-01-01T00:00:00.000Z', times: undefined },
  ];
  const shown = resetTables(points);
  expect(shown.match(/<circle/g)).toHaveLength(3);
  expect(shown).toContain('<th scope="row">2025-01-02 00:00 UTC</th><td>12 ms</td><td>30 s</td>');
  expect(shown).toContain('<td>never</td><td>-0.5 ms</td>');
  expect(shown).not.toMatch(/NaN|Infinity/);
  expect(resetTables([{ startedAt: '2025-01-01T00:00:00.000Z', times: undefined }])).toBe('');
});

test('a number of runs to keep is never guessed, since all others are removed', () => {
  expect(readPublishSiteOptions(['public', '--keep', '1', '--keep-recordings=0'])).toEqual({ site: 'public', keep: 1, keepRecordings: 0 });
  for (const [args, says] of [
    [['public', '--keep'], '--keep needs a value: a whole number from 1 to 1000.'],
    [['public', '--keep='], '--keep needs a value'],
    [['public', '--keep-recordings', ' '], '--keep-recordings needs a value: a whole number from 0 to 1000.'],
    [['public', '--keep', '0'], '--keep is 0: not a whole number from 1 to 1000.'],
    [['public', '--keep', '1e1'], '--keep is 1e1: not'],
    [['--keep', 'public'], '--keep is public: not'],
    [['public', '--constructor'], '--constructor is not an option of this command.'],
    [[''], 'Name one folder'],
    [['  '], 'Name one folder'],
  ] as const)
    expect(() => readPublishSiteOptions(args), args.join(' ')).toThrow(says);
});

test('a page that publish-site did not write is not replaced, and nothing is added', async () => {
  await publish('2025-01-01T00:00:00.000Z', 'nightly', { 'index.html': '<title>the report</title>' });
  mkdirSync(site());
  writeFileSync(join(site(), 'index.html'), '<title>somebody else’s</title>');
  for (const [to, text] of [
    [site(), '<title>somebody else’s</title>'],
    [reports(), '<title>the report</title>'],
  ] as const) {
    const before = readdirSync(to);
    await expect(addTo(to)).rejects.toThrow(`${join(to, 'index.html')} was not written by publish-site, so it is not replaced`);
    expect(readdirSync(to)).toEqual(before);
    expect(readFileSync(join(to, 'index.html'), 'utf8')).toBe(text);
  }
});

test('a damaged run of the site is left out of its page and named, and others are added', async () => {
  for (const day of ['01', '02', '03']) {
    await publish(`2025-01-${day}T00:00:00.000Z`, `run of ${day}`);
    await add();
  }
  const [first = '', second = '', third = ''] = runs().map((run) => join(site(), 'runs', run));
  for (const [text, says] of [
    ['', 'is not JSON.'],
    ['null', 'is damaged: '],
    ['{}', 'is damaged: '],
  ] as const) {
    writeFileSync(join(first, 'conformance.json'), text);
    expect((await add()).damaged).toEqual([expect.stringContaining(`${join(first, 'conformance.json')} ${says}`)]);
  }
  rmSync(join(second, 'conformance.json'));
  mkdirSync(join(second, 'conformance.json'));
  writeFileSync(join(third, 'reset-times.json'), '{"leadconduit":7}');
  await publish('2025-01-04T00:00:00.000Z', 'run of 04');
  expect((await add(2)).damaged).toEqual([
    expect.stringContaining(join(first, 'conformance.json')),
    `${join(second, 'conformance.json')} cannot be read (EISDIR).`,
    `${join(third, 'reset-times.json')} is damaged: it does not hold the times of a reset.`,
  ]);
  expect([...page().matchAll(/run of (\d\d)/g)].map(([, day]) => day)).toEqual(['04', '03']);
  expect(runs()).toHaveLength(4);
});

/** What is damaged by writing this text to it; undefined makes a folder of it. */
const damages: readonly (readonly [file: string, text: string | undefined, says: string])[] = [
  ['site/runs', '', 'site/runs is a file, so nothing was added'],
  ['site/badge.json', undefined, 'site/badge.json is a folder, so nothing was added'],
  ['site/index.html', undefined, 'site/index.html was not written by publish-site'],
  ['reports/conformance.json', 'junk', 'reports/conformance.json is not JSON. Run npm run conformance again'],
  ['reports/conformance.json', '{"startedAt":5}', 'reports/conformance.json is damaged: '],
  ['reports/index.html', undefined, 'reports/index.html cannot be read (EISDIR). Run npm run conformance again'],
  ['reports/recording/leadconduit.har', 'junk', 'reports/recording/leadconduit.har is not JSON'],
];
test('what is damaged or in the way is named where the user finds it, and nothing is added', async () => {
  for (const [file, text, says] of damages) {
    await publish('2025-01-01T00:00:00.000Z', 'nightly', { 'index.html': '<header></header>', 'recording/leadconduit.har': '{}' });
    mkdirSync(site());
    const at = join(folder, file);
    rmSync(at, { force: true });
    if (text === undefined) mkdirSync(at);
    else writeFileSync(at, text);
    if (!at.endsWith('.har')) rmSync(join(reports(), 'recording'), { recursive: true });
    const error: unknown = await add().catch((thrown: unknown) => thrown);
    expect(String(error), file).toContain(`${join(folder, says)}`);
    expect(readdirSync(site(), { recursive: true }).filter((name) => name !== 'runs' && join('site', String(name)) !== file)).toEqual([]);
    for (const each of [site(), reports()]) rmSync(each, { recursive: true });
  }
});
