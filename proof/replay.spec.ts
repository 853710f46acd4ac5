/** Lines that reproduce a finding: their content. from.spec.ts pastes them into a shell. */
import { violates } from '../src/judge/check.ts';
import { groupsOf } from '../src/report/findings.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { replayLines } from '../src/report/replay.ts';
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
    warning: 'Asking again resets the key again.',
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
