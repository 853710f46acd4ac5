import { type Check, inconclusive, noted, type Result, violates } from '../src/judge/check.ts';
import { caveatsOf } from '../src/report/caveats.ts';
import { fold } from '../src/report/fold.ts';
import { validateConformance } from '../src/specifications/conformance.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { checked, documentation, kept, notApplicable, notRun, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const folded = (results: readonly Result[]) => fold(runOf(results), documentation, versions);
const entry = (results: readonly Result[], id: string) => {
  const found = folded(results).requirements.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no entry for ${id}`);
  return found;
};

const wrong = violates('wrong', [], 'this', 'that');
const unclear = inconclusive('unclear', [], 'timeout', 'no answer in time');
const odd = noted('odd', [], 'this', 'that');

test('a key that went over plain HTTP off loopback is a caveat, however the host was written', () => {
  const products = { leadconduit: 'http://api.test.', trustedform: 'http://127.0.0.1:8080', suppressionlist: 'https://list.test' };
  const run = runOf([], { target: { kind: 'own', products }, configuration: [['PLAIN_HTTP_HOSTS', 'API.test']] });
  const plain = caveatsOf(run, fold(run, documentation, versions), loadProducts()).filter((each) => each.includes('plain HTTP'));
  expect(plain).toEqual(['The key went to `api.test.` over plain HTTP, as `PLAIN_HTTP_HOSTS` allows.']);
});

test.describe('folding', () => {
  const rows: readonly { of: readonly Check[]; on: 'failure-body' | 'failure-headers'; gives: string }[] = [
    { of: kept('a', 'b'), on: 'failure-body', gives: 'conforms' },
    { of: [...kept('a'), unclear], on: 'failure-body', gives: 'inconclusive' },
    { of: [unclear, wrong], on: 'failure-body', gives: 'violates' },
    { of: [...kept('a'), odd], on: 'failure-body', gives: 'conforms' },
    { of: [...kept('a'), odd], on: 'failure-headers', gives: 'noted' },
    { of: [odd, unclear], on: 'failure-headers', gives: 'inconclusive' },
    { of: [], on: 'failure-body', gives: 'inconclusive' },
  ];
  for (const { of, on, gives } of rows)
    test(`${of.map(({ name }) => name).join(', ') || 'no check'} on ${on} gives ${gives}`, () => {
      expect(entry([checked(on, 'leadconduit', of)], on)).toMatchObject({
        verdict: gives,
        products: { leadconduit: gives },
        checks: of.length,
      });
    });

  test('a requirement has the verdict of its worst product', () => {
    const results = [
      checked('failure-body', 'leadconduit', kept('a')),
      checked('failure-body', 'trustedform', [wrong]),
      notApplicable('failure-body', 'suppressionlist'),
    ];
    expect(entry(results, 'failure-body')).toMatchObject({
      verdict: 'violates',
      products: { leadconduit: 'conforms', trustedform: 'violates' },
      checks: 2,
    });
    expect(entry(results, 'failure-body').products).not.toHaveProperty('suppressionlist');
  });

  test('a requirement on the account has no products', () => {
    const found = entry([checked('key-for-all-products', 'account', [wrong])], 'key-for-all-products');
    expect(found).toMatchObject({ verdict: 'violates', products: {} });
    expect(found.findings[0]).not.toHaveProperty('product');
  });

  test('a requirement that was not run says why', () => {
    const needs = 'TRUSTEDFORM_CERTIFICATE_ID';
    expect(entry([], 'failure-body')).toMatchObject({ verdict: 'not-run', products: {}, checks: 0, needs: 'not selected' });
    expect(entry([notRun('failure-body', 'trustedform', needs)], 'failure-body')).toMatchObject({
      verdict: 'not-run',
      products: { trustedform: 'not-run' },
      needs,
    });
    const partly = [checked('failure-body', 'leadconduit', kept('a')), notRun('failure-body', 'trustedform', needs)];
    expect(entry(partly, 'failure-body')).toMatchObject({ verdict: 'conforms', needs: `trustedform: ${needs}` });
  });

  test('each finding has everything that its verdict requires', () => {
    const results = [
      checked('failure-body', 'leadconduit', [...kept('a'), wrong, unclear, odd]),
      checked('failure-status', 'leadconduit', []),
    ];
    expect(entry(results, 'failure-body').findings).toEqual([
      {
        product: 'leadconduit',
        check: 'wrong',
        verdict: 'violates',
        expected: 'this',
        actual: 'that',
        message: 'expected this, got that',
        known: false,
      },
      { product: 'leadconduit', check: 'unclear', verdict: 'inconclusive', cause: 'timeout', message: 'no answer in time', known: false },
      {
        product: 'leadconduit',
        check: 'odd',
        verdict: 'noted',
        expected: 'this',
        actual: 'that',
        message: 'expected this, got that',
        known: false,
      },
    ]);
    expect(entry(results, 'failure-status').findings).toMatchObject([{ verdict: 'inconclusive', cause: 'no-check' }]);
  });

  const runs: readonly { why: string; results: readonly Result[]; gives: string }[] = [
    { why: 'all kept', results: [checked('failure-body', 'leadconduit', kept('a'))], gives: 'conforms' },
    {
      why: 'a standard missed',
      results: [checked('failure-body', 'leadconduit', kept('a')), checked('rfc9110-head', 'leadconduit', [odd])],
      gives: 'conforms',
    },
    {
      why: 'an inconclusive standard',
      results: [checked('failure-body', 'leadconduit', kept('a')), checked('rfc9110-head', 'leadconduit', [unclear])],
      gives: 'conforms',
    },
    {
      why: 'one broken, one unclear',
      results: [checked('failure-body', 'leadconduit', [wrong]), checked('failure-status', 'leadconduit', [unclear])],
      gives: 'violates',
    },
    {
      why: 'one unclear',
      results: [checked('failure-body', 'leadconduit', kept('a')), checked('failure-status', 'leadconduit', [unclear])],
      gives: 'inconclusive',
    },
    { why: 'nothing answered', results: [checked('rfc9110-head', 'leadconduit', [unclear])], gives: 'inconclusive' },
    { why: 'nothing run', results: [], gives: 'inconclusive' },
  ];
  for (const { why, results, gives } of runs)
    test(`a run with ${why} ${gives === 'inconclusive' ? 'is inconclusive' : gives}`, () => {
      const conformance = folded(results);
      expect(conformance.verdict).toBe(gives);
      expect(validateConformance(conformance)).toEqual([]);
    });
});
