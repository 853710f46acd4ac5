/** A run in three parts, merged, equals a single run; a missing part is named. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conformance } from '../src/report/model.ts';
import { productIds } from '../src/specifications/model.ts';
import { conformance } from './command.ts';
import { here } from './here.ts';
import { hostsIn } from './hosts.ts';
import { embedded, runAgainst } from './run.ts';
import { expect, test } from './test.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const selection = 'failure-|key-for-all|old-key|reset-changes';
const grep = ['--grep', selection];
const to = (name: string): string => join(folder, name);
const results = (name: string): Conformance => JSON.parse(readFileSync(join(to(name), 'conformance.json'), 'utf8')) as Conformance;
const told = ({ requirements }: Conformance) =>
  requirements.map(({ id, verdict, products, checks, findings }) => ({ id, verdict, products, checks, findings }));

test('three parts give the same result as a single run', async () => {
  for (const index of [1, 2, 3]) {
    // One of them as a process.
    const { code, text } = await (index === 1 ? conformance : here)([...grep, '--shard', `${index}/3`], {
      REPORTS_DIR: to(String(index)),
      SEED: '7',
    });
    expect(code, text).toBe(0);
  }
  const { code, text } = await conformance(['--merge', to('1'), to('2'), to('3')], { REPORTS_DIR: to('merged') });
  expect(code).toBe(0);
  const selected = told(results('merged')).filter(({ id }) => new RegExp(selection).test(id));
  expect(selected.filter(({ verdict }) => verdict !== 'conforms' && verdict !== 'noted')).toEqual([]);
  const ids = selected.map(({ id }) => id);
  expect(selected).toEqual(told(await runAgainst({ ...embedded, seed: 7 }, { settlingMs: 1000 })).filter(({ id }) => ids.includes(id)));
  expect(readFileSync(join(to('merged'), 'allure/index.html'), 'utf8')).toContain('EMBEDDED HOST');
  expect(text.match(/new key first worked/g)).toHaveLength(productIds.length);
});

test('each product is asked in only one part', () => {
  const products = [1, 2, 3].map((index) => new Set(results(String(index)).requirements.flatMap((each) => Object.keys(each.products))));
  expect(products.map((each) => [...each].length).reduce((sum, each) => sum + each)).toBe(productIds.length);
});

test('a missing part is inconclusive and named', async () => {
  const { code, text } = await here(['--merge', to('3'), to('1')], { REPORTS_DIR: to('gap') });
  expect(code).toBe(3);
  expect(text).toContain('no recording of trustedform');
  expect(results('gap').requirements.flatMap(({ findings }) => findings.map(({ cause }) => cause))).toContain('shard-missing');
});

test('whether a configured product was checked at all is decided when parts are merged', async () => {
  const [, host] = hostsIn('inconclusive').find(([id]) => id === 'inconclusive/without-certificate/unknown-certificate') ?? [];
  const key = randomBytes(20).toString('hex');
  const serving = await host?.start(key);
  if (serving === undefined) throw new Error('the host was not started');
  const variables = { LEADCONDUIT_URL: serving.url, ACTIVEPROSPECT_API_KEY: key, ...host?.settings?.(serving.url) };
  const options = ['--grep', 'auth-required|public-call', '--shard', '1/1'];
  const part = await here(options, { ...variables, REPORTS_DIR: to('named') }).finally(() => serving.close());
  expect(part.code, part.text).toBe(0);
  const { code, text } = await here(['--merge', to('named')], { REPORTS_DIR: to('named-merged') });
  expect(code, text).toBe(3);
  expect(text).toContain('TRUSTEDFORM_URL');
  expect(results('named-merged').requirements.find(({ id }) => id === 'auth-required')?.findings).toMatchObject([
    { product: 'trustedform', verdict: 'inconclusive', cause: 'no-check' },
  ]);
});

test('parts that do not belong together are wrong usage', async () => {
  const wrong = async (args: readonly string[], says: string): Promise<void> => {
    const { code, text } = await here(args, { REPORTS_DIR: to('wrong') });
    expect(text).toContain(says);
    expect(code).toBe(2);
  };
  await wrong(['--merge', to('1'), to('1')], 'both hold recordings of leadconduit');
  await wrong(['--merge', to('1'), to('none')], 'holds no recording');
  mkdirSync(to('earlier'));
  writeFileSync(join(to('earlier'), 'part.json'), '{}');
  await wrong(['--merge', to('earlier')], 'part.json, which an earlier version wrote');
  const file = join(to('2'), 'recording', 'trustedform.har');
  const other = JSON.parse(readFileSync(file, 'utf8'));
  other.log._recording.facts.seed = 8;
  writeFileSync(file, JSON.stringify(other));
  await wrong(['--merge', to('1'), to('2')], 'different runs');
  await wrong(['--shard', '4/3'], 'write which part');
  await wrong(['--shard', '5/5'], 'nothing to do');
  await wrong(['--shard', '1/2', '--reset'], 'without --shard');
  await wrong(['--merge', to('1'), '--grep', 'x'], 'leave out --grep');
});
