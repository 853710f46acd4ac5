/** The judge of a key's reset: which requirement each answer violates, and what a verdict needs. */
import { verdictOf } from '../src/judge/check.ts';
import { judgeReset, type ResetRequirement, resetRequirements } from '../src/judge/truth-table.ts';
import type { Cause } from '../src/recording/causes.ts';
import type { Trial } from '../src/recording/outcome.ts';
import { type KeyReset, type Moment, neverIssuedKey, type Probe } from '../src/recording/reset.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { type Answer, exchange, first, judged, secondOf, silence, trial, unasked } from './histories.ts';
import { expect, test } from './test.ts';

const reset = (startedAt: number, sameKey = false): Moment => ({ kind: 'reset', startedAt, endedAt: startedAt + 2, sameKey });
const login = (startedAt: number, product: ProductId = 'leadconduit'): Moment => ({
  kind: 'login',
  startedAt,
  endedAt: startedAt + 2,
  product,
});

interface Sent extends Partial<Pick<Probe, 'check' | 'product' | 'place'>> {
  readonly lasting?: number;
}
/** A call with this key, sent at this time. */
const call = (key: number, at: number, answer: Answer | Trial, { lasting = 1, ...more }: Sent = {}): Probe => ({
  check: `${more.product ?? 'leadconduit'}: key ${key} at ${at}`,
  product: 'leadconduit',
  key,
  place: 'GET /flows API',
  trial: typeof answer === 'object' && 'outcome' in answer ? answer : trial(exchange(answer, { startedAt: at, durationMs: lasting })),
  ...more,
});

/** The truth table: each cell's product, key and time. The resets are at 10 and 30, the logins at 20 and 40. */
const moments = [reset(10), login(20), reset(30), login(40)];
const cells = {
  'before, first key': ['leadconduit', 0, 5, 200],
  'after the reset, first key': ['leadconduit', 0, 15, 200],
  'after the reset, second key': ['leadconduit', 1, 15, 401],
  'after the reset, third key': ['leadconduit', neverIssuedKey, 15, 401],
  'after the login, first key': ['leadconduit', 0, 25, 401],
  'after the login, second key': ['leadconduit', 1, 25, 200],
  'after the login, third key': ['leadconduit', neverIssuedKey, 25, 401],
  'after another reset, first key': ['leadconduit', 0, 35, 401],
  'after another reset, second key': ['leadconduit', 1, 35, 200],
  'after another reset, new key': ['leadconduit', 2, 35, 401],
  'after another login, second key': ['leadconduit', 1, 45, 401],
  'after another login, new key': ['leadconduit', 2, 45, 200],
  'elsewhere before, first key': ['trustedform', 0, 5, 200],
  'elsewhere after the reset, first key': ['trustedform', 0, 15, 200],
  'elsewhere after the reset, second key': ['trustedform', 1, 15, 401],
  'elsewhere after the login, first key': ['trustedform', 0, 25, 200],
  'elsewhere after the login, second key': ['trustedform', 1, 25, 401],
  'elsewhere after the login, third key': ['trustedform', neverIssuedKey, 25, 401],
} as const satisfies Record<string, readonly [ProductId, number, number, 200 | 401]>;
type Cell = keyof typeof cells;

/** A reset as documented, except for what is given; `undefined` leaves a cell out. */
function resetWith(answers: Readonly<Partial<Record<Cell, Answer | Trial | undefined>>> = {}, more: readonly Probe[] = []): KeyReset {
  const table = (Object.entries(cells) as [Cell, (typeof cells)[Cell]][]).flatMap(([name, [product, key, at, kept]]) => {
    const answer = name in answers ? answers[name] : kept;
    return answer === undefined ? [] : [call(key, at, answer, { product, check: name })];
  });
  return { product: 'leadconduit', moments, probes: [...table, ...more], narrowed: [], least: { before: 1, after: 1 } };
}

const judgedAs = (history: KeyReset, id: ResetRequirement) => {
  const judgement = judgeReset(history)[id];
  const checks = judgement.kind === 'checked' ? judgement.checks : [];
  const causes = new Set(checks.flatMap((each): Cause[] => (each.verdict === 'inconclusive' ? [each.cause] : [])));
  return { verdict: judgement.kind === 'not-applicable' ? undefined : verdictOf(judgement, 'required'), causes: [...causes], checks };
};
const blamed = (history: KeyReset): readonly ResetRequirement[] =>
  resetRequirements.filter((id) => judgedAs(history, id).verdict === 'violates');
const verdicts = (history: KeyReset) => resetRequirements.map((id) => judgedAs(history, id).verdict);

test('a reset as documented conforms', () => expect(verdicts(resetWith())).toEqual(resetRequirements.map(() => 'conforms')));

test.describe('a wrong answer violates', () => {
  const wrong: readonly (readonly [Cell, 200 | 401, ResetRequirement])[] = [
    ['after the reset, first key', 401, 'reset-needs-login'],
    ['after the reset, second key', 200, 'reset-needs-login'],
    ['after the login, first key', 200, 'old-key-stops'],
    ['after the login, second key', 401, 'new-key-starts'],
    ['after another reset, first key', 200, 'old-key-stops'],
    ['after another reset, second key', 401, 'reset-needs-login'],
    ['after another reset, new key', 200, 'reset-needs-login'],
    ['after another login, second key', 200, 'old-key-stops'],
    ['after another login, new key', 401, 'new-key-starts'],
    ['elsewhere after the login, first key', 401, 'reset-per-product'],
    ['elsewhere after the login, second key', 200, 'reset-per-product'],
  ];
  for (const [cell, answer, requirement] of wrong)
    test(`${requirement}: ${cell}, ${answer}`, () => expect(blamed(resetWith({ [cell]: answer }))).toEqual([requirement]));

  test('nothing: the key was not accepted before the reset', () => {
    expect(blamed(resetWith({ 'before, first key': 401, 'after the reset, first key': 401 }))).toEqual([]);
  });
  test('nothing: it is unknown whether the key was accepted before the reset', () => {
    expect(blamed(resetWith({ 'before, first key': undefined, 'after the reset, first key': 401 }))).toEqual([]);
  });
  test('nothing: the reset itself affected another product', () => {
    const moved = { 'elsewhere after the reset, first key': 401, 'elsewhere after the reset, second key': 200 };
    expect(blamed(resetWith(moved))).toEqual([]);
  });
  test('not reset-per-product: the reset itself had affected the product', () => {
    const moved = {
      'elsewhere after the reset, first key': 401,
      'elsewhere after the reset, second key': 200,
      'elsewhere after the login, first key': 401,
      'elsewhere after the login, second key': 200,
    };
    expect(judgedAs(resetWith(moved), 'reset-per-product').verdict).toBe('not-run');
  });
  test('only reset-changes-key if the key is the same', () => {
    const history = {
      ...resetWith({ 'after the reset, second key': 200, 'after the login, first key': 200 }),
      moments: [reset(10, true), login(20)],
    };
    expect(blamed(history)).toEqual(['reset-changes-key']);
    expect(verdicts(history)).toEqual(['violates', 'not-run', 'not-run', 'not-run', 'not-run']);
  });
  test('old-key-stops for a call that was refused first and then accepted', () => {
    const late = trial(exchange(503, { startedAt: 25 }), exchange(200, { startedAt: 26 }));
    expect(blamed(resetWith({ 'after the login, first key': late }))).toEqual(['old-key-stops']);
    const other = trial(exchange(403, { startedAt: 25 }), exchange(200, { startedAt: 26 }));
    expect(blamed(resetWith({ 'after the login, first key': other }))).toEqual(['old-key-stops']);
  });
  test('old-key-stops for one stale answer of ninety, which is counted and timed', () => {
    const many = Array.from({ length: 90 }, (_, index) =>
      call(0, 23 + index / 20, index === 60 ? 200 : 401, { check: 'the old key, often' }),
    );
    const history = resetWith({}, many);
    expect(blamed(history)).toEqual(['old-key-stops']);
    expect(JSON.stringify(judgedAs(history, 'old-key-stops').checks)).toMatch(/1 of 90 calls.*\d+ ms after the login/);
  });
});

test.describe('a third key', () => {
  const early = { 'after the reset, second key': 200 } as const;
  test('accepted as well: says nothing about the reset', () => {
    expect(blamed(resetWith({ ...early, 'after the reset, third key': 200 }))).toEqual([]);
  });
  test('accepted as well after the login: the old key is one of many', () => {
    expect(blamed(resetWith({ 'after the login, first key': 200, 'after the login, third key': 200 }))).toEqual([]);
  });
  test('accepted by another product: says nothing about this one', () => {
    expect(blamed(resetWith({ ...early, 'elsewhere after the login, third key': 200 }))).toEqual(['reset-needs-login']);
  });
  test('accepted at another time: says nothing about this one', () => {
    expect(blamed(resetWith({ ...early, 'after the login, third key': 200 }))).toEqual(['reset-needs-login']);
  });
  test('accepted when it was last tried: any key may still have worked a moment later, and only then', () => {
    const moment = { 'after the login, third key': 200, 'after another reset, new key': 200 } as const;
    expect(blamed(resetWith(moment))).toEqual([]);
    expect(blamed(resetWith(moment, [call(neverIssuedKey, 28, 401)]))).toEqual(['reset-needs-login']);
    expect(blamed(resetWith(moment, [call(neverIssuedKey, 36, 401)]))).toEqual([]);
  });
  for (const [name, third] of [
    ['not answered', trial(exchange(silence(), { startedAt: 15 }))],
    ['not asked', undefined],
  ] as const)
    test(`${name}: a key accepted too early does not count`, () => {
      const history = resetWith({ ...early, 'after the reset, third key': third });
      expect(blamed(history)).toEqual([]);
      expect(judgedAs(history, 'reset-needs-login').verdict).toBe('inconclusive');
    });
});

test.describe('a call that overlaps the login', () => {
  for (const [key, answer] of [
    [0, 200],
    [0, 401],
    [1, 200],
    [1, 401],
  ] as const)
    for (const [at, lasting] of [
      [19, 2],
      [19, 8],
      [20, 1],
      [21, 5],
    ] as const)
      test(`key ${key} from ${at} to ${at + lasting}, ${answer}: never violates`, () => {
        expect(blamed(resetWith({}, [call(key, at, answer, { lasting })]))).toEqual([]);
      });
  for (const answer of [200, 401])
    test(`key 1 from before the login to after the next one, ${answer}: never violates`, () => {
      expect(blamed(resetWith({}, [call(1, 15, answer, { lasting: 30 })]))).toEqual([]);
    });
  test('never violates if a key that no product had switched to was refused before: two resets, one login', () => {
    const history = resetWith({}, [call(1, 20.2, 401, { lasting: 0.2 }), call(0, 20.6, 200)]);
    expect(blamed({ ...history, moments: [reset(10), reset(14), login(20)], probes: history.probes.slice(-2) })).toEqual([]);
  });
  test('never violates if it lasts until the next login, even if the first had been seen', () => {
    expect(blamed(resetWith({}, [call(1, 20.2, 200, { lasting: 0.2 }), call(1, 21, 401, { lasting: 25 })]))).toEqual([]);
  });
  // The login lasts from 20 to 22.
  const seen: readonly (readonly [string, Probe, Probe, ResetRequirement])[] = [
    ['the new key was accepted, then the old one', call(1, 20.2, 200, { lasting: 0.2 }), call(0, 20.6, 200), 'old-key-stops'],
    ['the old key was refused, then accepted', call(0, 20.2, 401, { lasting: 0.2 }), call(0, 20.6, 200), 'old-key-stops'],
    ['the new key was accepted, then refused', call(1, 20.2, 200, { lasting: 0.2 }), call(1, 20.6, 401), 'new-key-starts'],
    ['the old key was refused, then the new one', call(0, 20.2, 401, { lasting: 0.2 }), call(1, 20.6, 401), 'new-key-starts'],
  ];
  for (const [name, one, later, requirement] of seen) {
    test(`violates if the new state had been seen: ${name}`, () => expect(blamed(resetWith({}, [one, later]))).toEqual([requirement]));
    test(`does not violate if that had not been answered yet: ${name}`, () => {
      const longer = call(one.key, 20.2, one.trial.outcome.kind === 'accepted' ? 200 : 401, { lasting: 1 });
      expect(blamed(resetWith({}, [longer, later]))).toEqual([]);
    });
  }
});

test.describe('inconclusive', () => {
  const silent = (at: number) => trial(exchange(silence(), { startedAt: at }));
  for (const [cell, at, requirement] of [
    ['after the reset, first key', 15, 'reset-needs-login'],
    ['after the reset, second key', 15, 'reset-needs-login'],
    ['after the login, first key', 25, 'old-key-stops'],
    ['after the login, second key', 25, 'new-key-starts'],
    ['elsewhere after the login, first key', 25, 'reset-per-product'],
  ] as const) {
    test(`without an answer: ${cell}`, () => {
      const history = resetWith({ [cell]: silent(at) });
      expect(blamed(history)).toEqual([]);
      expect(judgedAs(history, requirement)).toMatchObject({ verdict: 'inconclusive', causes: expect.arrayContaining(['timeout']) });
    });
    test(`not asked because the product had been given up: ${cell}`, () => {
      const history = resetWith({ [cell]: unasked('locked-out') });
      expect(blamed(history)).toEqual([]);
      expect(judgedAs(history, requirement)).toMatchObject({ verdict: 'inconclusive', causes: expect.arrayContaining(['locked-out']) });
    });
  }
  test('hardly any of ninety calls was asked', () => {
    const many = Array.from({ length: 90 }, (_, index) =>
      call(0, 23, index === 0 ? 401 : unasked('throttled'), { check: 'the old key, often' }),
    );
    expect(judgedAs(resetWith({}, many), 'old-key-stops')).toMatchObject({ verdict: 'inconclusive', causes: ['throttled'] });
  });
  test('a refusal while the key valid at that time was not accepted either', () => {
    const history = resetWith({ 'after the login, second key': undefined });
    expect(judgedAs(history, 'old-key-stops').verdict).toBe('inconclusive');
  });
  test('no answer from before the login', () => {
    const after: readonly Probe[] = [call(0, 25, 401), call(1, 25, 200), call(neverIssuedKey, 25, 401)];
    const history = {
      product: 'leadconduit',
      moments: moments.slice(0, 2),
      probes: after,
      narrowed: [],
      least: { before: 1, after: 1 },
    } as const;
    for (const id of ['old-key-stops', 'new-key-starts', 'reset-needs-login'] as const)
      expect(judgedAs(history, id).verdict, id).toBe('inconclusive');
  });
  test('whether a login affects other products, if the effect of the reset on them is unknown', () => {
    expect(judgedAs(resetWith({ 'elsewhere after the reset, first key': silent(15) }), 'reset-per-product').verdict).not.toBe('not-run');
  });
});

test.describe('a reset among the other histories', () => {
  test('that was not part of the run: not run, and what it needs', () => {
    for (const id of resetRequirements.filter((each) => each !== 'old-key-stops'))
      expect(judged(id, {}), id).toMatchObject({ verdict: 'not-run', needs: expect.stringContaining('--reset') });
  });
  test('that was not possible: inconclusive, for the same cause as the first history', () => {
    const history = { first: first([], { resetsKey: true, givenUp: 'throttled' as const }), second: undefined };
    for (const id of resetRequirements) expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['throttled'] });
  });
  test('an old key in either history violates old-key-stops', () => {
    const stale = resetWith({ 'after the login, first key': 200 });
    expect(judged('old-key-stops', { reset: stale }).verdict).toBe('violates');
    expect(judged('old-key-stops', { reset: resetWith() }).verdict).toBe('conforms');
    expect(judged('old-key-stops', { reset: resetWith(), second: secondOf([]) }).verdict).toBe('conforms');
  });
  test('a reset that gives the same key violates on the account, once for each reset', () => {
    const same = { reset: { ...resetWith(), moments: [reset(10, true)] } };
    expect(judged('reset-changes-key', same, { reset: resetWith() })).toMatchObject({ verdict: 'violates' });
    expect(judged('reset-changes-key', { reset: resetWith() }, { reset: resetWith() })).toMatchObject({ verdict: 'conforms' });
  });
});
