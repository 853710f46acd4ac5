/**
 * Judges a key's reset. A pure function, the same for the embedded host, for the user's RESET_COMMAND and LOGIN_COMMAND and for a person at a
 * terminal.
 */
import { grouped } from '../grouped.ts';
import { type Cause, causes } from '../recording/causes.ts';
import { isLetIn } from '../recording/outcome.ts';
import {
  asSeen,
  currentKey,
  endOf,
  expected,
  isByHand,
  type KeyReset,
  type Moment,
  neverIssuedKey,
  type Probe,
  startOf,
} from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';
import { type Check, conforms, inconclusive, type Judgement, noted, violates } from './check.ts';

export const resetRequirements = [
  'reset-changes-key',
  'reset-needs-login',
  'reset-per-product',
  'old-key-stops',
  'new-key-starts',
] as const;
export type ResetRequirement = (typeof resetRequirements)[number];

/** A probe with what the page promises for it and whether it was accepted. */
interface Seen extends Probe {
  readonly wanted: 'accepted' | 'refused' | 'either';
  readonly letIn: boolean;
  /** Resets and logins that had been answered when it was sent. */
  readonly past: readonly Moment[];
}

/**
 * The judgement of each reset requirement on the product whose reset this is. `takesAnyKey`: whether bad credentials were accepted apart from
 * the reset, which is then blamed for dead keys that are accepted as well; undefined where that was not tried.
 */
export function judgeReset(reset: KeyReset, takesAnyKey?: boolean): Readonly<Record<ResetRequirement, Judgement>> {
  const resets = reset.moments.filter((each) => each.kind === 'reset');
  const changes = resets.map((each, index) => {
    const name = `reset no. ${index + 1} gives a new key`;
    return each.sameKey ? violates(name, [], 'a key that differs from the one before', 'the same key') : conforms(name, []);
  });
  const sameKey = resets.some((each) => each.sameKey);
  const notRun: Judgement = { kind: 'not-run', needs: 'a reset that gives a new key' };
  const judge = sameKey ? () => notRun : resetJudge(reset, takesAnyKey);
  return {
    'reset-changes-key': { kind: 'checked', checks: resets.length > 0 ? changes : failure(reset) },
    'reset-needs-login': judge('reset-needs-login'),
    'reset-per-product': judge('reset-per-product'),
    'old-key-stops': judge('old-key-stops'),
    'new-key-starts': judge('new-key-starts'),
  };
}

/** The command that ended the reset early, and which key each product accepts since then, as a check. */
function failure({ failed, product }: KeyReset): readonly Check[] {
  if (failed === undefined) return [];
  const { command, message, since } = failed;
  const taken = since
    .filter(({ trial }) => isLetIn(trial))
    .map((each) => `${each.product} accepts the ${each.key === 0 ? 'old' : 'new'} key`);
  const hasAnswer = since.some(({ trial: { outcome } }) => outcome.kind !== 'unusable' && outcome.kind !== 'unasked');
  const none = hasAnswer ? 'Since then no product accepts any key that is known here.' : 'Since then no product has answered.';
  const state = taken.length > 0 ? `Since then ${taken.join(', ')}.` : none;
  const evidence = since.filter((each) => each.product === product).flatMap(({ trial }) => trial.exchanges);
  return [inconclusive(command, evidence, 'command-failed', `${message}. ${state} ${causes['command-failed']}`)];
}

interface SeenReset {
  readonly moments: readonly Moment[];
  readonly seen: readonly Seen[];
  /** Stages in which the product accepted the key that was valid at that time. */
  readonly controlled: ReadonlySet<string>;
}

const known = new WeakMap<KeyReset, SeenReset>();
/** The calls of a reset that were sent, each with what the page promises for it. Computed once for all requirements that look at them. */
function seenIn(reset: KeyReset): SeenReset {
  const before = known.get(reset);
  if (before !== undefined) return before;
  const found = lookedAt(reset);
  known.set(reset, found);
  return found;
}

function lookedAt(reset: KeyReset): SeenReset {
  const answered = reset.probes.filter(({ trial }) => trial.outcome.kind !== 'unasked');
  const moments = asSeen({ ...reset, probes: answered });
  const seen = answered.map(
    (probe): Seen => ({
      ...probe,
      wanted: expected(probe, moments),
      letIn: isLetIn(probe.trial),
      past: moments.filter(({ endedAt }) => endedAt <= startOf(probe)),
    }),
  );
  const controlled = new Set(seen.flatMap((each) => (each.letIn && each.wanted === 'accepted' ? [stageOf(each)] : [])));
  return { moments, seen, controlled };
}

/**
 * Refusals of keys that were dead, not yet valid or never issued, on the product whose reset this is, in stages where it accepted the valid
 * key. Their form is judged like that of any other refusal. Calls that overlap a reset or a login are left out.
 */
export function refusalsIn(reset: KeyReset): readonly Probe[] {
  const { seen, controlled } = seenIn(reset);
  const overlaps = (probe: Probe): boolean =>
    reset.moments.some((each) => each.startedAt <= endOf(probe) && each.endedAt >= startOf(probe));
  return seen.filter((each) => {
    const { kind } = each.trial.outcome;
    const isRefusal = each.wanted === 'refused' && !each.letIn && (kind === 'refused' || kind === 'other');
    return isRefusal && each.product === reset.product && controlled.has(stageOf(each)) && !overlaps(each);
  });
}

/**
 * Calls with a key that was never issued that the product accepted before the reset, or between a reset and the login. Around a login such an
 * acceptance belongs to `old-key-stops`, and what began there may last a little longer.
 */
export function neverIssuedAcceptedIn(reset: KeyReset): readonly Probe[] {
  const { seen } = seenIn(reset);
  const neverIssued = seen.filter(({ key, product }) => key === neverIssuedKey && product === reset.product);
  return neverIssued.filter((each) => {
    const before = neverIssued.findLast((other) => other.place === each.place && endOf(other) <= startOf(each));
    return each.letIn && each.past.at(-1)?.kind !== 'login' && before?.letIn !== true;
  });
}

function resetJudge(reset: KeyReset, takesAnyKey = true): (requirement: ResetRequirement) => Judgement {
  const { moments, seen, controlled } = seenIn(reset);
  const concerned = new Map(seen.map((each) => [each, concern(each, seen, { ...reset, moments })]));
  const changedBefore = changesBeforeLogin(seen);
  const neverIssued = seen.filter(({ key }) => key === neverIssuedKey);
  const few = tooFew({ ...reset, moments }, seen);
  return (requirement) => {
    const probes = seen.filter(
      (each) => concerned.get(each) === requirement && (requirement !== 'reset-per-product' || !changedBefore(each)),
    );
    // After a login `old-key-stops` is blamed even if any key is accepted at that moment; before it, `bad-key-refused` is.
    const isExcused = (probe: Seen): boolean => requirement !== 'old-key-stops' || takesAnyKey || probe.past.at(-1)?.kind === 'reset';
    const acceptsAnyKey = (probe: Seen): boolean => isExcused(probe) && acceptsLike(neverIssued, probe);
    const delayOf = isByHand(reset) ? () => '' : delay;
    const context = { controlled, acceptsAnyKey, hasRefused: (probe: Seen) => hasRefused(neverIssued, probe), delayOf };
    const checks = [...grouped(probes, ({ check }) => check)].map(([name, each]) => judgeCheck(name, each, context));
    // What another product no longer answered matters only to the requirement that is about the others.
    const gap = reset.probes.find(
      ({ trial, product }) => trial.outcome.kind === 'unasked' && (product === reset.product || requirement === 'reset-per-product'),
    );
    if (gap?.trial.outcome.kind === 'unasked') checks.push(notSent(gap.product, gap.trial.outcome.cause));
    else if (reset.failed !== undefined) checks.push(...failure(reset));
    else if (few !== undefined && requirement !== 'reset-per-product') checks.push(few);
    if (requirement === 'old-key-stops' || requirement === 'new-key-starts') checks.push(...narrowing(reset));
    if (checks.length === 0 && requirement === 'reset-per-product')
      return { kind: 'not-run', needs: 'another product whose key the reset itself does not change' };
    return { kind: 'checked', checks };
  };
}

/**
 * Whether its product had changed before the login that `reset-per-product` is about: at a reset, or at the login to a third product. Not
 * every product is asked after every reset, so one that changed at any of them counts.
 */
function changesBeforeLogin(seen: readonly Seen[]): (probe: Seen) => boolean {
  const atReset = new Set(seen.flatMap((each) => (isBetweenResetAndLogin(each) && isWrong(each) ? [each.product] : [])));
  return ({ product, past }) => {
    const [reset, login] = [past.findLast(({ kind }) => kind === 'reset'), past.at(-1)];
    if (reset === undefined || login === undefined) return false;
    const between = seen.filter((each) => each.product === product && startOf(each) >= reset.endedAt && endOf(each) <= login.startedAt);
    return atReset.has(product) || between.some((each) => isCalled(each) && isWrong(each));
  };
}

/** Whether a key that was never issued was accepted there too, in that stage or when it was last tried: then an acceptance proves nothing. */
function acceptsLike(neverIssued: readonly Seen[], probe: Seen): boolean {
  const there = neverIssued.filter(({ product, place }) => product === probe.product && place === probe.place);
  const last = there.findLast((each) => endOf(each) <= startOf(probe));
  return last?.letIn === true || there.some((each) => each.letIn && stageOf(each) === stageOf(probe));
}

/** Whether the product had refused a key that was never issued by then. */
const hasRefused = (neverIssued: readonly Seen[], { product, past }: Seen): boolean =>
  neverIssued.some((each) => each.product === product && each.past.length <= past.length && each.trial.outcome.kind === 'refused');

/** Fewer connections than planned were kept open around a reset or a login: the host serves no more at once, or did not answer on some. */
const narrowing = ({ narrowed }: KeyReset): readonly Check[] =>
  narrowed.map(({ chapter, planned, held }) => {
    const message = `${held} of ${planned} connections were kept open ${chapter}: the host does not serve more at once.`;
    return noted(`connections ${chapter}`, [], `${planned} connections at once`, String(held), message);
  });

/** Too few answers before or after the login to judge it. */
function tooFew({ product, moments, least }: KeyReset, seen: readonly Seen[]): Check | undefined {
  const login = moments.some((each) => each.kind === 'login' && each.product === product && Number.isFinite(each.endedAt));
  if (!login) return inconclusive('the login', [], 'needs-login', causes['needs-login']);
  const answers = seen.filter((each) => each.product === product && each.key !== neverIssuedKey && each.trial.outcome.kind !== 'unusable');
  const after = answers.filter(({ past }) => past.some((each) => each.kind === 'login' && each.product === product)).length;
  const before = answers.length - after;
  if (before >= least.before && after >= least.after) return undefined;
  const message = `Too few answers: ${before} before the login (at least ${least.before} needed) and ${after} after it (at least ${least.after} needed).`;
  return inconclusive('answers before and after the login', [], 'no-check', `${message} ${causes['no-check']}`);
}

/** A reset had been answered, and no login since. */
const isBetweenResetAndLogin = (each: Seen): boolean => each.past.at(-1)?.kind === 'reset' && isCalled(each);

const stageOf = ({ product, past }: Seen): string => `${product} ${past.length}`;
const asWanted = ({ letIn, wanted }: Seen): boolean => letIn === (wanted === 'accepted');
const isCalled = ({ key, wanted }: Seen): boolean => key !== neverIssuedKey && wanted !== 'either';
const isWrong = (each: Seen): boolean => !asWanted(each) && each.trial.outcome.kind !== 'unusable';

const notSent = (product: ProductId, cause: Cause): Check =>
  inconclusive('the calls that were not sent', [], cause, `Some calls to ${product} were not sent. ${causes[cause]}`);

/** The requirement that a probe tests, given what had happened when it was sent; undefined for controls and during a login. */
function concern(probe: Seen, seen: readonly Seen[], { product, moments }: KeyReset): ResetRequirement | undefined {
  const { wanted, past } = probe;
  if (probe.key === neverIssuedKey || wanted === 'either') return undefined;
  const lastReset = past.findLastIndex(({ kind }) => kind === 'reset');
  if (lastReset < 0) return undefined;
  const mine = probe.product === product;
  const logins = past.slice(lastReset).flatMap((each) => (each.kind === 'login' ? [each.product] : []));
  if (logins.includes(probe.product)) return !mine ? undefined : wanted === 'accepted' ? 'new-key-starts' : 'old-key-stops';
  if (wanted === 'refused' && probe.key < currentKey(moments, probe.product, startOf(probe))) return mine ? 'old-key-stops' : undefined;
  // A product can only continue to accept a key that it accepted before.
  if (wanted === 'accepted' && !wasTaken(probe, past[lastReset] as Moment, seen)) return undefined;
  if (logins.length === 0) return mine ? 'reset-needs-login' : undefined;
  if (logins.at(-1) === product) return 'reset-per-product';
  return mine && !keptUntilLogin(probe, past[lastReset] as Moment, seen) ? 'reset-needs-login' : undefined;
}

/** Before the reset this product accepted every call that it should accept with this key; otherwise another requirement is broken. */
function wasTaken({ key, product }: Seen, reset: Moment, seen: readonly Seen[]): boolean {
  const before = seen.filter(
    (each) => each.key === key && each.product === product && each.wanted === 'accepted' && endOf(each) <= reset.startedAt,
  );
  return before.length > 0 && before.every(({ letIn }) => letIn);
}

/** Until the first login to any product its answers were as promised: what another product's login changes, that product's reset is blamed for. */
function keptUntilLogin({ product }: Seen, reset: Moment, seen: readonly Seen[]): boolean {
  const between = seen.filter((each) => each.product === product && each.past.at(-1) === reset && isBetweenResetAndLogin(each));
  return between.length > 0 && between.every(asWanted);
}

interface CheckContext {
  readonly controlled: ReadonlySet<string>;
  /** A key that was never issued is accepted like this one. */
  readonly acceptsAnyKey: (probe: Seen) => boolean;
  /** By then a key that was never issued had been refused. */
  readonly hasRefused: (probe: Seen) => boolean;
  /** How long after the last reset or login the answer came, where that is known. */
  readonly delayOf: (probe: Seen) => string;
}

function judgeCheck(name: string, probes: readonly Seen[], { controlled, acceptsAnyKey, hasRefused, delayOf }: CheckContext): Check {
  const wrong = probes.filter((each) => !asWanted(each));
  const broken = wrong.find((each) => each.letIn || each.trial.outcome.kind === 'refused');
  if (broken !== undefined) {
    const { wanted } = broken;
    const actual = `${broken.letIn ? 'accepted' : 'refused'}${share(wrong.length, probes.length)}${delayOf(broken)}`;
    if (wanted === 'refused' && acceptsAnyKey(broken))
      return noted(name, broken.trial.exchanges, wanted, actual, 'accepted, like a key that was never issued: see bad-key-refused');
    // A key accepted too early counts only if a key that was never issued is refused.
    if (wanted === 'refused' && broken.past.at(-1)?.kind === 'reset' && !hasRefused(broken))
      return inconclusive(name, broken.trial.exchanges, 'no-control', causes['no-control']);
    return violates(name, broken.trial.exchanges, wanted, actual);
  }
  const silent = wrong.at(0) ?? probes.find(({ trial }) => trial.outcome.kind === 'unusable' || trial.outcome.kind === 'unasked');
  if (silent !== undefined) {
    const { outcome } = silent.trial;
    const cause = outcome.kind === 'unusable' || outcome.kind === 'unasked' ? outcome.cause : 'no-control';
    return inconclusive(name, silent.trial.exchanges, cause, causes[cause]);
  }
  const evidence = probes.flatMap(({ trial }) => trial.exchanges);
  // A refusal counts only next to a positive control: the key valid at that time was accepted.
  if (probes.some((each) => each.wanted === 'refused' && !controlled.has(stageOf(each))))
    return inconclusive(name, evidence, 'no-control', causes['no-control']);
  return conforms(name, evidence);
}

const share = (wrong: number, all: number): string => (all > 1 ? ` (${wrong} of ${all} calls)` : '');

/** How long after the last reset or login the wrong answer arrived. */
function delay(probe: Seen): string {
  const last = probe.past.at(-1);
  if (last === undefined) return '';
  const event = last.kind === 'login' && last.product !== probe.product ? `login to ${last.product}` : last.kind;
  const what = last.seenEarly ? `an earlier call had shown the effect of the ${event}` : `the ${event} was answered`;
  return `, ${Math.round(endOf(probe) - last.endedAt)} ms after ${what}`;
}
