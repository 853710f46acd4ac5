/** What changed since an earlier run, and when no comparison is made. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inconclusive, noted, type Result, violates } from '../src/judge/check.ts';
import { earlierIn, lastRun } from '../src/publish/earlier.ts';
import { openStaging } from '../src/publish/staging.ts';
import { changesInWords, changesSince } from '../src/report/changes.ts';
import { fold } from '../src/report/fold.ts';
import type { Conformance, Run } from '../src/report/model.ts';
import { checked, documentation, embedded, kept, notRun, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const before = '2025-01-01T00:00:00.000Z';
const of = (results: readonly Result[], more: Partial<Run> = {}): Conformance => fold(runOf(results, more), documentation, versions);
const earlier = (results: readonly Result[], more: Partial<Run> = {}): Conformance => of(results, { startedAt: before, ...more });
const words = (one: Conformance, other: Conformance) => {
  const changes = changesSince(one, other);
  return changes && changesInWords(changes);
};

const broken = (message = 'that') => [violates('nothing', [], 'this', message)];
const unclear = [inconclusive('nothing', [], 'timeout', 'no answer')];

test('tells what broke, what is kept again and what is no longer judged', () => {
  const one = earlier([
    checked('failure-status', 'leadconduit', kept('a')),
    checked('failure-status', 'trustedform', kept('a')),
    checked('failure-body', 'leadconduit', broken()),
    checked('failure-headers', 'leadconduit', kept('a')),
    checked('key-for-all-products', 'account', kept('a')),
  ]);
  const other = of([
    checked('failure-status', 'leadconduit', broken()),
    checked('failure-status', 'trustedform', broken()),
    checked('failure-body', 'leadconduit', kept('a')),
    checked('failure-headers', 'leadconduit', [noted('a', [], 'this', 'that')]),
    checked('key-for-all-products', 'account', unclear),
  ]);
  expect(words(one, other)).toEqual({
    title: 'Since the run of 2025-01-01 00:00 UTC:',
    items: [
      'newly broken: failure-status on leadconduit, trustedform',
      'kept again: failure-body on leadconduit',
      'no longer judged: key-for-all-products',
    ],
  });
});

test('tells new findings of a promise that was broken before, whatever their numbers are', () => {
  const one = earlier([checked('failure-body', 'leadconduit', broken('accepted (3 of 90 calls)'))]);
  expect(words(one, of([checked('failure-body', 'leadconduit', broken('accepted (1 of 90 calls)'))]))?.items).toEqual([]);
  const other = of([checked('failure-body', 'leadconduit', [...broken('accepted (3 of 90 calls)'), ...broken('refused')])]);
  expect(words(one, other)?.items).toEqual(['new finding: failure-body on leadconduit: expected this, got refused']);
});

test('says that nothing has changed', () => {
  const results = [checked('failure-body', 'leadconduit', kept('a'))];
  expect(words(earlier(results), of(results))).toEqual({ title: 'Nothing has changed since the run of 2025-01-01 00:00 UTC.', items: [] });
});

test('does not count what either run left out', () => {
  const one = earlier([checked('failure-body', 'leadconduit', kept('a'))]);
  expect(words(one, of([checked('failure-status', 'leadconduit', broken())]))?.items).toEqual([]);
  const part = of([notRun('failure-body', 'leadconduit', 'a certificate')]);
  expect(words(one, part)?.items).toEqual(['no longer judged: failure-body on leadconduit']);
});

test('is not made of the same run, another target or another version of the documentation', () => {
  const results = [checked('failure-body', 'leadconduit', kept('a'))];
  expect(changesSince(earlier(results), earlier(results))).toBeUndefined();
  const elsewhere = of(results, { target: { kind: 'own', products: { leadconduit: 'https://other.test' } } });
  expect(words(earlier(results), elsewhere)?.title).toBe('Not compared with the run of 2025-01-01 00:00 UTC, which tested another target.');
  expect(changesSince(earlier(results, { target: embedded }), of(results))).toMatchObject({ reason: 'another target' });
  const ports: Run['target'] = { kind: 'embedded', products: { leadconduit: 'http://127.0.0.1:1' } };
  expect(changesSince(earlier(results, { target: ports }), of(results, { target: embedded }))).toMatchObject({ kind: 'compared' });
  const older = { ...earlier(results), documentation: { page: '', sha256: 'f'.repeat(64) } };
  expect(words(older, of(results))?.title).toContain('another version of the documentation');
});

test.describe('the earlier run', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'changes-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is the last one that was published in the folder', async () => {
    expect(lastRun(folder)).toBeUndefined();
    const staging = openStaging(folder);
    const results = earlier([checked('failure-body', 'leadconduit', kept('a'))]);
    writeFileSync(join(staging.dir, 'conformance.json'), JSON.stringify(results));
    await staging.publish();
    expect(lastRun(folder)?.before(of([]))?.startedAt).toBe(before);
    writeFileSync(join(folder, 'conformance.json'), '{');
    expect(lastRun(folder)).toBeUndefined();
  });

  test('is the one that --since names, or wrong usage', () => {
    const since = join(folder, 'then');
    expect(() => earlierIn(since)).toThrow(
      /then.*cannot be read \(ENOENT\)\. Name the reports folder of an earlier run, or a site of runs\./,
    );
    mkdirSync(since);
    writeFileSync(join(since, 'runs'), '');
    expect(() => earlierIn(since), 'no site, because its runs are a file').toThrow(/conformance\.json cannot be read \(ENOENT\)\. Name/);
    writeFileSync(join(since, 'conformance.json'), '{"verdict":"conforms"}');
    expect(() => earlierIn(since)).toThrow(/is damaged/);
    writeFileSync(join(since, 'conformance.json'), JSON.stringify(earlier([])));
    expect(earlierIn(since).before(of([]))?.startedAt).toBe(before);
  });

  test('is on a site the newest one of the same target that is older', () => {
    const site = join(folder, 'site');
    const add = (name: string, results: Conformance | string): void => {
      mkdirSync(join(site, 'runs', name), { recursive: true });
      writeFileSync(join(site, 'runs', name, 'conformance.json'), typeof results === 'string' ? results : JSON.stringify(results));
    };
    const day = (number: number, more: Partial<Run> = {}): Conformance =>
      of([], { startedAt: `2025-01-0${number}T00:00:00.000Z`, ...more });
    add('1', day(1));
    add('2', day(2));
    add('3', day(3, { target: embedded }));
    add('4', '{"verdict":"conforms"}');
    add('5', day(5));
    writeFileSync(join(site, 'runs', 'a file'), '');
    const found = (now: Conformance): string | undefined => earlierIn(site).before(now)?.startedAt.slice(0, 10);
    expect(found(day(6))).toBe('2025-01-05');
    // A recording that is judged again may be older than the newest run, or be the newest run.
    expect(found(day(5))).toBe('2025-01-02');
    expect(found(day(6, { target: embedded }))).toBe('2025-01-03');
    expect(found(day(6, { target: { kind: 'own', products: { leadconduit: 'https://other.test' } } }))).toBeUndefined();
  });
});
