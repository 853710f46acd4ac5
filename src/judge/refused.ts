/** Judges the second history: what bad credentials got, and whom that speaks against. */

import { grouped } from '../grouped.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import { isLetIn, type Trial } from '../recording/outcome.ts';
import type { Recording } from '../recording/recording.ts';
import type { Attempt, Owner, RefusedHistory } from '../recording/refused.ts';
import { type KeyReset, keyLabel, type Probe } from '../recording/reset.ts';
import { standingOf } from './accepted.ts';
import { type Check, conforms, inconclusive, type Judgement, letIn, noted } from './check.ts';
import { came, cannotTell, causeOf } from './messages.ts';
import { checked, evidenceOf, notAsked, onUnstable, unmetPrecondition } from './preconditions.ts';
import { refusalsIn } from './truth-table.ts';

export type Histories = Pick<Recording, 'first' | 'second'>;

/** What a requirement comes to over the second history, or why that was not asked. */
export function judgeSecond(histories: Histories, judge: (second: RefusedHistory) => Judgement): Judgement {
  return unmetPrecondition(histories.first) ?? (histories.second === undefined ? notAsked(histories.first) : judge(histories.second));
}

/** On a host that answers differently from one time to the next only some checks count, if any. */
export const steadily = ({ unstable }: RefusedHistory, checks: readonly Check[], counts?: (check: Check) => boolean): Judgement =>
  checked(unstable ? onUnstable(checks, counts) : checks);

/** The key is not known to get in there, so that only a 401 and a let-in tell something. */
export const hasNoPositiveControl = ({ placeholder, resource }: Attempt, first: AcceptedHistory): boolean =>
  placeholder || shutOperations(first).has(resource.replace(/^HEAD /, 'GET '));

/** Operations where the key neither got in nor was refused. */
function shutOperations(first: AcceptedHistory): ReadonlySet<string> {
  const known = shutIn.get(first);
  if (known !== undefined) return known;
  const isShut = (row: AcceptedHistory['rows'][number]): boolean => ['other', 'cannot tell'].includes(standingOf(row));
  const shut = new Set(first.rows.flatMap((row) => (row.about === 'operation' && isShut(row) ? [row.operation] : [])));
  shutIn.set(first, shut);
  return shut;
}
const shutIn = new WeakMap<AcceptedHistory, ReadonlySet<string>>();

/** Both controls around it were accepted. */
export const isControlled = ({ controls }: RefusedHistory, { block }: Attempt): boolean =>
  controls[block]?.outcome.kind === 'accepted' && controls[block + 1]?.outcome.kind === 'accepted';

/**
 * Whom a let-in is blamed on, per resource the first that holds: whoever sends nothing is let in; another key under the same username is;
 * else the owner of what was let in.
 */
export function blamedFor(letIn: Attempt, history: RefusedHistory): Owner {
  const alike = history.attempts.filter((each) => each.resource === letIn.resource && isLetIn(each.trial));
  if (alike.some((each) => each.kind === 'nothing')) return 'auth-required';
  // With the key as username it may be the key that got in, in the wrong place; unless the same gets in under other usernames.
  if (letIn.keyAsUsername) {
    const plain = alike.some((each) => !each.keyAsUsername && (each.credential === letIn.credential || each.kind === 'another key'));
    return plain ? 'bad-key-refused' : 'key-as-password';
  }
  if (letIn.username !== undefined && alike.some((each) => each.kind === 'another key' && each.username === letIn.username))
    return 'bad-key-refused';
  // Either read as a pair, and then it is any key, or taken as it is, like the other rows of the scheme.
  if (letIn.readsAsPair) {
    if (alike.some((each) => each.kind === 'another key')) return 'bad-key-refused';
    if (alike.some((each) => each.owner === 'basic-scheme')) return 'basic-scheme';
  }
  return letIn.owner;
}

/** Whether anything was let in that is blamed on this owner, check by check, beside `others` that it is judged by. */
export const judgeLetIn = (
  histories: Histories,
  owner: Owner,
  others: (first: AcceptedHistory, second: RefusedHistory) => readonly Check[] = () => [],
): Judgement =>
  judgeSecond(histories, (history) => {
    const blamed = new Map(history.attempts.filter(({ trial }) => isLetIn(trial)).map((each) => [each, blamedFor(each, history)]));
    const mine = history.attempts.filter((each) => each.owner === owner || blamed.get(each) === owner);
    const byCheck = [...grouped(mine, (each) => each.check)];
    const letIns = byCheck.flatMap(([, attempts]) => attempts.find((each) => blamed.get(each) === owner)?.credential ?? []);
    const once = new Set(letIns.filter((each) => letIns.indexOf(each) === letIns.lastIndexOf(each)));
    const checks = byCheck.map(([name, attempts]) => judgeCheck(name, attempts, { first: histories.first, history, owner, blamed, once }));
    return steadily(
      history,
      [...checks, ...others(histories.first, history), ...unaskedOf(history)],
      (check) => check.verdict === 'violates',
    );
  });

interface Beside {
  readonly first: AcceptedHistory;
  readonly history: RefusedHistory;
  readonly owner: Owner;
  /** Of what was let in, and only of that. */
  readonly blamed: ReadonlyMap<Attempt, Owner>;
  /** Credentials that got in on one check alone: there the username may be what they owe it to. */
  readonly once: ReadonlySet<string>;
}

function judgeCheck(name: string, attempts: readonly Attempt[], { first, history, owner, blamed, once }: Beside): Check {
  const evidence = evidenceOf(...attempts.map(({ trial }) => trial));
  const accepted = attempts.find((each) => blamed.get(each) === owner);
  if (accepted !== undefined) {
    const { credential, username, trial } = accepted;
    const under = username !== undefined && once.has(credential) ? ` under username ${username}` : '';
    const message = `${credential}${under} was let in: expected a refusal, got ${came(trial)}`;
    return letIn(name, trial.exchanges, credential, came(trial), message);
  }
  const elsewhere = attempts.find((each) => blamed.has(each));
  if (elsewhere !== undefined)
    return noted(
      name,
      elsewhere.trial.exchanges,
      'a refusal',
      came(elsewhere.trial),
      `let in, as others are here: see ${blamed.get(elsewhere)}`,
    );
  const open = attempts.filter((each) => each.trial.outcome.kind === 'unusable' || each.trial.outcome.kind === 'unasked');
  const isExcused = (each: Attempt): boolean =>
    (each.oversize || hasNoPositiveControl(each, first)) && each.trial.outcome.kind === 'unusable';
  const odd = open.find((each) => !isExcused(each));
  if (odd !== undefined) {
    const cause = causeOf(odd.trial.outcome);
    return inconclusive(name, odd.trial.exchanges, cause, cannotTell(cause, odd.trial));
  }
  const loose = attempts.find((each) => !isControlled(history, each));
  if (loose !== undefined) return uncontrolled(name, loose, history);
  const [excused] = open;
  if (excused !== undefined) {
    const why = excused.oversize ? 'more than a server need take' : 'nothing shows that the key would get in there';
    return noted(name, excused.trial.exchanges, 'a refusal', came(excused.trial), `${why}: got ${came(excused.trial)}`);
  }
  return conforms(name, evidence);
}

/** The control beside it was not accepted, so that the refusal proves nothing. */
function uncontrolled(name: string, { block }: Attempt, history: RefusedHistory): Check {
  const control = [history.controls[block], history.controls[block + 1]].find((each) => each?.outcome.kind !== 'accepted');
  const own = control?.outcome.kind === 'unusable' ? control.outcome.cause : undefined;
  // The key refused twice running is what ended the history.
  const cause = own ?? history.givenUp ?? (control === undefined ? 'no-control' : causeOf(control.outcome));
  return inconclusive(name, control?.exchanges ?? [], cause, cannotTell(cause, control));
}

/** What the end of the history left unasked, as one check. */
export function unaskedOf(history: RefusedHistory): readonly Check[] {
  if (history.unasked === 0 || history.givenUp === undefined) return [];
  const name = `the rest (${history.unasked} calls were not sent)`;
  const last = history.controls.at(-1);
  return [inconclusive(name, last?.exchanges ?? [], history.givenUp, cannotTell(history.givenUp, last))];
}

/** An answer to a bad key whose form is looked at. */
export interface Refusal {
  readonly check: string;
  readonly trial: Trial;
  /** May be answered in another way: the credentials may be too large, or the right key is not known to get in there. */
  readonly excused: boolean;
}

/** Judges how refusals look, by check: those of the second history between accepted controls, and those of a key's reset. HEAD aside. */
export const judgeForm = (
  { reset, ...histories }: Pick<Recording, 'first' | 'second' | 'reset'>,
  judge: (name: string, refusals: readonly Refusal[]) => Check | undefined,
): Judgement =>
  judgeSecond(histories, (history) => {
    const attempts = history.attempts
      .filter((each) => !each.head && isControlled(history, each))
      .filter(({ trial }) => trial.outcome.kind === 'refused' || trial.outcome.kind === 'other')
      .map(
        (each): Refusal => ({
          check: each.check,
          trial: each.trial,
          excused: each.oversize || hasNoPositiveControl(each, histories.first),
        }),
      );
    const looked = [...attempts, ...(reset === undefined ? [] : refusalsOf(reset).filter(({ trial }) => !isHead(trial)))];
    const checks = [...grouped(looked, (each) => each.check)].flatMap(([name, refusals]) => judge(name, refusals) ?? []);
    const whole = [...checks, ...unaskedOf(history)];
    return history.unstable || whole.length > 0 ? steadily(history, whole) : noRefusals(history);
  });

export const isHead = ({ exchanges }: Trial): boolean => exchanges[0]?.request.method === 'HEAD';

const keptRefusals = new WeakMap<KeyReset, readonly Probe[]>();
/** What a reset says of refusals, which several requirements ask for. */
export function refusalsAroundReset(reset: KeyReset): readonly Probe[] {
  const refusals = keptRefusals.get(reset) ?? refusalsIn(reset);
  keptRefusals.set(reset, refusals);
  return refusals;
}

const refusalsOf = (reset: KeyReset): readonly Refusal[] =>
  refusalsAroundReset(reset).map(({ key, trial, noPositiveControl }) => ({
    check: `around a reset: ${keyLabel(key)}`,
    trial,
    excused: noPositiveControl ?? false,
  }));

/** Why what looks at 401s alone was not run. */
export const no401 = 'no 401 came';

/** Where no 401 can be looked at: none came, or none that stands between accepted controls. */
export function noRefusals(history: RefusedHistory): Judgement {
  const hurt = history.attempts.find((each) => !isControlled(history, each));
  return hurt === undefined ? { kind: 'not-run', needs: no401 } : checked([uncontrolled('refusals', hurt, history)]);
}
