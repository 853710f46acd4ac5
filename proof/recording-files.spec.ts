/** The files of a recording: written in one step, read with every mistake named, and joined with those of other runs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import { judgeAll } from '../src/judge/judges.ts';
import { causes } from '../src/recording/causes.ts';
import { readRecording, recordingFile, writeRecordings } from '../src/recording/files.ts';
import type { Recorded } from '../src/recording/har.ts';
import { joinRecordings } from '../src/recording/join.ts';
import type { Life, Probe } from '../src/recording/life.ts';
import { readRecordings } from '../src/recording/read.ts';
import type { HistoryKind } from '../src/recording/recording.ts';
import { RecordingError } from '../src/recording/recording-error.ts';
import { exchangesIn } from '../src/recording/stored.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { root } from './command.ts';
import { exchange, first, recorded as recordingOf, second, trial } from './histories.ts';
import { withFacts } from './recordings.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const probe = (product: ProductId, startedAt: number): Probe => ({
  check: 'before the reset',
  product,
  key: 0,
  place: 'GET /flows API',
  trial: trial(exchange(200, { startedAt })),
});
const accountLife = {
  moments: [{ kind: 'reset', startedAt: 20, endedAt: 21, sameKey: false }],
  probes: [probe('leadconduit', 10), probe('trustedform', 12)],
} as const;
const lifeOf = (product: ProductId, shared: Pick<Life, 'moments' | 'probes'> = accountLife): Life => ({
  product,
  ...shared,
  least: { before: 1, after: 1 },
  narrowed: [],
});

/** A product whose histories are these, with a life of its own. */
const productWith = (
  holds: readonly HistoryKind[],
  product: ProductId = 'leadconduit',
  differences: Parameters<typeof withFacts>[1] = {},
): Recorded =>
  withFacts(
    recordingOf({
      first: first([], { product, lives: holds.includes('life') }),
      second: holds.includes('refused') ? second([], { product }) : undefined,
      life: holds.includes('life') ? lifeOf(product) : undefined,
      holds,
    }),
    differences,
  );
const all: readonly HistoryKind[] = ['accepted', 'refused', 'life'];
/** Two products whose account is reset by command. */
const ofOneAccount = (clockZero = 1000): readonly Recorded[] =>
  (['leadconduit', 'trustedform'] as const).map((product) => productWith(all, product, { lifeOf: 'account', clockZero }));

test.describe('written', () => {
  test('each product has a file, and the life of one account has one of its own', () => {
    writeRecordings(folder, [productWith(all)]);
    expect(readdirSync(folder)).toEqual(['leadconduit.har']);
    writeRecordings(folder, ofOneAccount());
    expect(readdirSync(folder).sort()).toEqual(['account.har', 'leadconduit.har', 'trustedform.har']);
    expect(readRecordings(folder)).toStrictEqual(ofOneAccount());
    expect(readRecording(recordingFile(folder, 'trustedform'))).toStrictEqual(ofOneAccount()[1]);
  });
  test('one product after the other comes to the same files', () => {
    const texts = (of: string) =>
      readdirSync(of)
        .sort()
        .map((name) => readFileSync(join(of, name), 'utf8'));
    const [together, apart] = [join(folder, 'together'), join(folder, 'apart')];
    writeRecordings(together, ofOneAccount());
    for (const each of ofOneAccount()) writeRecordings(apart, [each]);
    expect(texts(apart)).toEqual(texts(together));
  });
  test('what is read is written again as it was, with one life for all products', () => {
    writeRecordings(folder, ofOneAccount());
    const texts = () =>
      readdirSync(folder)
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = texts();
    writeRecordings(folder, readRecordings(folder));
    expect(texts()).toEqual(before);
  });
  test('the file of the account is there before any that needs it', () => {
    mkdirSync(recordingFile(folder, 'account'));
    expect(() => writeRecordings(folder, ofOneAccount())).toThrow(/EISDIR|ENOTEMPTY|EEXIST|directory/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.har'))).toEqual(['account.har']);
  });
  test('a file that cannot be written leaves the one from before whole', () => {
    writeRecordings(folder, [productWith(all)]);
    expect(() => writeRecordings(folder, [productWith(all, 'leadconduit', { seed: Number.NaN })])).toThrow('has no form');
    expect(readdirSync(folder)).toEqual(['leadconduit.har']);
    expect(readRecordings(folder)).toStrictEqual([productWith(all)]);
  });
  test('two lives cannot be one account’s', () => {
    const [one, other] = [ofOneAccount()[0] as Recorded, ofOneAccount()[1] as Recorded];
    const apart = { ...other, recording: { ...other.recording, life: lifeOf('trustedform', { moments: [], probes: [] }) } };
    expect(() => writeRecordings(folder, [one, apart])).toThrow('lives of their own');
  });
  test('what a worker reads with loads no validator and no YAML', () => {
    writeRecordings(folder, [productWith(all)]);
    const code = `const { readRecording } = require('./src/recording/files.ts');
      readRecording(process.argv[1]);
      console.log(Object.keys(require.cache).filter((file) => /node_modules.(ajv|yaml|undici)\\b/.test(file)).length, Object.keys(require.cache).length);`;
    const { stdout } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', code, recordingFile(folder, 'leadconduit')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^0 [1-9]/);
  });
});

test.describe('read', () => {
  const at = (name: string): string => join(folder, `${name}.har`);
  /** Changes the text of a file, which must be there to be changed. */
  const changed = (name: string, from: string, to: string): void => {
    const text = readFileSync(at(name), 'utf8');
    expect(text).toContain(from);
    writeFileSync(at(name), text.replace(from, to));
  };
  const mistakes: readonly (readonly [name: string, damage: () => void, says: string])[] = [
    [
      'not JSON',
      () => writeFileSync(at('leadconduit'), '<html>'),
      'leadconduit.har is not JSON: it is damaged, or was not written to its end.',
    ],
    [
      'cut off',
      () => writeFileSync(at('leadconduit'), readFileSync(at('leadconduit')).subarray(0, 5000)),
      'leadconduit.har is not JSON: it is damaged, or was not written to its end.',
    ],
    ['empty', () => writeFileSync(at('leadconduit'), ''), 'leadconduit.har is not JSON: it is damaged, or was not written to its end.'],
    ['other JSON', () => writeFileSync(at('leadconduit'), 'null'), 'leadconduit.har is not a recording of this suite.'],
    [
      'an archive of a browser',
      () =>
        writeFileSync(at('page'), '{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[]}}'),
      'page.har is not a recording of this suite.',
    ],
    [
      'another format version',
      () => changed('leadconduit', '"version":1,', '"version":2,'),
      'leadconduit.har has format version 2, and this version of the suite reads 1.',
    ],
    [
      'no format version',
      () => changed('leadconduit', '"version":1,', ''),
      'leadconduit.har has format version none, and this version of the suite reads 1.',
    ],
    [
      'an unknown product',
      () => changed('leadconduit', '"version":1,"product":"leadconduit"', '"version":1,"product":"leadconduct"'),
      'leadconduit.har is a recording of "leadconduct", which is none of leadconduit, trustedform, suppressionlist.',
    ],
    ['no account.har', () => rmSync(at('account')), 'leadconduit.har needs account.har beside it, which is missing.'],
    [
      'the account.har of another run',
      () => {
        const other = join(folder, 'other');
        writeRecordings(other, ofOneAccount(2000));
        renameSync(recordingFile(other, 'account'), at('account'));
      },
      'leadconduit.har needs account.har beside it, and the one there is of another run.',
    ],
    [
      'account.har alone',
      () => ['leadconduit', 'trustedform'].forEach((each) => void rmSync(at(each))),
      ' holds no recording of a product, only account.har.',
    ],
    [
      'two files of one product',
      () => copyFileSync(at('leadconduit'), at('copy')),
      'leadconduit.har are both recordings of leadconduit: keep one of them.',
    ],
    [
      'a reference to an entry that is not there',
      () => changed('leadconduit', '"entries":[0],', '"entries":[999],'),
      'leadconduit.har is damaged: it refers to entry 999, and has ',
    ],
    [
      'the same in account.har',
      () => changed('account', '"entries":[0],', '"entries":[2],'),
      'account.har is damaged: it refers to entry 2, and has 2 entries.',
    ],
    [
      'a history of another product',
      () => changed('leadconduit', '"refused":{"product":"leadconduit"', '"refused":{"product":"trustedform"'),
      'leadconduit.har is damaged: it holds histories of leadconduit and of trustedform.',
    ],
    [
      'a first history of another product',
      () => changed('leadconduit', '"accepted":{"product":"leadconduit"', '"accepted":{"product":"trustedform"'),
      'leadconduit.har is damaged: it holds histories of ',
    ],
    [
      'an entry without a status',
      () => changed('leadconduit', '"status":200,', ''),
      'leadconduit.har is damaged: log.entries.0.response: "status" is missing.',
    ],
    [
      'an answer that says nothing of itself',
      () => changed('leadconduit', '"_answer":{},', ''),
      'leadconduit.har is damaged: log.entries.0.response: "_answer" is missing.',
    ],
    [
      'an unknown member',
      () => changed('leadconduit', '"holds":', '"held":[],"holds":'),
      'leadconduit.har is damaged: log._recording: unknown key "held".',
    ],
    [
      'an unknown outcome',
      () => changed('leadconduit', '"outcome":{"kind":"accepted"}', '"outcome":{"kind":"let in"}'),
      'leadconduit.har is damaged: log._recording.accepted.search.0.outcome.kind: ',
    ],
    [
      'a time in words',
      () => changed('account', '"endedAt":21', '"endedAt":"soon"'),
      'account.har is damaged: log._recording.life.moments.0.endedAt: ',
    ],
    ['a folder under the name of a file', () => mkdirSync(at('suppressionlist')), 'suppressionlist.har cannot be read (EISDIR).'],
  ];
  for (const [name, damage, says] of mistakes)
    test(`${name}: one sentence that names the file`, () => {
      writeRecordings(folder, ofOneAccount());
      damage();
      const error = errorOf(() => readRecordings(folder));
      expect(error).toBeInstanceOf(RecordingError);
      expect(error.message).toContain(says);
      expect(error.message.startsWith(folder)).toBe(true);
      expect(error.message).toMatch(/^[^\n]+\.$/);
    });

  test('a folder of reports is as good as its folder of recordings', () => {
    writeRecordings(join(folder, 'recording'), [productWith(all)]);
    expect(readRecordings(folder)).toStrictEqual([productWith(all)]);
    expect(readRecordings(join(folder, 'recording'))).toStrictEqual([productWith(all)]);
  });
  test('a folder without a recording, or none at all', () => {
    for (const dir of [folder, join(folder, 'nowhere')])
      expect(errorOf(() => readRecordings(dir)).message).toBe(
        `${dir} holds no recording: name a folder of reports, or its folder recording.`,
      );
    writeFileSync(join(folder, 'part.json'), '{}');
    expect(errorOf(() => readRecordings(folder)).message).toContain('part.json, which an earlier version wrote');
  });
  test('the causes of the schema are those that there are', () => {
    const { $defs } = JSON.parse(readFileSync(join(root, 'specs/recording.schema.json'), 'utf8'));
    expect($defs.cause.enum).toEqual([null, ...Object.keys(causes)]);
  });
});

test.describe('joined', () => {
  const write = (name: string, recorded: readonly Recorded[]): string => {
    writeRecordings(join(folder, name), recorded);
    return join(folder, name);
  };
  const judged = (recorded: readonly Recorded[]) => judgeAll(recorded.map(({ recording }) => recording));

  test('products of several folders come in their order', () => {
    const [lead, form] = [productWith(all), productWith(all, 'trustedform')];
    expect(joinRecordings([write('a', [form]), write('b', [lead])])).toStrictEqual([lead, form]);
  });
  test('a life of one run complements the refusals of another, whichever comes first', () => {
    const refused = productWith(['accepted', 'refused'], 'leadconduit', {
      clockZero: 5000.4,
      startedAt: '2026-02-01T00:00:00.000Z',
      requests: 7,
    });
    const lived = productWith(['accepted', 'life'], 'leadconduit', { clockZero: 2000, wrongKeys: 1 });
    const folders = [write('a', [refused]), write('b', [lived])];
    for (const some of [folders, folders.toReversed()]) {
      const [one, ...others] = joinRecordings(some);
      expect(others).toEqual([]);
      expect(one?.recording.holds).toEqual(['accepted', 'refused', 'life']);
      expect(one?.facts).toMatchObject({ clockZero: 2000, requests: 16, wrongKeys: 4, startedAt: '2026-01-31T12:00:00.000Z' });
      // On one clock: what was asked at 0 of a clock that began three seconds later.
      expect(one?.recording.second?.attempts[0]?.trial.exchanges[0]?.startedAt).toBe(3000);
      expect(one?.recording.life).toStrictEqual(lived.recording.life);
      expect(one?.others).toHaveLength([...exchangesIn(lived.recording.first)].length);
      const whole = productWith(all);
      const verdicts = (of: readonly Recorded[]) =>
        judged(of).map(({ requirement, judgement }) => [
          requirement,
          judgement.kind === 'checked' ? judgement.checks.map(({ name, verdict }) => [name, verdict]) : judgement.kind,
        ]);
      expect(verdicts([one as Recorded])).toEqual(verdicts([whole]));
    }
  });
  test('a run without a reset is complemented by one with a reset, and joined it can be written and read', () => {
    const whole = productWith(['accepted', 'refused'], 'leadconduit', { kind: 'own' });
    const without = { ...whole, recording: { ...whole.recording, holds: all } };
    const lived = { ...productWith(['accepted', 'life'], 'leadconduit', { kind: 'own', lifeOf: 'account' }) };
    const joined = joinRecordings([write('a', [without]), write('b', [lived])]);
    expect(joined[0]?.recording.life).toStrictEqual(lived.recording.life);
    const back = readRecordings(write('c', joined));
    expect(readdirSync(join(folder, 'c')).sort()).toEqual(['account.har', 'leadconduit.har']);
    expect(isDeepStrictEqual(judged(back), judged(joined))).toBe(true);
  });
  test('lives of two accounts stand in the files of their products', () => {
    const [lead, form] = [ofOneAccount(1000)[0] as Recorded, ofOneAccount(2000)[1] as Recorded];
    const joined = joinRecordings([write('a', [lead]), write('b', [form])]);
    const back = readRecordings(write('c', joined));
    expect(readdirSync(join(folder, 'c')).sort()).toEqual(['leadconduit.har', 'trustedform.har']);
    expect(back.map(({ recording }) => recording)).toStrictEqual([lead.recording, form.recording]);
  });

  const repeated: readonly (readonly [name: string, one: Recorded, other: Recorded])[] = [
    ['everything', productWith(all), productWith(all)],
    ['the refusals', productWith(all), productWith(['accepted', 'refused'])],
    ['the life', productWith(['accepted', 'life']), productWith(all)],
    ['the first history, which is all that one holds', productWith(['accepted']), productWith(['accepted', 'refused'])],
    [
      'what had no ground in one of them',
      productWith(['accepted', 'refused']),
      withFacts(recordingOf({ first: first([], { lives: true }), second: undefined, life: undefined, holds: ['accepted', 'life'] })),
    ],
  ];
  for (const [name, one, other] of repeated)
    test(`two folders that both hold ${name} are an error that names them`, () => {
      const [a, b] = [write('a', [one]), write('b', [other])];
      const error = errorOf(() => joinRecordings([a, b]));
      expect(error).toBeInstanceOf(RecordingError);
      expect(error.message).toBe(`${a} and ${b} both hold recordings of leadconduit: leave one of them out.`);
    });
  test('different hosts are not joined, but for the embedded one, whose port changes', () => {
    const parts = (kind: 'own' | 'embedded') => [
      write(`${kind} a`, [productWith(['accepted', 'refused'], 'leadconduit', { kind, baseUrl: 'http://127.0.0.1:1' })]),
      write(`${kind} b`, [productWith(['accepted', 'life'], 'leadconduit', { kind, baseUrl: 'http://127.0.0.1:2' })]),
    ];
    expect(joinRecordings(parts('embedded'))).toHaveLength(1);
    expect(errorOf(() => joinRecordings(parts('own'))).message).toContain('on different hosts: http://127.0.0.1:1 and http://127.0.0.1:2.');
  });
});

/** The error that a call throws. */
function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it throws an Error');
}
