/** What the terminal shows after a run. */
import { stripVTControlCharacters } from 'node:util';
import { inconclusive, noted, type Result, violates } from '../src/judge/check.ts';
import type { Exchange } from '../src/recording/exchange.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { printout } from '../src/report/terminal/printout.ts';
import { accepted, brokenBody, checked, documentation, embedded, exchange, kept, notRun, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const unclear = inconclusive('unclear', [], 'timeout', 'no answer in time');

const print = (
  results: readonly Result[],
  { run, color = false, width = 80 }: { run?: Partial<Run>; color?: boolean; width?: number } = {},
): string => {
  const made = runOf(results, run);
  const conformance = fold(made, documentation, versions);
  return printout({ run: made, conformance, documentation, reports: [['Report', 'reports/allure/index.html']], color, width });
};

/** Everything that a printout can contain. */
const mixed: readonly Result[] = [
  checked('failure-status', 'leadconduit', [unclear]),
  checked('failure-status', 'trustedform', kept('a')),
  checked(
    'failure-body',
    'leadconduit',
    ['nothing', 'another key', 'the key reversed', 'the key doubled'].map((name) => brokenBody(name)),
  ),
  checked('failure-body', 'trustedform', [brokenBody('nothing')]),
  checked('failure-headers', 'leadconduit', [noted('nothing', [], 'an ETag', 'none')]),
  notRun('key-for-all-calls', 'leadconduit', 'TRUSTEDFORM_CERTIFICATE_ID'),
  checked('key-for-all-products', 'account', kept('both')),
];

test.describe('the printout', () => {
  test('ends with what a first-time reader wants to know, in consistent units', () => {
    const all = ['failure-status', 'failure-body', 'key-for-all-calls'].map((id) => checked(id, 'leadconduit', kept('a')));
    const last = (results: readonly Result[], lines: number, run: Partial<Run> = {}): readonly string[] =>
      print(results, { run, width: 120 }).split('\n').slice(-lines);
    expect(last(all, 3, { target: embedded })).toEqual([
      '',
      'Not selected: failure-headers, key-for-all-products, rfc9110-head.',
      'Conforms: 3 of 4 required promises kept, 1 not run (embedded host; says nothing about the real one).',
    ]);
    expect(last(mixed, 3)).toEqual([
      'Not selected: rfc9110-head.',
      'Violates: 1 of 4 required promises broken (failure-body), 1 could not be determined (failure-status), 1 kept, 1 not run',
      '(lead.test, form.test).',
    ]);
    expect(last([checked('failure-status', 'leadconduit', [unclear])], 1)).toEqual([
      'Inconclusive: 1 of 4 required promises could not be determined (failure-status), 3 not run (lead.test, form.test).',
    ]);
    expect(print([])).toMatch(/\nNo answer could be checked\. Check.*\nInconclusive: all 4 required promises not run/s);
  });

  test('shows a promise that was kept in part, and known differences', () => {
    const part = [checked('failure-body', 'leadconduit', kept('a')), notRun('failure-body', 'trustedform', 'a certificate')];
    expect(print(part, { width: 120 })).toContain('1 of 4 required promises kept (1 checked on some products only), 3 not run');
    expect(print(part)).toContain('Not run: needs a certificate: failure-body on trustedform.');
    const known = [
      { requirement: 'failure-body', product: 'leadconduit', verdict: 'violates', reason: 'old', expires: '2099-01-01' },
    ] as const;
    expect(print([checked('failure-body', 'leadconduit', [brokenBody('a')])], { run: { known }, width: 120 })).toContain(
      '1 of 4 required promises known to differ, 3 not run',
    );
  });

  test('has a table in the page’s order, by section and product', () => {
    const lines = print(mixed).split('\n');
    const table = lines.slice(lines.findIndex((line) => /leadconduit +trustedform +checks/.test(line)) + 1);
    expect(table.slice(0, table.indexOf('')).map((line) => line.replaceAll(/ {2,}/g, '|'))).toEqual([
      'Failure to authenticate',
      '|failure-status|? inconclusive|✓ conforms|2',
      '|failure-body|✗ violates|✗ violates|5',
      '|failure-headers|~ noted|1',
      'API key',
      '|key-for-all-calls|- not run',
      '|key-for-all-products|✓ conforms (the account)|1',
    ]);
  });

  test('shows equal findings once', () => {
    const text = print(mixed);
    expect(text).toContain('✗ failure-body: violates on leadconduit, trustedform (5 checks)');
    expect(text).toContain('  checks    nothing; another key; the key reversed; and 1 more\n');
    expect(text.match(/expected {2}/g)).toHaveLength(1);
    expect(text).toContain(String.raw`  got       "{\"error\":\"authentication failed\"}\n"`);
    expect(text).toContain(
      '  replay    ACTIVEPROSPECT_API_KEY="$ACTIVEPROSPECT_API_KEY" LEADCONDUIT_URL=https://lead.test npm run conformance -- --grep failure-body\n',
    );
    expect(text).toContain('  offline   npm run conformance -- --from reports --grep failure-body\n');
  });

  test('says what to do for an inconclusive result, and names the products to replay', () => {
    const text = print(mixed);
    expect(text).toContain('  next      No answer within REQUEST_TIMEOUT_MS.');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('(timeout: docs/verdicts.md#cause-timeout)');
    expect(text).toContain(' npm run conformance -- --grep failure-status --project leadconduit\n');
  });

  test('reports a silent host once, not for each requirement', () => {
    const silent = ['failure-status', 'failure-body', 'failure-headers', 'key-for-all-calls'].map((id) =>
      checked(id, 'leadconduit', [unclear]),
    );
    const text = print(silent);
    expect(text).toContain('? 4 requirements: inconclusive on leadconduit (4 checks)');
    expect(text.match(/ {2}next /g)).toHaveLength(1);
  });

  test('lists noted findings separately', () => {
    const text = print(mixed);
    expect(text.slice(text.indexOf('Noted (breaks no promise):'))).toContain(
      '~ failure-headers on leadconduit: expected an ETag, got none (nothing)',
    );
  });

  for (const width of [40, 80, 120])
    test(`fits ${width} columns, except for lines to paste`, () => {
      const wide = print(mixed, { width })
        .split('\n')
        .filter((line) => [...line].length > width);
      for (const line of wide) expect(line).toMatch(/^ {2}(replay|offline|curl) /);
    });

  test('does not rely on color alone', () => {
    const colored = print(mixed, { color: true });
    expect(colored).not.toBe(print(mixed));
    expect(stripVTControlCharacters(colored)).toBe(print(mixed));
  });

  test('shows what a host sent as plain text', () => {
    const came = '\u001b[2J\u0007\r\nred\u202e\u200b\u00a0é';
    const text = print([checked('failure-body', 'leadconduit', [violates('na\u001bme', [], 'text', came)])], {
      run: { name: 'run\u001b[31m' },
    });
    expect(text).not.toMatch(/[^\n\P{C}]/u);
    expect(text).toContain(String.raw`got       \u001b[2J\u0007\r\nred\u202e\u200b\u00a0é`);
    expect(text).toContain(String.raw`checks    na\u001bme`);
    expect(text).toContain(String.raw`run\u001b[31m`);
  });
});

test.describe('a curl line', () => {
  const accept = "-H 'Accept: application/json'";
  const key = '$ACTIVEPROSPECT_API_KEY';
  const rows: readonly { of: string; evidence: readonly Exchange[]; says: string | undefined }[] = [
    { of: 'a call without credentials', evidence: [exchange({ credentials: 'none' })], says: `curl -i ${accept} https://lead.test/flows` },
    {
      of: 'the right key',
      evidence: [exchange({ credentials: 'Basic X : key' })],
      says: `curl -i -u "X:${key}" ${accept} https://lead.test/flows`,
    },
    {
      of: 'an empty username',
      evidence: [exchange({ credentials: 'Basic (empty) : key' })],
      says: `curl -i -u ":${key}" ${accept} https://lead.test/flows`,
    },
    {
      of: 'spaces and quotes',
      evidence: [exchange({ credentials: `Basic " it's $me" : key` })],
      says: `curl -i -u ' it'\\''s $me'":${key}" ${accept} https://lead.test/flows`,
    },
    {
      of: 'the call between its controls',
      evidence: [accepted(), exchange({ credentials: 'none', method: 'HEAD', url: 'https://lead.test/a?b={c}' }), accepted()],
      says: `curl -i --globoff --head ${accept} 'https://lead.test/a?b={c}'`,
    },
    ...['/./flows', '/a/../flows', '/flows/..?b=c'].map((path) => ({
      of: `${path} as it is`,
      evidence: [exchange({ credentials: 'none', url: `https://lead.test${path}` })],
      says: `curl -i --path-as-is ${accept} ${path.includes('?') ? `'https://lead.test${path}'` : `https://lead.test${path}`}`,
    })),
    {
      of: 'a query that looks like a dot segment',
      evidence: [exchange({ credentials: 'none', url: 'https://lead.test/.a/b.?c=/../d' })],
      says: `curl -i ${accept} 'https://lead.test/.a/b.?c=/../d'`,
    },
    {
      of: 'a call with a body',
      evidence: [exchange({ credentials: 'none', method: 'PUT', body: '{}' })],
      says: `curl -i -X PUT ${accept} --data-raw '{}' https://lead.test/flows`,
    },
    { of: 'a wrong key after its control', evidence: [accepted(), exchange()], says: undefined },
    { of: 'a username described by its length', evidence: [exchange({ credentials: 'Basic (2,000 bytes) : key' })], says: undefined },
    { of: 'a username with escapes', evidence: [exchange({ credentials: 'Basic a\\u{7f} : key' })], says: undefined },
  ];
  for (const { of, evidence, says } of rows)
    test(`${says === undefined ? 'is not made for' : 'says'} ${of}`, () => {
      const text = print([checked('failure-status', 'leadconduit', [violates('row', evidence, 'this', 'that')])]);
      expect(/^ {2}curl {6}(.*)$/m.exec(text)?.[1]).toBe(says);
    });

  test('is not made for the embedded host, which has stopped by then', () => {
    const results = [checked('failure-status', 'leadconduit', [violates('row', [exchange({ credentials: 'none' })], 'this', 'that')])];
    expect(print(results, { run: { target: embedded } })).not.toContain('curl');
  });
});
