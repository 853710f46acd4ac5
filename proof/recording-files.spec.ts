/** The files of a recording: written in one step, and read with a message for every mistake. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { causes } from '../src/recording/causes.ts';
import { addRecordings, readRecording, recordingFile, writeRecordings } from '../src/recording/files.ts';
import { handedOver, handOverFailure } from '../src/recording/handover.ts';
import type { Recorded } from '../src/recording/har.ts';
import { readRecordings } from '../src/recording/read.ts';
import { RecordingError } from '../src/recording/recording-error.ts';
import { productIds } from '../src/specifications/model.ts';
import { root } from './command.ts';
import { all, errorOf, ofOneAccount, productWith, resetOf } from './recordings.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.describe('written', () => {
  test('each product has a file, and the reset of a shared account has its own', () => {
    writeRecordings(folder, [productWith(all)]);
    expect(readdirSync(folder)).toEqual(['leadconduit.har']);
    writeRecordings(folder, ofOneAccount());
    expect(readdirSync(folder).sort()).toEqual(['account.har', 'leadconduit.har', 'trustedform.har']);
    expect(readRecordings(folder)).toStrictEqual(ofOneAccount());
    expect(readRecording(recordingFile(folder, 'trustedform'))).toStrictEqual(ofOneAccount()[1]);
  });
  test('writing one product after another gives the same files', () => {
    const texts = (of: string) =>
      readdirSync(of)
        .sort()
        .map((name) => readFileSync(join(of, name), 'utf8'));
    const [together, apart] = [join(folder, 'together'), join(folder, 'apart')];
    writeRecordings(together, ofOneAccount());
    for (const each of ofOneAccount()) writeRecordings(apart, [each]);
    expect(texts(apart)).toEqual(texts(together));
  });
  test('writing what was read gives the same files, with one reset for all products', () => {
    writeRecordings(folder, ofOneAccount());
    const texts = () =>
      readdirSync(folder)
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = texts();
    writeRecordings(folder, readRecordings(folder));
    expect(texts()).toEqual(before);
  });
  test('the account’s file is written before any file that needs it', () => {
    mkdirSync(recordingFile(folder, 'account'));
    expect(() => writeRecordings(folder, ofOneAccount())).toThrow(/EISDIR|ENOTEMPTY|EEXIST|directory/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.har'))).toEqual(['account.har']);
  });
  test('if a file cannot be written, the previous one stays intact', () => {
    writeRecordings(folder, [productWith(all)]);
    expect(() => writeRecordings(folder, [productWith(all, 'leadconduit', { seed: Number.NaN })])).toThrow('cannot store');
    expect(readdirSync(folder)).toEqual(['leadconduit.har']);
    expect(readRecordings(folder)).toStrictEqual([productWith(all)]);
  });
  test('an account cannot have two resets', () => {
    const [one, other] = [ofOneAccount()[0] as Recorded, ofOneAccount()[1] as Recorded];
    const apart = { ...other, recording: { ...other.recording, reset: resetOf('trustedform', { moments: [], probes: [] }) } };
    expect(() => writeRecordings(folder, [one, apart])).toThrow('different resets');
  });
  test('a worker reads recordings without loading a validator or YAML', () => {
    writeRecordings(folder, [productWith(all)]);
    const code = `const { readRecording } = require('./dist/src/recording/files.js');
      readRecording(process.argv[1]);
      const files = Object.keys(require.cache);
      console.log(files.filter((file) => /node_modules.(ajv|yaml|undici)\\b/.test(file)).length + ' of ' + files.length);`;
    const { stdout } = spawnSync(process.execPath, ['-r', './scripts/compile.cjs', '-e', code, recordingFile(folder, 'leadconduit')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^0 of [1-9]/);
  });
});

test.describe('read', () => {
  const at = (name: string): string => join(folder, `${name}.har`);
  /** Replaces a text in a file, which must contain it. */
  const changed = (name: string, from: string, to: string): void => {
    const text = readFileSync(at(name), 'utf8');
    expect(text.includes(from), `${from} is in the file`).toBe(true);
    writeFileSync(at(name), text.replace(from, to));
  };
  const mistakes: readonly (readonly [name: string, damage: () => void, says: string])[] = [
    ['not JSON', () => writeFileSync(at('leadconduit'), '<html>'), 'leadconduit.har is not JSON: it is damaged or incomplete.'],
    [
      'truncated',
      () => writeFileSync(at('leadconduit'), readFileSync(at('leadconduit')).subarray(0, 5000)),
      'leadconduit.har is not JSON: it is damaged or incomplete.',
    ],
    ['empty', () => writeFileSync(at('leadconduit'), ''), 'leadconduit.har is not JSON: it is damaged or incomplete.'],
    ['other JSON', () => writeFileSync(at('leadconduit'), 'null'), 'leadconduit.har is not a recording of this suite.'],
    [
      'an archive from a browser',
      () =>
        writeFileSync(at('page'), '{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[]}}'),
      'page.har is not a recording of this suite.',
    ],
    [
      'another format version',
      () => changed('leadconduit', '"version":1,', '"version":2,'),
      'leadconduit.har has format version 2, but this version of the suite reads only 1.',
    ],
    [
      'no format version',
      () => changed('leadconduit', '"version":1,', ''),
      'leadconduit.har has format version none, but this version of the suite reads only 1.',
    ],
    [
      'an unknown product',
      () => changed('leadconduit', '"version":1,"product":"leadconduit"', '"version":1,"product":"leadconduct"'),
      `leadconduit.har is a recording of "leadconduct", which is not one of ${productIds.join(', ')}.`,
    ],
    ['no account.har', () => rmSync(at('account')), 'leadconduit.har needs account.har in the same folder, which is missing.'],
    [
      'account.har from another run',
      () => {
        const other = join(folder, 'other');
        writeRecordings(other, ofOneAccount(2000));
        renameSync(recordingFile(other, 'account'), at('account'));
      },
      'leadconduit.har needs account.har of the same run, but the one in its folder is of another run.',
    ],
    [
      'only account.har',
      () => ['leadconduit', 'trustedform'].forEach((each) => void rmSync(at(each))),
      ' holds only account.har: copy the recordings of the products into it, too.',
    ],
    [
      'two files for one product',
      () => copyFileSync(at('leadconduit'), at('copy')),
      'leadconduit.har are both recordings of leadconduit: keep only one of them.',
    ],
    [
      'a reference to a missing entry',
      () => changed('leadconduit', '"entries":[0],', '"entries":[999],'),
      'leadconduit.har is damaged: it refers to entry 999, but has ',
    ],
    [
      'the same in account.har',
      () => changed('account', '"entries":[0],', '"entries":[2],'),
      'account.har is damaged: it refers to entry 2, but has only 2 entries.',
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
      'an answer without its facts',
      () => changed('leadconduit', ',"_answer":{}', ''),
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
      'a time that is text',
      () => changed('account', '"endedAt":21', '"endedAt":"soon"'),
      'account.har is damaged: log._recording.reset.moments.0.endedAt: ',
    ],
    [
      'a time that no calendar has',
      () => changed('leadconduit', '"clockZero":1000', '"clockZero":1e308'),
      'leadconduit.har is damaged: log._recording.facts.clockZero: ',
    ],
    [
      'a base URL that is none',
      () => changed('leadconduit', '"baseUrl":"https://lead.test"', '"baseUrl":"https://lead.test:port"'),
      'leadconduit.har is damaged: its base URL is "https://lead.test:port", which is not a URL.',
    ],
    ['a folder with a file’s name', () => mkdirSync(at('suppressionlist')), 'suppressionlist.har cannot be read (EISDIR).'],
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

  test('every missing member and every wrong type is noticed', () => {
    writeRecordings(folder, ofOneAccount());
    for (const name of ['leadconduit', 'account']) {
      const text = readFileSync(at(name), 'utf8');
      const places = placesIn(JSON.parse(text));
      expect(places.size).toBeGreaterThan(name === 'account' ? 40 : 100);
      const noticed = (path: readonly string[], value: unknown): boolean => {
        writeFileSync(at(name), JSON.stringify(replaced(JSON.parse(text), path, value)));
        try {
          readRecordings(folder);
          return false;
        } catch (error) {
          return error instanceof RecordingError;
        }
      };
      const wrong = [...places].filter(([, path]) => !noticed(path, [[]])).map(([place]) => place);
      expect(wrong, 'wrong type').toEqual([]);
      const missing = [...places].filter(([place, path]) => !optional.test(place) && !noticed(path, undefined)).map(([place]) => place);
      expect(missing, 'missing').toEqual([]);
      writeFileSync(at(name), text);
    }
  });
  test('a folder of reports works as well as its folder of recordings', () => {
    writeRecordings(join(folder, 'recording'), [productWith(all)]);
    expect(readRecordings(folder)).toStrictEqual([productWith(all)]);
    expect(readRecordings(join(folder, 'recording'))).toStrictEqual([productWith(all)]);
  });
  test('a folder without a recording, or none at all', () => {
    for (const dir of [folder, join(folder, 'nowhere')])
      expect(errorOf(() => readRecordings(dir)).message).toBe(`${dir} holds no recording: name a reports folder, or its recording folder.`);
    writeFileSync(join(folder, 'part.json'), '{}');
    expect(errorOf(() => readRecordings(folder)).message).toContain('part.json, which an earlier version wrote');
  });
  test('the schema has exactly the existing causes', () => {
    const { $defs } = JSON.parse(readFileSync(join(root, 'specs/recording.schema.json'), 'utf8'));
    expect($defs.cause.enum).toEqual([null, ...Object.keys(causes)]);
  });
});

/** Members that may be missing from a file, including list items. */
const optional = /\.(\*|comment|_symbolic|text|connection|_answer\.\w+|hasPageExample)$/;

/** A path to each member of a value, one for all items of a list. The body's own schema may contain anything. */
function placesIn(value: unknown, path: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  const place = path.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.');
  const own: readonly (readonly [string, readonly string[]])[] = path.length === 0 ? [] : [[place, path]];
  if (typeof value !== 'object' || value === null || path.at(-1) === 'bodySchema') return new Map(own);
  return new Map([...own, ...Object.entries(value).flatMap(([name, each]) => [...placesIn(each, [...path, name])])]);
}

/** The value with another one at this path; undefined removes the member. */
function replaced(value: object, [step = '', ...rest]: readonly string[], by: unknown): object {
  const member: unknown = Object.getOwnPropertyDescriptor(value, step)?.value;
  const changed = rest.length === 0 ? by : replaced(member as object, rest, by);
  if (!Array.isArray(value)) return { ...value, [step]: changed };
  return value.flatMap((each, index) => (String(index) !== step ? [each] : changed === undefined ? [] : [changed]));
}

test('waiting for a recording ends when the folder of a stopped run is removed', async () => {
  const stopped = mkdtempSync(join(tmpdir(), 'stopped-'));
  const waiting = handedOver(stopped, 'leadconduit');
  rmSync(stopped, { recursive: true });
  await expect(waiting).rejects.toThrow('The run was stopped before the calls to leadconduit were recorded.');
});

test('waiting for a recording ends even if the reason why there is none cannot be written', async () => {
  const run = join(folder, 'run');
  // In the way of the file that says so.
  mkdirSync(join(run, 'leadconduit.failed', 'in the way'), { recursive: true });
  const waiting = expect(handedOver(run, 'trustedform')).rejects.toThrow('The run was stopped');
  handOverFailure(run, 'leadconduit', 'the reason');
  await waiting;
  expect(() => addRecordings(run, [productWith(all)])).toThrow('ENOENT');
});
