/** A run as CI services, pull requests, badges and a team's list of known differences see it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conforms, inconclusive, violates } from '../src/judge/check.ts';
import { dueIn, type KnownDifference } from '../src/known/known.ts';
import { readKnownDifferences } from '../src/known/read.ts';
import { sitePage } from '../src/publish/site-page.ts';
import { fold } from '../src/report/fold.ts';
import { badge } from '../src/report/machine/badge.ts';
import { annotations } from '../src/report/machine/github.ts';
import { junit } from '../src/report/machine/junit.ts';
import { summary } from '../src/report/machine/summary.ts';
import type { Run } from '../src/report/model.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { embedded, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const documentation = loadDocumentation();
const hostile = '</failure>]]> <script> %0A::error::x "quoted" | `tick` @somebody \u001b[31m';
const checked = (...checks: ReturnType<typeof conforms>[]) => ({ kind: 'checked' as const, checks });
const results: Run['results'] = [
  { requirement: 'failure-body', product: 'leadconduit', judgement: checked(violates('nothing', [], 'this', hostile)) },
  { requirement: 'failure-body', product: 'trustedform', judgement: checked(conforms('nothing', [])) },
  { requirement: 'failure-status', product: 'leadconduit', judgement: checked(inconclusive('nothing', [], 'timeout', 'No answer.')) },
  { requirement: 'key-for-all-products', product: 'account', judgement: { kind: 'not-run', needs: 'two products' } },
];
const known = (more: Partial<KnownDifference> = {}): KnownDifference => ({
  requirement: 'failure-body',
  product: 'leadconduit',
  verdict: 'violates',
  reason: 'until the next release',
  expires: '2025-12-31',
  ...more,
});
const runWith = (list: readonly KnownDifference[] = [], of = results) => runOf(of, { known: list });
const folded = (...of: Parameters<typeof runWith>) => fold(runWith(...of), documentation, versions);

test('JUnit: violates is a failure, inconclusive an error, not-run is skipped, and a host’s markup is escaped', () => {
  const xml = junit({}, folded(), documentation);
  expect(xml).toMatch(/<testsuite name="leadconduit" tests="2" failures="1" errors="1" skipped="0"/);
  expect(xml).toMatch(/name="failure-status">\n *<error type="timeout" message="No answer."/);
  expect(xml).toMatch(/name="key-for-all-products">\n *<skipped message="two products"/);
  expect(xml).not.toContain('<script>');
  expect(xml).not.toContain('\u001b');
  expect(xml.match(/<\/failure>/g)).toHaveLength(1);
});

test('JUnit: a known difference is skipped', () => {
  const xml = junit({}, folded([known()]), documentation);
  expect(xml).toMatch(/failures="0" errors="1" skipped="1"/);
  expect(xml).toContain('known difference, violates');
});

test('the summary has the verdict, a table and the findings, and a host’s markup is escaped', () => {
  const markdown = summary(runWith(), folded(), documentation);
  expect(markdown).toMatch(/^## Violates/);
  expect(markdown).toContain('| `failure-body` | ✗ violates | ✓ conforms |');
  expect(markdown).toContain('- expected ` this `');
  expect(markdown).toContain('`` </failure>');
  expect(markdown).not.toContain('\u001b');
});

test('the summary names the run, the promise that broke with a link to its section, and why something was not run', () => {
  const run = runOf(results, { name: 'nightly *1*' });
  const markdown = summary(run, fold(run, documentation, versions), documentation);
  expect(markdown).toContain('nightly \\*1\\*');
  expect(markdown).toMatch(/- promise: .*33 bytes.* \(\[Failure to authenticate\]\(https:[^)]*\)\)/);
  expect(markdown).toContain('- Not run: needs two products: key-for-all-products');
  expect(markdown).toMatch(/- Not selected: \d+ of 23 requirements/);
});

test('annotations: an error for violates, a warning for inconclusive, one line each', () => {
  const lines = annotations(runWith(), folded());
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^::error title=failure-body on leadconduit::/);
  expect(lines[1]).toMatch(/^::warning title=failure-status on leadconduit::/);
  expect(lines[0]).toContain('%250A::error');
  expect(annotations(runWith([known()]), folded([known()]))).toHaveLength(1);
});

test('the badge is gray for an inconclusive run, and has no percentage', () => {
  const of = (list: Run['results']): unknown => JSON.parse(badge(folded([], list)));
  expect(of(results)).toEqual({ schemaVersion: 1, label: 'authentication', message: 'violates', color: 'red' });
  expect(of(results.slice(1))).toMatchObject({ message: 'inconclusive', color: 'lightgrey' });
  expect(of(results.slice(1, 2))).toMatchObject({ message: 'conforms', color: 'brightgreen' });
});

test('the badge of the embedded host is gray and says so, whatever the verdict', () => {
  for (const verdict of ['conforms', 'violates', 'inconclusive'] as const) {
    const { message, color } = JSON.parse(badge({ verdict, target: embedded }));
    expect(message).toBe(`embedded host: ${verdict}, says nothing about the real one`);
    expect(color).toBe('lightgrey');
  }
});

test.describe('a known difference', () => {
  test('does not count in the verdict, and is marked', () => {
    const { verdict, requirements } = folded([known()], results.slice(0, 2));
    expect(verdict).toBe('conforms');
    const entry = requirements.find(({ id }) => id === 'failure-body');
    expect(entry).toMatchObject({ verdict: 'violates', findings: [{ known: true }] });
  });
  test('for another product, verdict or day does not count', () => {
    for (const more of [{ product: 'trustedform' }, { verdict: 'inconclusive' }, { expires: '2025-01-01' }] as const)
      expect(folded([known(more)], results.slice(0, 2)).verdict, JSON.stringify(more)).toBe('violates');
  });
  test('is marked where it is known, and only there', () => {
    const judgement = checked(violates('nothing', [], 'this', hostile));
    const of: Run['results'] = [
      { requirement: 'failure-body', product: 'leadconduit', judgement },
      { requirement: 'failure-body', product: 'trustedform', judgement },
      { requirement: 'key-for-all-products', product: 'account', judgement },
    ];
    const { product: _product, ...everywhere } = known({ requirement: 'key-for-all-products' });
    const list = [known(), everywhere];
    const conformance = folded(list, of);
    const markdown = summary(runWith(list, of), conformance, documentation);
    expect(markdown).toContain('| `failure-body` | ✗ violates (known) | ✗ violates |');
    expect(markdown).toContain('| `key-for-all-products` | ✗ violates (known) | ✗ violates (known) |');
    const page = sitePage([{ folder: 'a', conformance, times: undefined, files: [] }], false);
    expect(page).toContain('failure-body</span> on leadconduit (known), trustedform');
    expect(page).toContain('key-for-all-products</span> (known)');
  });
  test('without a product applies to all of them', () => {
    const { product: _product, ...everywhere } = known();
    expect(folded([everywhere], results.slice(0, 2)).verdict).toBe('conforms');
  });
  test('is due when it has expired, or when the verdict is different', () => {
    const came = { requirement: 'failure-body', product: 'leadconduit' } as const;
    expect(dueIn([known()], [{ ...came, verdict: 'violates' }], '2025-06-01')).toEqual([]);
    expect(dueIn([known()], [], '2025-06-01'), 'not selected').toEqual([]);
    expect(dueIn([known()], [{ ...came, verdict: 'violates' }], '2026-01-01')[0]?.sentence).toContain('expired on 2025-12-31');
    expect(dueIn([known()], [{ ...came, verdict: 'conforms' }], '2025-06-01')[0]?.sentence).toContain(
      'stale: expected violates, got conforms',
    );
  });

  const file =
    (text: string): (() => unknown) =>
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'known-'));
      try {
        writeFileSync(join(folder, 'known-differences.yaml'), text);
        return readKnownDifferences(folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    };
  const entry =
    '- requirement: failure-body\n  product: trustedform\n  verdict: violates\n  reason: a form of its own\n  expires: 2026-12-31\n';
  test('is read from a file, which may be missing or empty', () => {
    expect(file(entry)()).toEqual([
      { requirement: 'failure-body', product: 'trustedform', verdict: 'violates', reason: 'a form of its own', expires: '2026-12-31' },
    ]);
    expect(readKnownDifferences(join(tmpdir(), 'no such folder'))).toEqual([]);
    expect(file('')()).toEqual([]);
  });
  const mistakes = [
    [entry.replace('failure-body', 'failure-bodies'), /yaml:1: .*failure-bodies.*requirement: failure-body/],
    [entry.replace('trustedform', 'trustform'), /yaml:2: .*trustform/],
    [entry.replace('violates', 'fails'), /yaml:3: .*violates/],
    [entry.replace('2026-12-31', 'soon'), /yaml:5: /],
    [entry.replace('2026-12-31', '2026-02-30'), /yaml:5: .*not a date/],
    [entry.replace('reason:', 'why:'), /unknown key "why"/],
    ['nothing: here', /expected array/],
  ] as const;
  for (const [text, says] of mistakes) test(`is rejected with its line: ${says.source}`, () => expect(file(text)).toThrow(says));
});
