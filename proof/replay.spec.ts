/** Lines that reproduce a finding: their content, and that they give the same finding in a bare shell. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allDepartures } from '../src/host/departures.ts';
import { startHost } from '../src/host/host.ts';
import { violates } from '../src/judge/check.ts';
import { groupsOf } from '../src/report/findings.ts';
import { fold } from '../src/report/fold.ts';
import type { Conformance, Run } from '../src/report/model.ts';
import { replayLines } from '../src/report/replay.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { conformance, type Done, shell } from './command.ts';
import { checked, documentation, embedded, exchange, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const own: Run['configuration'] = [
  ['ACTIVEPROSPECT_API_KEY', 'set'],
  ['ACTIVEPROSPECT_OLD_API_KEY', 'not set'],
  ['LEADCONDUIT_URL', 'https://lead.test'],
  ['TRUSTEDFORM_CERTIFICATE_ID', 'not set'],
  ['RESET_COMMAND', 'set'],
  ['LOGIN_COMMAND', 'set'],
  ['REPORTS_DIR', 'my reports'],
  ['RUN_NAME', "it's $HOME"],
  ['REQUEST_TIMEOUT_MS', '10000'],
  ['SEED', '7'],
];
const lines = (more: Partial<Run> = {}, on: 'failure-status' | 'key-for-all-products' = 'failure-status') => {
  const product = on === 'failure-status' ? 'leadconduit' : 'account';
  const run = runOf([checked(on, product, [violates('row', [exchange()], '401', '403')])], { configuration: own, ...more });
  const [group] = groupsOf(run, fold(run, documentation, versions), ['violates']);
  if (group === undefined) throw new Error('nothing was found');
  return replayLines(group, run);
};
const set = `LEADCONDUIT_URL=https://lead.test REPORTS_DIR='my reports' RUN_NAME='it'\\''s $HOME' SEED=7`;
const offline = `REPORTS_DIR='my reports' npm run conformance -- --from 'my reports' --grep failure-status --project leadconduit`;

test('contain the settings, with keys as variables', () => {
  expect(lines()).toEqual([
    {
      kind: 'replay',
      line: `ACTIVEPROSPECT_API_KEY="$ACTIVEPROSPECT_API_KEY" ${set} npm run conformance -- --grep failure-status --project leadconduit`,
    },
    { kind: 'offline', line: offline },
  ]);
  expect(lines({}, 'key-for-all-products')[1]?.line).toMatch(/--grep key-for-all-products$/);
});

test('for a reset by command judge the recording first, and warn', () => {
  const [first, second] = lines({ resetSince: 10 });
  expect(first).toEqual({ kind: 'offline', line: offline });
  expect(second).toEqual({
    kind: 'replay',
    line: `ACTIVEPROSPECT_API_KEY="$ACTIVEPROSPECT_API_KEY" RESET_COMMAND="$RESET_COMMAND" LOGIN_COMMAND="$LOGIN_COMMAND" ${set} npm run conformance -- --reset --grep failure-status --project leadconduit`,
    warning: 'This line resets the key again.',
  });
  // A call that was made before the reset needs no warning.
  expect(lines({ resetSince: 1000 })[0]?.line).not.toContain('--reset');
});

test('for a reset by a person ask for another reset', () => {
  expect(lines({ command: 'verify-reset' }).map(({ line }) => line)).toEqual([
    offline,
    `ACTIVEPROSPECT_API_KEY="$ACTIVEPROSPECT_API_KEY" ${set} npm run verify-reset`,
  ]);
});

test('for the embedded host need no key', () => {
  expect(lines({ target: embedded, configuration: [['SEED', '7']] })[0]?.line).toBe(
    'SEED=7 npm run conformance -- --grep failure-status --project leadconduit',
  );
});

test('leave out a value that cannot be pasted', () => {
  expect(lines({ configuration: [['RUN_NAME', 'a\u202eb']] })[0]?.line).not.toContain('RUN_NAME');
});

test.describe('pasted into a bare shell', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const shown = (text: string, label: string): string => new RegExp(`^ {2}${label} +(.*)$`, 'm').exec(text)?.[1] ?? '';
  /** `variables` are set in the shell but not exported. */
  const paste = (line: string, variables: Readonly<Record<string, string>> = {}): Promise<Done> => {
    const settings = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
    return shell([...settings, line].join('\n'));
  };
  const broken = (): readonly string[] =>
    (JSON.parse(readFileSync(join(folder, 'reports/conformance.json'), 'utf8')) as Conformance).requirements.flatMap(({ id, verdict }) =>
      verdict === 'violates' ? [id] : [],
    );
  const departing = (id: string) => {
    const departure = allDepartures().find((each) => each.id === id);
    if (departure === undefined) throw new Error(`there is no departure ${id}`);
    return startHost({ products: loadProducts(), behavior: departure.change });
  };

  test('they reproduce the finding, with the host and without it', async () => {
    const host = await departing('failure-body/trailing-newline');
    const { key } = host.openAccount();
    const set = { LEADCONDUIT_URL: host.urlOf('leadconduit'), REPORTS_DIR: join(folder, 'reports'), RUN_NAME: "nightly's" };
    const first = await conformance(['--grep', 'failure-'], { ...set, ACTIVEPROSPECT_API_KEY: key });
    expect(first.code, first.text).toBe(1);
    const replayed = await paste(shown(first.text, 'replay'), { ACTIVEPROSPECT_API_KEY: key });
    await host.close();
    expect(replayed.code, replayed.text).toBe(1);
    expect(replayed.text).toContain('✗ failure-body: violates on leadconduit');
    const again = await paste(shown(first.text, 'offline'));
    expect(again.code, again.text).toBe(1);
    expect(again.text).toContain('Judged again from a recording');
    expect(broken()).toEqual(['failure-body']);
  });

  test('they reproduce what a reset by commands found, first without another reset', async () => {
    const host = await departing('old-key-stops/never-revoked');
    const account = host.openAccount();
    const kept = join(folder, 'key');
    writeFileSync(kept, account.key);
    const post = (path: string, then: string): string =>
      `'${process.execPath}' -e 'fetch("${host.account}/accounts/${account.id}${path}", { method: "POST", headers: { Accept: "text/plain" } }).then((answer) => answer.text()).then((text) => { ${then} })'`;
    const commands = {
      RESET_COMMAND: post('/reset', `require("fs").writeFileSync("${kept}", text.trim()); console.log(text)`),
      LOGIN_COMMAND: post("/logins/'$PRODUCT'", ''),
    };
    const key = (): Readonly<Record<string, string>> => ({ ACTIVEPROSPECT_API_KEY: readFileSync(kept, 'utf8') });
    const set = { LEADCONDUIT_URL: host.urlOf('leadconduit'), REPORTS_DIR: join(folder, 'reports') };
    const first = await conformance(['--reset', '--grep', 'old-key-stops'], { ...set, ...key(), ...commands });
    expect(first.code, first.text).toBe(1);
    const resetKey = key();
    expect(first.text.indexOf('  offline ')).toBeLessThan(first.text.indexOf('  replay '));
    expect(first.text).toContain('  warning   This line resets the key again.');
    const again = await paste(shown(first.text, 'offline'));
    expect(again.code, again.text).toBe(1);
    expect(key()).toEqual(resetKey);
    const replayed = await paste(shown(first.text, 'replay'), { ...key(), ...commands });
    await host.close();
    expect(replayed.code, replayed.text).toBe(1);
    expect(key()).not.toEqual(resetKey);
    expect(broken()).toEqual(['old-key-stops']);
  });
});
