/** From a key's life to verdicts. A pure function: the same for the embedded host, for commands of the user's and for a person at a terminal. */
import { classify } from '../history/index.ts';
import { type Check, causes, conforms, inconclusive, type Judgement, noted, violates } from '../verdict/index.ts';
import { currentKey, endOf, expected, type Life, type Moment, neverIssuedKey, type Probe, startOf } from './life.ts';

export const lifeRequirements = ['reset-changes-key', 'reset-needs-login', 'reset-per-product', 'old-key-stops', 'new-key-starts'] as const;
export type LifeRequirement = (typeof lifeRequirements)[number];

/** The judgement of each requirement about a reset, on the product whose life it is. */
export function judgeLife(life: Life): Readonly<Record<LifeRequirement, Judgement>> {
  const resets = life.moments.filter((each) => each.kind === 'reset');
  const changes: Judgement = {
    kind: 'checked',
    checks: resets.map((each, index) => {
      const name = `reset no. ${index + 1} gives a new key`;
      return each.sameKey ? violates(name, [], 'a key that differs from the one before', 'the same key') : conforms(name, []);
    }),
  };
  if (resets.some(({ sameKey }) => sameKey)) {
    const notRun: Judgement = { kind: 'not-run', needs: 'a reset that gives a new key' };
    return {
      'reset-changes-key': changes,
      'reset-needs-login': notRun,
      'reset-per-product': notRun,
      'old-key-stops': notRun,
      'new-key-starts': notRun,
    };
  }
  const movedByReset = new Set(
    life.probes.filter((each) => concern(each, life) === 'reset-needs-login' && !asExpected(each, life)).map(({ product }) => product),
  );
  const judged = (requirement: LifeRequirement): Judgement => {
    const concerned = life.probes.filter(
      (each) => concern(each, life) === requirement && !(requirement === 'reset-per-product' && movedByReset.has(each.product)),
    );
    if (concerned.length === 0 && requirement === 'reset-per-product')
      return { kind: 'not-run', needs: 'another product that the reset itself does not move' };
    return { kind: 'checked', checks: [...groups(concerned)].map(([name, probes]) => judgeProbes(name, probes, life)) };
  };
  return {
    'reset-changes-key': changes,
    'reset-needs-login': judged('reset-needs-login'),
    'reset-per-product': judged('reset-per-product'),
    'old-key-stops': judged('old-key-stops'),
    'new-key-starts': judged('new-key-starts'),
  };
}

const groups = (probes: readonly Probe[]): ReadonlyMap<string, readonly Probe[]> => {
  const map = new Map<string, Probe[]>();
  for (const probe of probes) map.set(probe.check, [...(map.get(probe.check) ?? []), probe]);
  return map;
};

/** The requirement that a probe is about, by what had happened when it was sent; undefined for controls, and while a login was under way. */
function concern(probe: Probe, life: Life): LifeRequirement | undefined {
  const wanted = expected(probe, life.moments);
  if (probe.key === neverIssuedKey || wanted === 'either') return undefined;
  const past = life.moments.filter(({ endedAt }) => endedAt <= startOf(probe));
  const lastReset = past.findLastIndex(({ kind }) => kind === 'reset');
  if (lastReset < 0) return undefined;
  const mine = probe.product === life.product;
  const logins = past.slice(lastReset).flatMap((each) => (each.kind === 'login' ? [each.product] : []));
  if (logins.includes(probe.product)) return !mine ? undefined : wanted === 'accepted' ? 'new-key-starts' : 'old-key-stops';
  if (wanted === 'refused' && probe.key < currentKey(life.moments, probe.product, startOf(probe), 'endedAt'))
    return mine ? 'old-key-stops' : undefined;
  // Going on with a key presupposes that it had been taken.
  if (wanted === 'accepted' && !wasTaken(probe, past[lastReset] as Moment, life)) return undefined;
  return logins.length > 0 ? 'reset-per-product' : 'reset-needs-login';
}

/** This product let every call in that should have got in with this key before the reset; else it is another requirement that is broken. */
function wasTaken({ key, product }: Probe, reset: Moment, { probes, moments }: Life): boolean {
  const before = probes.filter(
    (each) => each.key === key && each.product === product && endOf(each) <= reset.startedAt && expected(each, moments) === 'accepted',
  );
  return before.length > 0 && before.every(isLetIn);
}

const isLetIn = ({ trial }: Probe): boolean => trial.exchanges.some((each) => classify(each).kind === 'accepted');

const asExpected = (probe: Probe, life: Life): boolean => isLetIn(probe) === (expected(probe, life.moments) === 'accepted');

/** A key that was never issued is let in here as well: what is let in then says nothing about a reset. */
const letsAnythingIn = ({ product, place }: Probe, life: Life): boolean =>
  life.probes.some((each) => each.product === product && each.place === place && each.key === neverIssuedKey && isLetIn(each));

function judgeProbes(name: string, probes: readonly Probe[], life: Life): Check {
  const evidence = probes.flatMap(({ trial }) => trial.exchanges);
  const wrong = probes.filter((each) => !asExpected(each, life));
  const broken = wrong.find((each) => isLetIn(each) || each.trial.outcome.kind === 'refused');
  if (broken !== undefined) {
    const wanted = expected(broken, life.moments);
    const actual = `${isLetIn(broken) ? 'accepted' : 'refused'}${share(wrong.length, probes.length)}${delay(broken, life)}`;
    if (wanted === 'refused' && letsAnythingIn(broken, life))
      return noted(name, broken.trial.exchanges, wanted, actual, 'let in, as a key that was never issued is: see bad-key-refused');
    return violates(name, broken.trial.exchanges, wanted, actual);
  }
  const silent = wrong.at(0) ?? probes.find(({ trial }) => trial.outcome.kind === 'unusable' || trial.outcome.kind === 'unasked');
  if (silent !== undefined) {
    const { outcome } = silent.trial;
    const cause = outcome.kind === 'unusable' || outcome.kind === 'unasked' ? outcome.cause : 'no-control';
    return inconclusive(name, silent.trial.exchanges, cause, causes[cause]);
  }
  const refusedOnly = probes.every((each) => expected(each, life.moments) === 'refused');
  if (refusedOnly && !hasControl(probes, life)) return inconclusive(name, evidence, 'no-control', causes['no-control']);
  return conforms(name, evidence);
}

/** The key of the hour was accepted by the same product between the same moments. */
const hasControl = (probes: readonly Probe[], life: Life): boolean =>
  probes.every((probe) =>
    life.probes.some(
      (each) =>
        each.product === probe.product &&
        isLetIn(each) &&
        expected(each, life.moments) === 'accepted' &&
        between(each, life) === between(probe, life),
    ),
  );

const between = (probe: Probe, { moments }: Life): number => moments.filter(({ endedAt }) => endedAt <= startOf(probe)).length;

const share = (wrong: number, all: number): string => (all > 1 ? ` (${wrong} of ${all} calls)` : '');

/** How long after the last moment a wrong answer came. */
const delay = (probe: Probe, { moments }: Life): string => {
  const last = moments.filter(({ endedAt }) => endedAt <= startOf(probe)).at(-1);
  return last === undefined ? '' : `, ${Math.round(endOf(probe) - last.endedAt)} ms after the ${last.kind} had been answered`;
};
