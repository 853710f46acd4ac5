/** `--reset`, with the real command where that matters: what the user's commands may do, and in which state they leave the account. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCommon } from '../src/commands/usage.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { allDepartures } from '../src/host/departures.ts';
import { type Host, type OpenedAccount, startHost } from '../src/host/host.ts';
import { runCommand } from '../src/keys/command.ts';
import { Secret } from '../src/keys/secret.ts';
import type { Conformance } from '../src/report/model.ts';
import { loadProducts } from '../src/specifications/load.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { urlVariable } from '../src/specifications/variables.ts';
import { conformance, type Done } from './command.ts';
import { here } from './here.ts';
import { runAgainst } from './run.ts';
import { expect, test } from './test.ts';

let folder: string;
let host: Host;
let account: OpenedAccount;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reset-'));
  host = await startHost({ products: loadProducts() });
  account = host.openAccount();
});
test.afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A command in JavaScript. `at` is the account of the host. */
function script(name: string, body: string): string {
  const file = join(folder, `${name}.js`);
  writeFileSync(file, `const at = '${host.account}/accounts/${account.id}';\n(async () => { ${body} })();`);
  return `'${process.execPath}' '${file}'`;
}
const resets = `const key = await (await fetch(at + '/reset', { method: 'POST', headers: { Accept: 'text/plain' } })).text();`;
const logsIn = `const { ok } = await fetch(at + '/logins/' + process.env.PRODUCT, { method: 'POST' }); process.exitCode = ok ? 0 : 7;`;

const variables = (reset: string, login: string, products: readonly ProductId[]): Readonly<Record<string, string>> => ({
  ACTIVEPROSPECT_API_KEY: account.key,
  ...Object.fromEntries(products.map((id) => [urlVariable(id), host.urlOf(id)])),
  RESET_COMMAND: script('reset', reset),
  LOGIN_COMMAND: script('login', login),
});

const run = (
  reset: string,
  login: string,
  by: typeof here,
  args: readonly string[] = ['--grep', 'reset-|old-key|new-key'],
): Promise<Done> =>
  by(['--reset', ...args], { ...variables(reset, login, ['leadconduit', 'suppressionlist']), REPORTS_DIR: join(folder, 'reports') });

/** The same requests and judges, without a process for each test, on the two products with the fewest resources. */
const judged = (reset: string, login: string): Promise<Conformance> => {
  const values = variables(reset, login, ['trustedform', 'suppressionlist']);
  return runAgainst(readConfiguration({ values, problems: [], warnings: [] }), { reset: true });
};

const reported = (name = 'reports'): Conformance => JSON.parse(readFileSync(join(folder, name, 'conformance.json'), 'utf8'));
const verdicts = ({ requirements }: Conformance): Readonly<Record<string, string>> =>
  Object.fromEntries(requirements.flatMap(({ id, verdict }) => (/reset-|old-key|new-key/.test(id) ? [[id, verdict]] : [])));
const messages = ({ requirements }: Conformance): string =>
  JSON.stringify(requirements.flatMap(({ findings }) => findings.map(({ message, cause }) => `${cause}: ${message}`)));

test('a reset and its logins, as documented, conform, also judged again; the command was given only the key that it replaces', async () => {
  const kept = join(folder, 'kept');
  const seen = join(folder, 'seen');
  const tells = `require('fs').appendFileSync('${seen}', JSON.stringify({ ...process.env }) + '\\n');`;
  const { code, text } = await run(
    `${tells} ${resets} require('fs').writeFileSync('${kept}', key); console.log(key);`,
    `${tells} ${logsIn}`,
    conformance,
    [],
  );
  expect(text).toContain('RESET_COMMAND resets the key');
  expect(code).toBe(0);
  expect(new Set(Object.values(verdicts(reported())))).toEqual(new Set(['conforms']));
  expect(text).toMatch(/leadconduit: the new key first worked/);
  expect(text).toContain('The key of the account has changed');
  const key = readFileSync(kept, 'utf8').trim();
  expect(key).toMatch(/^[0-9a-f]{40}$/);
  expect(text).not.toContain(key);
  for (const file of readdirSync(join(folder, 'reports'), { recursive: true, encoding: 'utf8' }).filter((each) =>
    /\.(json|html)$/.test(each),
  ))
    expect(readFileSync(join(folder, 'reports', file), 'utf8'), file).not.toContain(key);

  const [reset, ...logins] = readFileSync(seen, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(reset?.ACTIVEPROSPECT_API_KEY).toBe(account.key);
  expect(logins.map(({ PRODUCT }) => PRODUCT)).toEqual(['leadconduit', 'suppressionlist']);
  for (const login of logins) expect(JSON.stringify(login)).not.toContain(account.key);
  for (const each of [reset, ...logins])
    for (const name of ['RESET_COMMAND', 'LOGIN_COMMAND', 'ACTIVEPROSPECT_OLD_API_KEY']) expect(each).not.toHaveProperty(name);

  // The reset of the account has a file of its own.
  expect(readdirSync(join(folder, 'reports/recording')).sort()).toEqual(['account.har', 'leadconduit.har', 'suppressionlist.har']);
  const again = await conformance(['--from', join(folder, 'reports')], { REPORTS_DIR: join(folder, 'again') });
  expect(again.code, again.text).toBe(0);
  expect({ ...reported('again'), durationMs: 0 }).toEqual({ ...reported(), durationMs: 0 });
  expect(again.text).toMatch(/leadconduit: the new key first worked/);
});

test('a word that every report contains is no key', () => {
  for (const word of ['Unauthorized', 'leadconduit', 'conforms']) expect(isCommon(new Secret(word)), word).toBe(true);
  expect(isCommon(new Secret(randomBytes(20).toString('hex')))).toBe(false);
});

const failing = [
  ['fails', 'process.exitCode = 3;', 'ended with exit code 3', 'trustedform accepts the old key'],
  ['prints nothing', resets, 'printed nothing', 'trustedform accepts the old key'],
  ['prints several lines', `${resets} console.log('done'); console.log(key);`, 'several lines', 'trustedform accepts the old key'],
  ['prints JSON', `${resets} console.log(JSON.stringify({ api_key: key }));`, 'not a key', 'trustedform accepts the old key'],
  ['prints no key', `${resets} console.log('ok');`, 'too few for a key', 'trustedform accepts the old key'],
] as const;
for (const [name, reset, says, state] of failing)
  test(`RESET_COMMAND ${name}: inconclusive, and the state of the account is reported`, async () => {
    const told = await judged(reset, logsIn);
    expect(new Set(Object.values(verdicts(told)))).toEqual(new Set(['inconclusive']));
    for (const each of ['command-failed', says, state]) expect(messages(told)).toContain(each);
    expect(JSON.stringify(told)).not.toContain(account.key);
  });

test('RESET_COMMAND fails and prints the new key: exit code 3, and no key is printed', async () => {
  const { code, text } = await run(`${resets} console.log(key); console.error(key); process.exitCode = 1;`, logsIn, conformance, [
    '--grep',
    'reset-changes-key',
  ]);
  expect(code).toBe(3);
  expect(messages(reported())).toContain('ended with exit code 1');
  expect(text).not.toMatch(/[0-9a-f]{40}/);
});

test('RESET_COMMAND prints the same key: only reset-changes-key violates', async () => {
  const told = verdicts(await judged('console.log(process.env.ACTIVEPROSPECT_API_KEY);', logsIn));
  expect(Object.entries(told).filter(([, verdict]) => verdict === 'violates')).toEqual([['reset-changes-key', 'violates']]);
});

test('LOGIN_COMMAND fails: the reset is judged but the login is not', async () => {
  const { code, text } = await run(`${resets} console.log(key);`, 'process.exitCode = 5;', here);
  expect(code).toBe(3);
  expect(verdicts(reported())).toMatchObject({
    'reset-changes-key': 'conforms',
    'new-key-starts': 'inconclusive',
    'old-key-stops': 'inconclusive',
  });
  expect(messages(reported())).toContain('LOGIN_COMMAND for leadconduit ended with exit code 5');
  expect(text).toContain('The key of the account has changed');
});

test('a host that keeps accepting the old key after the login violates', async () => {
  const told = verdicts(await judged(`${resets} console.log(key);`, 'process.exitCode = 0;'));
  expect(told).toMatchObject({ 'old-key-stops': 'violates', 'new-key-starts': 'violates', 'reset-needs-login': 'conforms' });
});

/** The embedded host with a broken promise, used like a user's own host whose key is reset by commands. */
async function judgedOn(
  departure: string,
  products: readonly ProductId[],
  more: Readonly<Record<string, string>> = {},
): Promise<Conformance> {
  await host.close();
  const { change: behavior, later = false } = allDepartures().find(({ id }) => id === departure) ?? {};
  host = await startHost({ products: loadProducts(), ...(behavior === undefined ? {} : { behavior }) });
  account = host.openAccount();
  const values = { ...variables(`${resets} console.log(key);`, logsIn, products), ...more };
  return runAgainst(readConfiguration({ values, problems: [], warnings: [] }), {
    reset: true,
    ...(later ? { settlingMs: 1000 } : {}),
  });
}
const broken = ({ requirements }: Conformance): readonly string[] =>
  requirements.filter(({ verdict }) => verdict === 'violates').map(({ id }) => id);

for (const departure of [
  'reset-needs-login/new-key-at-the-reset',
  'reset-needs-login/old-key-dies-at-the-reset',
  'reset-per-product/login-everywhere',
  'reset-per-product/new-key-everywhere',
  'old-key-stops/head',
  'old-key-stops/any-key-for-a-moment',
  'old-key-stops/comes-back',
  'new-key-starts/head-without',
  'new-key-starts/forgotten-again',
  'failure-status/dead-key-forbidden',
  'failure-body/dead-key-expired',
])
  test(`a user's own host, ${departure}: only that violates`, async () => {
    // Only what concerns several products needs a second one.
    const products = departure.startsWith('reset-per-product/')
      ? (['trustedform', 'suppressionlist'] as const)
      : (['suppressionlist'] as const);
    expect(broken(await judgedOn(departure, products))).toEqual([departure.split('/')[0]]);
  });

test('a replaced key that still works for unsafe methods: found if UNSAFE_METHODS allows them', async () => {
  expect(broken(await judgedOn('old-key-stops/one-method', ['leadconduit']))).toEqual([]);
  expect(broken(await judgedOn('old-key-stops/one-method', ['leadconduit'], { UNSAFE_METHODS: '1' }))).toEqual(['old-key-stops']);
});
test('a replaced key that still works where an id would have to be known: found with a made-up one', async () => {
  expect(broken(await judgedOn('old-key-stops/calls-with-an-id', ['suppressionlist']))).toEqual(['old-key-stops']);
});
test('unsafe methods after a login, on a host that keeps its promises: conforms', async () => {
  expect((await judgedOn('', ['leadconduit'], { UNSAFE_METHODS: '1' })).verdict).toBe('conforms');
});
test('any key works with one method: only bad-key-refused violates, whatever the replaced key does there', async () => {
  expect(broken(await judgedOn('bad-key-refused/one-method', ['leadconduit'], { UNSAFE_METHODS: '1' }))).toEqual(['bad-key-refused']);
});

test('what a command leaves in the background is neither killed nor waited for', async () => {
  const pipes = (): number => process.getActiveResourcesInfo().filter((each) => each === 'PipeWrap').length;
  const before = pipes();
  const { exitCode, output } = await runCommand(new Secret('sleep 30 & echo $!'), { PATH: process.env.PATH ?? '' }, 60_000);
  expect(exitCode).toBe(0);
  await expect.poll(pipes).toBe(before);
  expect(process.kill(Number(output.reveal()))).toBe(true);
});

test('without --reset no command is run', async () => {
  const ran = join(folder, 'ran');
  await here(['--grep', 'reset-needs-login'], {
    ACTIVEPROSPECT_API_KEY: account.key,
    LEADCONDUIT_URL: host.urlOf('leadconduit'),
    REPORTS_DIR: join(folder, 'reports'),
    RESET_COMMAND: script('reset', `require('fs').writeFileSync('${ran}', '');`),
    LOGIN_COMMAND: script('login', `require('fs').writeFileSync('${ran}', '');`),
  });
  expect(verdicts(reported())['reset-needs-login']).toBe('not-run');
  expect(readdirSync(folder)).not.toContain('ran');
});

test('--reset with only one command is wrong usage', async () => {
  const { code, text } = await conformance(['--reset'], {
    ACTIVEPROSPECT_API_KEY: account.key,
    LEADCONDUIT_URL: host.urlOf('leadconduit'),
    REPORTS_DIR: join(folder, 'reports'),
    RESET_COMMAND: 'true',
  });
  expect(code).toBe(2);
  expect(text).toContain('LOGIN_COMMAND');
});
