/** From checks to a product, from products to a requirement, from requirements to the run: the worst verdict counts, in the same order at each step. */
import { type Check, conforms, inconclusive, noted, type Result, type Verdict, verdicts, violates } from '../src/judge/check.ts';
import { runVerdict, worst } from '../src/judge/verdict.ts';
import { causeAnchor, causes } from '../src/recording/causes.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { withUncheckedProducts } from '../src/report/unchecked.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { type ProductId, productIds } from '../src/specifications/model.ts';
import { runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const order: readonly Verdict[] = ['violates', 'inconclusive', 'noted', 'conforms', 'not-run'];

const checkOf: Readonly<Record<Exclude<Verdict, 'not-run'>, Check>> = {
  violates: violates('wrong', [], 'this', 'that'),
  inconclusive: inconclusive('unclear', [], 'timeout', 'no answer'),
  noted: noted('odd', [], 'this', 'that'),
  conforms: conforms('kept', []),
};
const result = (requirement: string, product: ProductId | 'account', verdict: Verdict): Result => ({
  requirement,
  product,
  judgement: verdict === 'not-run' ? { kind: 'not-run', needs: 'something' } : { kind: 'checked', checks: [checkOf[verdict]] },
});
const folded = (results: readonly Result[]) => fold(runOf(results), loadDocumentation(), versions);
const entry = (id: string, results: readonly Result[]) => folded(results).requirements.find((each) => each.id === id);

test('the order is the documented one', () => {
  expect(verdicts).toEqual(order);
  for (const [index, worse] of order.entries()) for (const better of order.slice(index)) expect(worst([better, worse, better])).toBe(worse);
  expect(worst([])).toBe('not-run');
});

test.describe('the worst product counts', () => {
  for (const one of order)
    for (const other of order)
      test(`${one} and ${other}, of a standard`, () => {
        const found = entry('rfc9110-head', [result('rfc9110-head', 'leadconduit', one), result('rfc9110-head', 'trustedform', other)]);
        expect(found).toMatchObject({
          verdict: order[Math.min(order.indexOf(one), order.indexOf(other))],
          products: { leadconduit: one, trustedform: other },
        });
      });
});

test('a noted finding on a required one is shown, and the requirement conforms', () => {
  const found = entry('failure-status', [result('failure-status', 'leadconduit', 'noted')]);
  expect(found).toMatchObject({ verdict: 'conforms', products: { leadconduit: 'conforms' }, findings: [{ verdict: 'noted' }] });
});

test('a requirement that does not apply to a product has no entry for it', () => {
  const others: Result[] = productIds
    .slice(1)
    .map((product) => ({ requirement: 'documented-call', product, judgement: { kind: 'not-applicable' } }));
  expect(entry('documented-call', [result('documented-call', 'leadconduit', 'conforms'), ...others])?.products).toEqual({
    leadconduit: 'conforms',
  });
});

test('a requirement on the account has no products', () => {
  for (const verdict of ['violates', 'inconclusive', 'conforms', 'not-run'] as const)
    expect(entry('key-for-all-products', [result('key-for-all-products', 'account', verdict)])).toMatchObject({ verdict, products: {} });
});

test('a missing result was not selected', () => {
  const { requirements } = folded([result('failure-body', 'leadconduit', 'conforms')]);
  expect(requirements.map(({ id }) => id)).toEqual(
    loadDocumentation().sections.flatMap((section) => section.requirements.map(({ id }) => id)),
  );
  for (const each of requirements.filter(({ id }) => id !== 'failure-body'))
    expect(each, each.id).toMatchObject({ verdict: 'not-run', needs: 'not selected', checks: 0 });
});

test.describe('of the run', () => {
  for (const level of ['required', 'illustrative', 'standard'] as const)
    for (const verdict of order)
      test(`one ${level} ${verdict} among others that conform`, () => {
        const kept = { level: 'required', verdict: 'conforms' } as const;
        const gives = level === 'required' && (verdict === 'violates' || verdict === 'inconclusive') ? verdict : 'conforms';
        expect(runVerdict([kept, { level, verdict }, kept], 3)).toBe(gives);
      });
  test('violates even if others are inconclusive', () => {
    const requirements = (['inconclusive', 'violates', 'not-run'] as const).map((verdict) => ({ level: 'required' as const, verdict }));
    expect(runVerdict(requirements, 3)).toBe('violates');
  });
  test('no check was answered', () => {
    expect(runVerdict([{ level: 'required', verdict: 'not-run' }], 0)).toBe('inconclusive');
    expect(runVerdict([], 0)).toBe('inconclusive');
    expect(folded(productIds.map((product) => result('failure-body', product, 'not-run'))).verdict).toBe('inconclusive');
    expect(folded([result('failure-headers', 'leadconduit', 'inconclusive')]).verdict).toBe('inconclusive');
  });
  test('one answered check is enough', () => {
    for (const verdict of ['conforms', 'noted'] as const)
      expect(folded([result('failure-headers', 'leadconduit', verdict)]).verdict).toBe('conforms');
  });
  test('a requirement without checks makes the run inconclusive, whatever the others are', () => {
    const none: Result = { requirement: 'failure-body', product: 'leadconduit', judgement: { kind: 'checked', checks: [] } };
    const run = folded([result('failure-status', 'leadconduit', 'conforms'), none]);
    expect(run.verdict).toBe('inconclusive');
    expect(run.requirements.find(({ id }) => id === 'failure-body')?.findings).toMatchObject([{ cause: 'no-check' }]);
  });
});

test.describe('a configured product on which no required check could be made', () => {
  const named = { leadconduit: 'https://lead.test', trustedform: 'https://form.test' } as const;
  const lead = result('auth-required', 'leadconduit', 'conforms');
  const form = (...ids: readonly string[]): Result[] => ids.map((id) => result(id, 'trustedform', 'not-run'));
  const whole = (results: readonly Result[], target: Run['target'] = { kind: 'own', products: named }) =>
    fold(withUncheckedProducts(runOf(results, { target }), loadDocumentation()), loadDocumentation(), versions);
  const unchecked = (results: readonly Result[], target?: Run['target']) =>
    whole(results, target).requirements.flatMap(({ id, findings }) => findings.map(({ product, cause }) => [id, product, cause]));
  const told = [['auth-required', 'trustedform', 'no-check']];

  test('makes the run inconclusive, and is named with what to set or to leave out', () => {
    const { verdict, requirements } = whole([lead, ...form('auth-required', 'failure-body')]);
    expect(verdict).toBe('inconclusive');
    const found = requirements.find(({ id }) => id === 'auth-required');
    expect(found).toMatchObject({ verdict: 'inconclusive', products: { leadconduit: 'conforms', trustedform: 'inconclusive' } });
    expect(found?.findings.map(({ message }) => message).join()).toMatch(/trustedform.*something.*TRUSTEDFORM_URL/);
    expect(requirements.find(({ id }) => id === 'failure-body')?.verdict).toBe('not-run');
  });
  test('is reported with what most of its requirements need', () => {
    const others = ['old-key-stops', 'reset-needs-login'].map(
      (requirement): Result => ({
        requirement,
        product: 'trustedform',
        judgement: { kind: 'not-run', needs: `a reset for ${requirement}` },
      }),
    );
    const found = whole([lead, ...others, ...form('auth-required', 'failure-body')]).requirements.find(({ id }) => id === 'auth-required');
    expect(found?.findings.map(({ message }) => message)).toEqual([
      'No required check could be made on trustedform. It needs something. Set it, or leave out TRUSTEDFORM_URL.',
    ]);
  });
  test('even if public operations were answered, or a standard was checked', () => {
    const others = [result('public-call', 'trustedform', 'conforms'), result('rfc9110-head', 'trustedform', 'conforms')];
    expect(unchecked([lead, ...form('auth-required'), ...others])).toEqual(told);
  });
  test('even if some requirements were not selected, including auth-required', () => {
    expect(unchecked([lead, ...form('failure-body')])).toEqual(told);
  });
  test('is not reported if one was made', () => {
    const made = result('failure-body', 'trustedform', 'conforms');
    expect(unchecked([lead, ...form('auth-required'), made])).toEqual([]);
    expect(whole([lead, ...form('auth-required'), made]).verdict).toBe('conforms');
  });
  test('is not reported if it was not selected, entirely or with all its required requirements', () => {
    for (const results of [[lead], [lead, ...form('public-call')], [lead, ...form('rfc9110-head')]]) expect(unchecked(results)).toEqual([]);
  });
  test('is not reported if it has a cause already', () => {
    const refused = [result('auth-required', 'trustedform', 'inconclusive'), ...form('failure-body')];
    expect(unchecked([lead, ...refused])).toEqual([['auth-required', 'trustedform', 'timeout']]);
  });
  test('is not reported for the embedded host, which the user did not configure', () => {
    expect(unchecked([lead, ...form('auth-required')], { kind: 'embedded', products: named })).toEqual([]);
  });
});

test('each cause has a sentence and a section in the documentation', () => {
  const names =
    'unreachable tls proxy timeout malformed throttled locked-out challenge no-control unstable key-refused needs-login entitlement command-failed shard-missing no-check';
  expect(Object.keys(causes)).toEqual(names.split(' '));
  for (const cause of Object.keys(causes) as (keyof typeof causes)[]) {
    expect(causes[cause], `${cause} says what to do next`).toMatch(/\. [A-Z].*\.$/);
    expect(causeAnchor(cause)).toBe(`docs/verdicts.md#cause-${cause}`);
  }
});
