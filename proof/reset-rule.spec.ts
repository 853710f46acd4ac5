/** For any interleaving, a host that follows the rule never violates, and an answer with the old state that comes too late always does. */
import fc from 'fast-check';
import { judgeReset, type ResetRequirement, resetRequirements } from '../src/judge/truth-table.ts';
import { type KeyReset, type Moment, neverIssuedKey, type Probe } from '../src/recording/reset.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { type Answer, exchange, silence, trial } from './histories.ts';
import { expect, test } from './test.ts';

const products = ['leadconduit', 'trustedform'] as const;
/** Compared without a matcher, which would take longer than the judge. */
const runs = { numRuns: 10_000 };
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A moment, and the instant within it at which the host switches. */
interface Event {
  readonly moment: Moment;
  readonly instant: number;
}

/** Resets and logins one after another, never two at once, with small whole times so that edges coincide. */
const events: fc.Arbitrary<readonly Event[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('reset', 'reset', 'login of leadconduit', 'login of leadconduit', 'login of trustedform'),
      gap: fc.integer({ min: 1, max: 3 }),
      lasting: fc.integer({ min: 0, max: 8 }),
      share: fc.integer({ min: 0, max: 8 }),
    }),
    { maxLength: 6 },
  )
  .map((list) => {
    let time = 3;
    return list.map(({ kind, gap, lasting, share }) => {
      const startedAt = time + gap;
      time = startedAt + lasting;
      const times = { startedAt, endedAt: time };
      const product: ProductId = kind === 'login of trustedform' ? 'trustedform' : 'leadconduit';
      const moment: Moment = kind === 'reset' ? { ...times, kind, sameKey: false } : { ...times, kind: 'login', product };
      return { moment, instant: Math.min(startedAt + share, time) };
    });
  });

/** The key that a product accepts at an instant if the host follows the rule. */
function keyAt(list: readonly Event[], product: ProductId, instant: number): number {
  const past = list.filter((each) => each.instant <= instant);
  const login = past.findLastIndex(({ moment }) => moment.kind === 'login' && moment.product === product);
  return past.slice(0, Math.max(login, 0)).filter(({ moment }) => moment.kind === 'reset').length;
}

interface Call {
  readonly product: ProductId;
  readonly key: number;
  readonly at: number;
  /** How long after it was sent the host looks at the call. */
  readonly looked: number;
  /** How long after that the answer arrives. */
  readonly answered: number;
  /** An earlier answer, if any, after which the call was retried. */
  readonly before: Answer | undefined;
  readonly lost: boolean;
  readonly check: string;
  readonly place: string;
}
const calls: fc.Arbitrary<Call> = fc.record({
  product: fc.constantFrom<ProductId>('leadconduit', 'leadconduit', 'trustedform'),
  key: fc.constantFrom(0, 0, 1, 1, 2, 2, 3, neverIssuedKey),
  at: fc.integer({ min: 0, max: 40 }),
  looked: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 })),
  answered: fc.integer({ min: 0, max: 3 }),
  before: fc.option(fc.constantFrom<Answer>(503, silence()), { nil: undefined, freq: 8 }),
  lost: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  check: fc.constantFrom('one', 'two', 'three'),
  place: fc.constantFrom('GET /flows API', 'GET /fields API'),
});

function probeOf({ product, key, at, looked, answered, before, lost, check, place }: Call, list: readonly Event[]): Probe {
  const sent = before === undefined ? at : at + 2;
  const answer = lost ? silence() : keyAt(list, product, sent + looked) === key ? 200 : 401;
  const first = before === undefined ? [] : [exchange(before, { startedAt: at, durationMs: 1 })];
  return { product, key, check, place, trial: trial(...first, exchange(answer, { startedAt: sent, durationMs: looked + answered })) };
}

const least: KeyReset['least'] = { before: 0, after: 0 };
const kept: fc.Arbitrary<{ readonly history: KeyReset; readonly list: readonly Event[] }> = fc
  .record({ list: events, sent: fc.array(calls, { maxLength: 30 }) })
  .map(({ list, sent }) => ({
    list,
    history: {
      product: 'leadconduit',
      moments: list.map(({ moment }) => moment),
      narrowed: [],
      least,
      probes: sent.map((each) => probeOf(each, list)),
    },
  }));

const blamed = (history: KeyReset): readonly ResetRequirement[] => {
  const judgements = judgeReset(history);
  return resetRequirements.filter((id) => {
    const judgement = judgements[id];
    return judgement.kind === 'checked' && judgement.checks.some(({ verdict }) => verdict === 'violates');
  });
};

test('a host that follows the rule never violates', () => {
  fc.assert(
    fc.property(kept, ({ history }) => same(blamed(history), [])),
    runs,
  );
});

test('the verdicts do not depend on the order of the answers', () => {
  fc.assert(
    fc.property(kept, ({ history }) => {
      const verdicts = (of: KeyReset) => {
        const judgements = judgeReset(of);
        return resetRequirements.map((id) => {
          const judgement = judgements[id];
          return judgement.kind === 'checked' ? judgement.checks.map(({ name, verdict }) => `${name} ${verdict}`).sort() : judgement.kind;
        });
      };
      return same(verdicts({ ...history, probes: history.probes.toReversed() }), verdicts(history));
    }),
    runs,
  );
});

/** A reset, and a login from 20 to 24, with the three keys before and after it. */
const whole: readonly Event[] = [
  { moment: { kind: 'reset', startedAt: 10, endedAt: 12, sameKey: false }, instant: 11 },
  { moment: { kind: 'login', product: 'leadconduit', startedAt: 20, endedAt: 24 }, instant: 22 },
];
const plain = { looked: 0, answered: 1, before: undefined, lost: false, place: 'GET /flows API' };
const controls = products.flatMap((product) =>
  [
    [5, [0]],
    [15, [0, 1, neverIssuedKey]],
    [30, [0, 1, neverIssuedKey]],
  ].flatMap(([at, keys]) =>
    (keys as number[]).map((key) => probeOf({ ...plain, product, key, at: at as number, check: `${product}, key ${key} at ${at}` }, whole)),
  ),
);
const withLate = (late: Probe): KeyReset => ({
  product: 'leadconduit',
  moments: whole.map(({ moment }) => moment),
  probes: [...controls, late],
  narrowed: [],
  least,
});
const late = (key: number, at: number, answer: number, product: ProductId = 'leadconduit'): Probe => ({
  product,
  key,
  check: 'late',
  place: plain.place,
  trial: trial(exchange(answer, { startedAt: at, durationMs: 1 })),
});

test('the reset that surrounds the late answer follows the rule', () => expect(blamed({ ...withLate(late(1, 26, 200)) })).toEqual([]));

const departures = [
  ['old-key-stops', 'the old key accepted after the login', fc.double({ min: 24, max: 1e6, noNaN: true }), 0, 200, 'leadconduit'],
  ['new-key-starts', 'the new key refused after the login', fc.double({ min: 24, max: 1e6, noNaN: true }), 1, 401, 'leadconduit'],
  ['reset-needs-login', 'the old key refused before the login', fc.double({ min: 12, max: 18.9, noNaN: true }), 0, 401, 'leadconduit'],
  ['reset-needs-login', 'the new key accepted before the login', fc.double({ min: 12, max: 18.9, noNaN: true }), 1, 200, 'leadconduit'],
  ['reset-per-product', 'the new key accepted elsewhere', fc.double({ min: 24, max: 1e6, noNaN: true }), 1, 200, 'trustedform'],
  ['reset-per-product', 'the old key refused elsewhere', fc.double({ min: 24, max: 1e6, noNaN: true }), 0, 401, 'trustedform'],
] as const;
for (const [requirement, name, when, key, answer, product] of departures)
  test(`only ${requirement} violates for ${name}, at any time`, () => {
    fc.assert(
      fc.property(when, (at) => same(blamed(withLate(late(key, at, answer, product))), [requirement])),
      { numRuns: 500 },
    );
  });
