/** Joining recordings of several runs: complementary parts become one recording, and duplicates are an error. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { judgeAll } from '../src/judge/judges.ts';
import { writeRecordings } from '../src/recording/files.ts';
import type { Recorded } from '../src/recording/har.ts';
import { joinRecordings } from '../src/recording/join.ts';
import { readRecordings } from '../src/recording/read.ts';
import { RecordingError } from '../src/recording/recording-error.ts';
import { exchangesIn } from '../src/recording/stored.ts';
import { first, recorded as recordingOf } from './histories.ts';
import { all, errorOf, ofOneAccount, productWith, withFacts } from './recordings.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, recorded: readonly Recorded[]): string => {
  writeRecordings(join(folder, name), recorded);
  return join(folder, name);
};
const judged = (recorded: readonly Recorded[]) => judgeAll(recorded.map(({ recording }) => recording));

test('products from several folders are in order', () => {
  const [lead, form] = [productWith(all), productWith(all, 'trustedform')];
  expect(joinRecordings([write('a', [form]), write('b', [lead])])).toStrictEqual([lead, form]);
});
test('a reset of one run complements the refusals of another, whichever comes first', () => {
  const refused = productWith(['accepted', 'refused'], 'leadconduit', {
    clockZero: 5000.4,
    startedAt: '2026-02-01T00:00:00.000Z',
    requests: 7,
  });
  const withReset = productWith(['accepted', 'reset'], 'leadconduit', { clockZero: 2000, wrongKeys: 1 });
  const folders = [write('a', [refused]), write('b', [withReset])];
  for (const some of [folders, folders.toReversed()]) {
    const [one, ...others] = joinRecordings(some);
    expect(others).toEqual([]);
    expect(one?.recording.holds).toEqual(['accepted', 'refused', 'reset']);
    expect(one?.facts).toMatchObject({ clockZero: 2000, requests: 16, wrongKeys: 4, startedAt: '2026-01-31T12:00:00.000Z' });
    // On one clock: what was asked at 0 on a clock that started three seconds later.
    expect(one?.recording.second?.attempts[0]?.trial.exchanges[0]?.startedAt).toBe(3000);
    expect(one?.recording.reset).toStrictEqual(withReset.recording.reset);
    expect(one?.others).toHaveLength([...exchangesIn(withReset.recording.first)].length);
    const whole = productWith(all);
    const verdicts = (of: readonly Recorded[]) =>
      judged(of).map(({ requirement, judgement }) => [
        requirement,
        judgement.kind === 'checked' ? judgement.checks.map(({ name, verdict }) => [name, verdict]) : judgement.kind,
      ]);
    expect(verdicts([one as Recorded])).toEqual(verdicts([whole]));
  }
});
test('a run without a reset is complemented by one with a reset, and the joined recording can be written and read', () => {
  const whole = productWith(['accepted', 'refused'], 'leadconduit', { kind: 'own' });
  const without = { ...whole, recording: { ...whole.recording, holds: all } };
  const withReset = { ...productWith(['accepted', 'reset'], 'leadconduit', { kind: 'own', resetOf: 'account' }) };
  const joined = joinRecordings([write('a', [without]), write('b', [withReset])]);
  expect(joined[0]?.recording.reset).toStrictEqual(withReset.recording.reset);
  expect(errorOf(() => joinRecordings([write('a', [without]), write('b', [withReset]), write('d', [withReset])])).message).toContain(
    'both hold',
  );
  const back = readRecordings(write('c', joined));
  expect(readdirSync(join(folder, 'c')).sort()).toEqual(['account.har', 'leadconduit.har']);
  expect(isDeepStrictEqual(judged(back), judged(joined))).toBe(true);
});
test('resets of two accounts are in the files of their products', () => {
  const [lead, form] = [ofOneAccount(1000)[0] as Recorded, ofOneAccount(2000)[1] as Recorded];
  const joined = joinRecordings([write('a', [lead]), write('b', [form])]);
  const back = readRecordings(write('c', joined));
  expect(readdirSync(join(folder, 'c')).sort()).toEqual(['leadconduit.har', 'trustedform.har']);
  expect(back.map(({ recording }) => recording)).toStrictEqual([lead.recording, form.recording]);
});

const repeated: readonly (readonly [name: string, one: Recorded, other: Recorded])[] = [
  ['everything', productWith(all), productWith(all)],
  ['the refusals', productWith(all), productWith(['accepted', 'refused'])],
  ['the reset', productWith(['accepted', 'reset']), productWith(all)],
  ['the first history, which is all that one of them has', productWith(['accepted']), productWith(['accepted', 'refused'])],
  [
    'a history whose preconditions were not met in one of them',
    productWith(['accepted', 'refused']),
    withFacts(recordingOf({ first: first([], { resetsKey: true }), second: undefined, reset: undefined, holds: ['accepted', 'reset'] })),
  ],
];
for (const [name, one, other] of repeated)
  test(`two folders that both have ${name} are an error that names them`, () => {
    const [a, b] = [write('a', [one]), write('b', [other])];
    const error = errorOf(() => joinRecordings([a, b]));
    expect(error).toBeInstanceOf(RecordingError);
    expect(error.message).toBe(`${a} and ${b} both hold recordings of leadconduit: leave one of them out.`);
  });
test('different hosts are not joined, except for the embedded one, whose port changes', () => {
  const parts = (kind: 'own' | 'embedded') => [
    write(`${kind} a`, [productWith(['accepted', 'refused'], 'leadconduit', { kind, baseUrl: 'http://127.0.0.1:1' })]),
    write(`${kind} b`, [productWith(['accepted', 'reset'], 'leadconduit', { kind, baseUrl: 'http://127.0.0.1:2' })]),
  ];
  expect(joinRecordings(parts('embedded'))).toHaveLength(1);
  expect(errorOf(() => joinRecordings(parts('own'))).message).toContain('on different hosts: http://127.0.0.1:1 and http://127.0.0.1:2.');
});
