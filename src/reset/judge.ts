/** From a key's life to verdicts. A pure function: the same for the embedded host, for commands of the user's and for a person at a terminal. */
import { classify } from '../history/index.ts';
import { type Check, causes, conforms, inconclusive, type Judgement, noted, violates } from '../verdict/index.ts';
import { currentKey, endOf, expected, type Life, type Moment, neverIssuedKey, type Probe, startOf } from './life.ts';

export const lifeRequirements = ['reset-changes-key', 'reset-needs-login', 'reset-per-product', 'old-key-stops', 'new-key-starts'] as const;
export type LifeRequirement = (typeof lifeRequirements)[number];

/** A probe with what the page makes of it and what came. */
interface Seen extends Probe {
  readonly wanted: 'accepted' | 'refused' | 'either';
  readonly letIn: boolean;
  /** Moments that had been answered when it was sent. */
  readonly past: readonly Moment[];
}

/** The judgement of each requirement about a reset, on the product whose life it is. */
export function judgeLife(life: Life): Readonly<Record<LifeRequirement, Judgement>> {
  const resets = life.moments.filter((each) => each.kind === 'reset');
  const changes = resets.map((each, index) => {
    const name = `reset no. ${index + 1} gives a new key`;
    return each.sameKey ? violates(name, [], 'a key that differs from the one before', 'the same key') : conforms(name, []);
  });
  const sameKey = resets.some((each) => each.sameKey);
  const notRun: Judgement = { kind: 'not-run', needs: 'a reset that gives a new key' };
  const judge = sameKey ? () => notRun : judgeOf(life);
  return {
    'reset-changes-key': { kind: 'checked', checks: changes },
    'reset-needs-login': judge('reset-needs-login'),
    'reset-per-product': judge('reset-per-product'),
    'old-key-stops': judge('old-key-stops'),
    'new-key-starts': judge('new-key-starts'),
  };
}

function judgeOf(life: Life): (requirement: LifeRequirement) => Judgement {
  const seen = life.probes.map(
    (probe): Seen => ({
      ...probe,
      wanted: expected(probe, life.moments),
      letIn: probe.trial.exchanges.some((each) => classify(each).kind === 'accepted'),
      past: life.moments.filter(({ endedAt }) => endedAt <= startOf(probe)),
    }),
  );
  const concerned = new Map(seen.map((each) => [each, concern(each, seen, life)]));
  const about = (requirement: LifeRequirement): readonly Seen[] => seen.filter((each) => concerned.get(each) === requirement);
  const movedByReset = new Set(about('reset-needs-login').flatMap((each) => (asWanted(each) ? [] : [each.product])));
  // By product and by what had happened: the key of the hour was let in there.
  const controlled = new Set(seen.flatMap((each) => (each.letIn && each.wanted === 'accepted' ? [hourOf(each)] : [])));
  // By place: a key that was never issued is let in there as well, so that what is let in says nothing about a reset.
  const open = new Set(seen.flatMap((each) => (each.letIn && each.key === neverIssuedKey ? [placeOf(each)] : [])));
  return (requirement) => {
    const mine = about(requirement).filter((each) => requirement !== 'reset-per-product' || !movedByReset.has(each.product));
    if (mine.length === 0 && requirement === 'reset-per-product')
      return { kind: 'not-run', needs: 'another product that the reset itself does not move' };
    return { kind: 'checked', checks: [...byCheck(mine)].map(([name, probes]) => judgeCheck(name, probes, controlled, open)) };
  };
}

const hourOf = ({ product, past }: Seen): string => `${product} ${past.length}`;
const placeOf = ({ product, place }: Seen): string => `${product} ${place}`;
const asWanted = ({ letIn, wanted }: Seen): boolean => letIn === (wanted === 'accepted');

function byCheck(probes: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> {
  const map = new Map<string, Seen[]>();
  for (const probe of probes) {
    const group = map.get(probe.check);
    if (group === undefined) map.set(probe.check, [probe]);
    else group.push(probe);
  }
  return map;
}

/** The requirement that a probe is about, by what had happened when it was sent; undefined for controls, and while a login was under way. */
function concern(probe: Seen, seen: readonly Seen[], { product, moments }: Life): LifeRequirement | undefined {
  const { wanted, past } = probe;
  if (probe.key === neverIssuedKey || wanted === 'either') return undefined;
  const lastReset = past.findLastIndex(({ kind }) => kind === 'reset');
  if (lastReset < 0) return undefined;
  const mine = probe.product === product;
  const logins = past.slice(lastReset).flatMap((each) => (each.kind === 'login' ? [each.product] : []));
  if (logins.includes(probe.product)) return !mine ? undefined : wanted === 'accepted' ? 'new-key-starts' : 'old-key-stops';
  if (wanted === 'refused' && probe.key < currentKey(moments, probe.product, startOf(probe), 'endedAt'))
    return mine ? 'old-key-stops' : undefined;
  // Going on with a key presupposes that it had been taken.
  if (wanted === 'accepted' && !wasTaken(probe, past[lastReset] as Moment, seen)) return undefined;
  return logins.length > 0 ? 'reset-per-product' : 'reset-needs-login';
}

/** This product let every call in that should have got in with this key before the reset; else it is another requirement that is broken. */
function wasTaken({ key, product }: Seen, reset: Moment, seen: readonly Seen[]): boolean {
  const before = seen.filter(
    (each) => each.key === key && each.product === product && each.wanted === 'accepted' && endOf(each) <= reset.startedAt,
  );
  return before.length > 0 && before.every(({ letIn }) => letIn);
}

function judgeCheck(name: string, probes: readonly Seen[], controlled: ReadonlySet<string>, open: ReadonlySet<string>): Check {
  const wrong = probes.filter((each) => !asWanted(each));
  const broken = wrong.find((each) => each.letIn || each.trial.outcome.kind === 'refused');
  if (broken !== undefined) {
    const { wanted } = broken;
    const actual = `${broken.letIn ? 'accepted' : 'refused'}${share(wrong.length, probes.length)}${delay(broken)}`;
    if (wanted === 'refused' && open.has(placeOf(broken)))
      return noted(name, broken.trial.exchanges, wanted, actual, 'let in, as a key that was never issued is: see bad-key-refused');
    return violates(name, broken.trial.exchanges, wanted, actual);
  }
  const silent = wrong.at(0) ?? probes.find(({ trial }) => trial.outcome.kind === 'unusable' || trial.outcome.kind === 'unasked');
  if (silent !== undefined) {
    const { outcome } = silent.trial;
    const cause = outcome.kind === 'unusable' || outcome.kind === 'unasked' ? outcome.cause : 'no-control';
    return inconclusive(name, silent.trial.exchanges, cause, causes[cause]);
  }
  const evidence = probes.flatMap(({ trial }) => trial.exchanges);
  // A refusal counts beside a control: the key of the hour.
  if (probes.some((each) => each.wanted === 'refused' && !controlled.has(hourOf(each))))
    return inconclusive(name, evidence, 'no-control', causes['no-control']);
  return conforms(name, evidence);
}

const share = (wrong: number, all: number): string => (all > 1 ? ` (${wrong} of ${all} calls)` : '');

/** How long after the last moment a wrong answer came. */
function delay(probe: Seen): string {
  const last = probe.past.at(-1);
  return last === undefined ? '' : `, ${Math.round(endOf(probe) - last.endedAt)} ms after the ${last.kind} had been answered`;
}
