/** The history of Allure's report: what is kept of a run, which runs are shown, and where they come from. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, type Result, violates } from '../src/judge/check.ts';
import { Secret } from '../src/keys/secret.ts';
import { type Earlier, earlierIn, historyFile } from '../src/publish/earlier.ts';
import { runFolder } from '../src/publish/run-folder.ts';
import { addRun } from '../src/publish/site.ts';
import { uuidOf } from '../src/report/allure/description.ts';
import { mostRuns, type PastRun, runsBefore, runsIn, textOf, withRun } from '../src/report/allure/history.ts';
import type { Run } from '../src/report/model.ts';
import { onSite } from '../src/report/site-address.ts';
import { published } from './published.ts';
import { checked, embedded, kept, notRun, runOf } from './report-runs.ts';
import { expect, test } from './test.ts';

const id = uuidOf('failure-body', 'leadconduit');
const other = uuidOf('failure-status', 'leadconduit');
const day = (number: number): string => `2025-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const past = (number: number, results: PastRun['testResults'] = {}): PastRun => ({
  uuid: `run-${number}`,
  timestamp: Date.parse(day(number)),
  testResults: results,
});
const days = (runs: readonly PastRun[]): readonly string[] => runs.map(({ uuid }) => uuid);

test.describe('lines', () => {
  test('that are damaged are left out', () => {
    const good = past(1, { [id]: { status: 'failed', stop: 1, error: { message: 'x' } } });
    const damaged = [
      '{',
      '',
      'null',
      '[]',
      JSON.stringify({ ...good, uuid: '../..' }),
      JSON.stringify({ ...good, url: 'javascript:alert(1)' }),
      JSON.stringify({ ...good, timestamp: 'soon' }),
      JSON.stringify({ ...good, testResults: { [id]: { status: 'splendid', stop: 1 } } }),
      JSON.stringify({ ...good, testResults: { __proto__: null, x: { status: 'failed', stop: 1 } } }),
    ];
    expect(runsIn([...damaged, JSON.stringify(good), ...damaged].join('\n'))).toEqual([good]);
    expect(runsIn('')).toEqual([]);
  });

  test('are in order, twenty at most, and this run is among them', () => {
    const many = Array.from({ length: 30 }, (_, index) => past(index + 1));
    expect(days(withRun(many, past(31)))).toEqual(days([...many.slice(-19), past(31)]));
    // Judged again from an old recording.
    expect(days(withRun(many, past(0)))).toEqual(days([past(0), ...many.slice(-19)]));
    expect(days(runsBefore(many, past(31)))).toEqual(days(many.slice(-mostRuns).toReversed()));
    expect(days(runsBefore(many, past(3)))).toEqual(['run-2', 'run-1']);
  });

  test('have a run once: what is judged again replaces what it was before', () => {
    const whole = past(2, { [id]: { status: 'failed', stop: 2 }, [other]: { status: 'passed', stop: 2 } });
    const again = { ...past(2, { [id]: { status: 'passed', stop: 2 } }), uuid: 'again' };
    expect(withRun([past(1), whole, past(3)], again)).toEqual([
      past(1),
      { ...again, testResults: { [id]: { status: 'passed', stop: 2 }, [other]: { status: 'passed', stop: 2 } } },
      past(3),
    ]);
    expect(runsBefore([past(1), whole, past(3)], again)).toEqual([past(1)]);
  });
});

test.describe('from run to run', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'history-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const reports = (): string => join(folder, 'reports');
  const site = (): string => join(folder, 'site');
  const broken = (message: string): readonly Check[] => [violates('nothing', [], 'this', message)];

  /** As the command does it. */
  async function publish(number: number, checks: readonly Check[], earlier?: Earlier, more: Partial<Run> = {}): Promise<string> {
    const results: readonly Result[] = [checked('failure-body', 'leadconduit', checks), notRun('failure-status', 'leadconduit', 'a key')];
    const run = runOf(results, { startedAt: day(number), ...more });
    await published(run, { reports: reports(), earlier });
    return runFolder(run);
  }
  const add = (secrets: readonly Secret[] = []) =>
    addRun({ reportsDir: reports(), site: site(), keep: 20, keepRecordings: 5, matrix: undefined, secrets });
  const lines = (where = reports()): readonly PastRun[] => runsIn(readFileSync(join(where, historyFile), 'utf8'));
  const page = (where = reports()): string => readFileSync(join(where, 'allure/index.html'), 'utf8');

  test('a test keeps how it ended, when, and what was found; one that was not selected keeps nothing', async () => {
    const uuid = await publish(1, broken('that'.repeat(200)));
    const [line] = lines();
    expect(line).toMatchObject({ uuid, timestamp: Date.parse(day(1)) });
    expect(line?.testResults).toEqual({
      [id]: {
        status: 'failed',
        stop: Date.parse(day(1)),
        error: { message: expect.stringMatching(/^expected this, got that.*… \(\d+ more/) },
      },
      [other]: { status: 'skipped', stop: Date.parse(day(1)), error: { message: 'not run: a key' } },
    });
    expect(page()).not.toContain('off-site');
  });

  test('the next run in the folder knows the last ones, of the same target and no other', async () => {
    await publish(1, kept('a'));
    await publish(2, broken('that'));
    expect(lines().map(({ testResults }) => testResults[id]?.status)).toEqual(['passed', 'failed']);
    await publish(3, kept('a'), undefined, { target: embedded });
    expect(lines()).toHaveLength(1);
    writeFileSync(join(reports(), historyFile), 'damaged\n');
    await publish(4, kept('a'), undefined, { target: embedded });
    expect(lines()).toHaveLength(1);
    rmSync(join(reports(), historyFile));
    mkdirSync(join(reports(), historyFile));
    await publish(5, kept('a'), undefined, { target: embedded });
    expect(lines()).toHaveLength(1);
  });

  test('a run of a site knows the runs of its target there, and links to them on that site alone', async () => {
    await publish(1, kept('a'));
    await add();
    await publish(2, kept('a'), undefined, { target: embedded });
    await add();
    rmSync(reports(), { recursive: true });
    const uuid = await publish(3, broken('that'), earlierIn(site()));
    expect(lines().map(({ timestamp }) => timestamp)).toEqual([day(1), day(3)].map((each) => Date.parse(each)));
    expect(page()).toContain('<!--off-site--><script nonce=');
    expect(onSite(page())).not.toContain('off-site');
    await add();
    expect(page(join(site(), 'runs', uuid))).toBe(onSite(page()));
    expect(days(lines(join(site(), 'runs', uuid)))).toEqual([uuid]);
  });

  test('a key in a line is found when the run is added; other lines are not taken along', async () => {
    const key = randomBytes(20).toString('hex');
    const having = (line: PastRun): PastRun => ({ ...line, testResults: { [id]: { status: 'failed', stop: 1, error: { message: key } } } });
    await publish(1, kept('a'));
    await publish(2, kept('a'));
    const [first, second] = lines() as [PastRun, PastRun];
    writeFileSync(join(reports(), historyFile), textOf([first, having(second)]));
    expect((await add([new Secret(key)])).found).toEqual([{ place: historyFile }]);
    expect(readdirSync(join(site(), 'runs'))).toEqual([]);
    writeFileSync(join(reports(), historyFile), textOf([having(first), second]));
    expect((await add([new Secret(key)])).found).toEqual([]);
    expect(days(lines(join(site(), 'runs', second.uuid)))).toEqual([second.uuid]);
  });

  test('runs of earlier versions, and damaged histories, do not keep a run from having one', async () => {
    await publish(1, kept('a'));
    await add();
    await publish(2, kept('a'));
    await add();
    const [first = '', second = ''] = readdirSync(join(site(), 'runs')).sort();
    rmSync(join(site(), 'runs', first, historyFile));
    const uuid = await publish(3, kept('a'), earlierIn(site()));
    expect(days(lines())).toEqual([second, uuid]);
    writeFileSync(join(site(), 'runs', second, historyFile), textOf([past(9)]));
    await publish(4, kept('a'), earlierIn(site()));
    expect(lines()).toHaveLength(1);
  });
});
