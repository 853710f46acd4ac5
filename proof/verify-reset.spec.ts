/** `verify-reset` as a process without a terminal: exit codes, output, reports, and what it rejects. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, type OpenedAccount, startHost } from '../src/host/host.ts';
import type { Conformance } from '../src/report/model.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { type Started, start as startCommand } from './command.ts';
import { verifyResetHere } from './here.ts';
import { expect, test } from './test.ts';

let folder: string;
let host: Host;
let account: OpenedAccount;
let newKey: string;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  host = await startHost({ products: loadProducts() });
  account = host.openAccount();
  newKey = host.reset(account.id);
});
test.afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const afterTheReset = (): Readonly<Record<string, string>> => ({
  ACTIVEPROSPECT_API_KEY: newKey,
  ACTIVEPROSPECT_OLD_API_KEY: account.key,
  LEADCONDUIT_URL: host.urlOf('leadconduit'),
  SUPPRESSIONLIST_URL: host.urlOf('suppressionlist'),
  REPORTS_DIR: join(folder, 'reports'),
});
const start = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Started =>
  startCommand(args, { ...afterTheReset(), ...variables }, { script: 'verify-reset', cwd: folder });

const verdicts = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (JSON.parse(readFileSync(join(folder, 'reports/conformance.json'), 'utf8')) as Conformance).requirements.map(({ id, verdict }) => [
      id,
      verdict,
    ]),
  );
const remembered = (): boolean => existsSync(join(folder, '.verify-reset.json'));

test('0 once every product has switched: a line for each change, reports written, nothing remembered', async () => {
  const { printed, ended } = start(['--wait', '60s']);
  for (const product of ['leadconduit', 'suppressionlist'] as const) {
    await printed(`${product}: old key ✓ accepted, new key ✗ refused`);
    host.login(account.id, product);
  }
  const { code, text } = await ended;
  expect(text).toMatch(/leadconduit: old key ✓ accepted, new key ✗ refused\n/);
  expect(text).toMatch(/leadconduit: old key ✗ refused, new key ✓ accepted: switched\n/);
  expect(text, 'an answer from before').not.toContain('old key ✗ refused, new key ✗ refused');
  expect(text.trimEnd().split('\n').at(-1)).toBe('LeadConduit and SuppressionList accept the new key and refuse the old one.');
  expect(code).toBe(0);
  expect(verdicts()).toMatchObject({ 'old-key-stops': 'conforms', 'new-key-starts': 'conforms', 'failure-body': 'not-run' });
  expect(remembered()).toBe(false);
  for (const key of [newKey, account.key]) expect(text).not.toContain(key);
});

test('3 while a product has not switched, and a later start resumes', async () => {
  host.login(account.id, 'leadconduit');
  const { code, text } = await start(['--wait', '1s']).ended;
  expect(code).toBe(3);
  expect(text).toContain('SuppressionList has not switched: log in to it, then start again to continue.');
  expect(verdicts()['new-key-starts']).toBe('inconclusive');
  host.login(account.id, 'suppressionlist');
  const again = await start(['--wait', '1s']).ended;
  expect(again.text).toContain('Continuing the watch');
  expect(again.code).toBe(0);
});

test('1 if someone has logged in to a product and it has not switched', async () => {
  host.login(account.id, 'leadconduit');
  const { code, text } = await start(['--wait', '1s', '--logged-in', 'suppressionlist']).ended;
  expect(code).toBe(1);
  expect(verdicts()['old-key-stops']).toBe('violates');
  expect(verdicts()['reset-needs-login']).toBe('not-run');
  expect(text, 'when it was answered is not known').not.toContain('was answered');
  const replayed = / SEED=[1-9]\d* npm run verify-reset -- --logged-in suppressionlist$/m;
  expect(text).toMatch(replayed);
});

test('0 with only the new key if the old one is skipped, and the output says so', async () => {
  for (const product of ['leadconduit', 'suppressionlist'] as const) host.login(account.id, product);
  const { code, text } = await start(['--wait', '1s'], { ACTIVEPROSPECT_OLD_API_KEY: '' }).ended;
  expect(code).toBe(0);
  expect(verdicts()['old-key-stops']).toBe('not-run');
  expect(text.trimEnd().split('\n').slice(-2)).toEqual([
    'LeadConduit and SuppressionList accept the new key.',
    'The old key was skipped, so only the new key was checked.',
  ]);
});

test('130 when interrupted: nothing half-written, and a later start resumes', async () => {
  const { child, printed, ended } = start(['--wait', '1m']);
  await printed('suppressionlist: old key ✓ accepted, new key ✗ refused');
  child.kill('SIGINT');
  const { code, text } = await ended;
  expect(text).toContain('You left. No report was written. Start again to continue.');
  expect(code).toBe(130);
  expect(existsSync(join(folder, 'reports/conformance.json'))).toBe(false);
  expect(remembered()).toBe(true);
});

test('130 when interrupted while the reports are made', async () => {
  for (const product of ['leadconduit', 'suppressionlist'] as const) host.login(account.id, product);
  const { child, ended } = start(['--wait', '1m']);
  const made = join(folder, 'reports/.conformance-run/files/recording');
  await expect.poll(() => existsSync(made), { intervals: [5], timeout: 60_000 }).toBe(true);
  child.kill('SIGINT');
  const { code, text } = await ended;
  expect(text.trimEnd().split('\n').at(-1)).toBe('Interrupted. The reports of the last complete run are unchanged.');
  expect(code).toBe(130);
  expect(readdirSync(join(folder, 'reports'))).toEqual([]);
  expect(remembered()).toBe(true);
});

test('3 where every product refuses the new key: doubts the key first, then names the login', async () => {
  const { code, text } = await start(['--wait', '1s'], {
    ACTIVEPROSPECT_API_KEY: randomBytes(20).toString('hex'),
    ACTIVEPROSPECT_OLD_API_KEY: '',
  }).ended;
  expect(code).toBe(3);
  expect(text).toContain(
    'LeadConduit and SuppressionList refuse the new key. The new key may be wrong: check that it is not mistyped or cut short.',
  );
  expect(text).toContain('If it is right, log in to LeadConduit and SuppressionList, then start again to continue.');
});

const wrong: readonly (readonly [args: readonly string[], variables: Readonly<Record<string, string>>, says: string])[] = [
  [['--wait', 'long'], {}, 'write a number with s, m or h'],
  [['--logged-in', 'nobody'], {}, 'not one of'],
  [['--logged-in', 'trustedform'], {}, 'not watched'],
  [['--grep', 'x'], {}, '--grep is not an option of this command'],
  [[], { LEADCONDUIT_URL: '', SUPPRESSIONLIST_URL: '' }, 'no host is named'],
  [[], { LEADCONDUIT_URL: '', SUPPRESSIONLIST_URL: '', ACTIVEPROSPECT_API_KEY: '', ACTIVEPROSPECT_OLD_API_KEY: '' }, 'No host is named'],
  [[], { ACTIVEPROSPECT_API_KEY: '' }, 'ACTIVEPROSPECT_API_KEY is not set'],
  [[], { ACTIVEPROSPECT_API_KEY: 'abcdefghijklmnop' }, 'ACTIVEPROSPECT_API_KEY is so common'],
  [[], { ACTIVEPROSPECT_OLD_API_KEY: randomBytes(2).toString('hex') }, 'shorter than 8'],
];
for (const [args, variables, says] of wrong)
  test(`wrong usage is explained in a sentence: ${[...args, ...Object.keys(variables)].join(' ')}: ${says}`, async () => {
    const { code, text } = await verifyResetHere(args, { ...afterTheReset(), ...variables });
    expect(text).toContain(says);
    expect(text).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });

test('known differences that cannot be read are wrong usage before anything is sent', async () => {
  writeFileSync(join(folder, 'known-differences.yaml'), 'junk: [');
  const { code, text } = await start(['--wait', '60s']).ended;
  expect(text).toContain('known-differences.yaml');
  expect(code).toBe(2);
  expect(existsSync(join(folder, 'reports'))).toBe(false);
});
