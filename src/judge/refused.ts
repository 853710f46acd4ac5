/** Judges the second history: how bad credentials were answered, and which requirement that violates. */

import { grouped } from '../grouped.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import { statusOf } from '../recording/exchange.ts';
import { isLetIn, type Trial } from '../recording/outcome.ts';
import type { Recording } from '../recording/recording.ts';
import { type Attempt, getOf, matchingGets, type Owner, type RefusedHistory } from '../recording/refused.ts';
import { type KeyReset, keyLabel } from '../recording/reset.ts';
import { standingOf } from './accepted.ts';
import { type Check, conforms, inconclusive, type Judgement, letIn, noted } from './check.ts';
import { causeMessage, causeOf, got } from './messages.ts';
import { checked, evidenceOf, notAsked, onUnstable, unmetPrecondition } from './preconditions.ts';
import { refusalsIn } from './truth-table.ts';

export type Histories = Pick<Recording, 'first' | 'second'>;

/** Judges a requirement over the second history, or says why that was not asked. */
export function judgeSecond(histories: Histories, judge: (second: RefusedHistory) => Judgement): Judgement {
  return unmetPrecondition(histories.first) ?? (histories.second === undefined ? notAsked(histories.first) : judge(histories.second));
}

/** On an unstable host only the checks count for which `counts` is true. */
export const steadily = ({ unstable }: RefusedHistory, checks: readonly Check[], counts?: (check: Check) => boolean): Judgement =>
  checked(unstable ? onUnstable(checks, counts) : checks);

/**
 * The right key is not known to be accepted there, with GET or, for a HEAD, with HEAD, which nothing documents. So only a 401 or an acceptance
 * counts.
 */
function hasNoPositiveControl({ placeholder, head, resource }: Attempt, first: AcceptedHistory): boolean {
  const shut = shutRows(first);
  const operation = getOf(resource);
  return placeholder || shut.has(`operation ${operation}`) || (head && shut.has(`head ${operation}`));
}

/** What each row was about and its operation, of rows that neither accepted nor refused the right key. */
function shutRows(first: AcceptedHistory): ReadonlySet<string> {
  const known = shutIn.get(first);
  if (known !== undefined) return known;
  const shut = new Set(
    first.rows.flatMap((row) => (['other', 'undetermined'].includes(standingOf(row)) ? [`${row.about} ${row.operation}`] : [])),
  );
  shutIn.set(first, shut);
  return shut;
}
const shutIn = new WeakMap<AcceptedHistory, ReadonlySet<string>>();

/** Both controls around it were accepted. */
export const isControlled = ({ controls }: RefusedHistory, { block }: Attempt): boolean =>
  controls[block]?.outcome.kind === 'accepted' && controls[block + 1]?.outcome.kind === 'accepted';

/**
 * Whether the call was accepted. A HEAD has no body that could say otherwise: if its GET got the same status and that counts as a refusal, so
 * does the HEAD.
 */
function isIn(attempt: Attempt, history: RefusedHistory): boolean {
  if (!isLetIn(attempt.trial)) return false;
  const last = attempt.trial.exchanges.at(-1);
  const status = last && statusOf(last);
  const gets = attempt.head ? matchingGets(attempt, history) : [];
  return !gets.some(({ trial: { outcome } }) => outcome.kind === 'other' && outcome.status === status);
}

/**
 * Which requirement an accepted bad credential violates. Per resource, the first rule that applies: a call without credentials is
 * accepted → `auth-required`; another key is accepted under the same username → `bad-key-refused`; otherwise the credential's owner.
 */
function blamedFor(letIn: Attempt, history: RefusedHistory): Owner {
  const alike = history.attempts.filter((each) => each.resource === letIn.resource && isIn(each, history));
  if (alike.some((each) => each.kind === 'nothing')) return 'auth-required';
  // If the key is the username, the key in the wrong place may be what was accepted, unless that password also works under other usernames.
  if (letIn.keyAsUsername) {
    const plain = alike.some((each) => !each.keyAsUsername && (each.credential === letIn.credential || each.kind === 'another key'));
    return plain ? 'bad-key-refused' : 'key-as-password';
  }
  if (letIn.username !== undefined && alike.some((each) => each.kind === 'another key' && each.username === letIn.username))
    return 'bad-key-refused';
  // The host either decoded it as a pair and accepts any key, or accepted it undecoded, like the other rows of `basic-scheme`.
  if (letIn.readsAsPair) {
    if (alike.some((each) => each.kind === 'another key')) return 'bad-key-refused';
    if (alike.some((each) => each.owner === 'basic-scheme')) return 'basic-scheme';
  }
  return letIn.owner;
}

/** Judges an owner check by check: which accepted bad credentials are blamed on it. `others` adds checks of another kind. */
export const judgeLetIn = (
  histories: Histories,
  owner: Owner,
  others: (first: AcceptedHistory, second: RefusedHistory) => readonly Check[] = () => [],
): Judgement =>
  judgeSecond(histories, (history) => {
    const blamed = new Map(history.attempts.filter((each) => isIn(each, history)).map((each) => [each, blamedFor(each, history)]));
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

interface CheckContext {
  readonly first: AcceptedHistory;
  readonly history: RefusedHistory;
  readonly owner: Owner;
  /** The requirement blamed for each accepted attempt; refused attempts have no entry. */
  readonly blamed: ReadonlyMap<Attempt, Owner>;
  /** Credentials that were accepted in one check only: the username may be the reason, so the message names it. */
  readonly once: ReadonlySet<string>;
}

function judgeCheck(name: string, attempts: readonly Attempt[], { first, history, owner, blamed, once }: CheckContext): Check {
  const evidence = evidenceOf(...attempts.map(({ trial }) => trial));
  const accepted = attempts.find((each) => blamed.get(each) === owner);
  if (accepted !== undefined) {
    const { credential, username, trial } = accepted;
    const under = username !== undefined && once.has(credential) ? ` under username ${username}` : '';
    const what = credential === 'nothing' ? 'a call without credentials' : credential;
    const message = `${what}${under} was accepted: expected a refusal, got ${got(trial)}`;
    return letIn(name, trial.exchanges, credential, got(trial), message);
  }
  const elsewhere = attempts.find((each) => blamed.has(each));
  if (elsewhere !== undefined)
    return noted(
      name,
      elsewhere.trial.exchanges,
      'a refusal',
      got(elsewhere.trial),
      `accepted, like other bad credentials here: see ${blamed.get(elsewhere)}`,
    );
  const open = attempts.filter((each) => each.trial.outcome.kind === 'unusable' || each.trial.outcome.kind === 'unasked');
  const isExcused = (each: Attempt): boolean =>
    (each.oversize || hasNoPositiveControl(each, first)) && each.trial.outcome.kind === 'unusable';
  const odd = open.find((each) => !isExcused(each));
  if (odd !== undefined) {
    const cause = causeOf(odd.trial.outcome);
    return inconclusive(name, odd.trial.exchanges, cause, causeMessage(cause, odd.trial));
  }
  const loose = attempts.find((each) => !isControlled(history, each));
  if (loose !== undefined) return uncontrolled(name, loose, history);
  const [excused] = open;
  if (excused !== undefined) {
    const why = excused.oversize ? 'a server may reject credentials of this size' : 'the right key is not known to be accepted here';
    return noted(name, excused.trial.exchanges, 'a refusal', got(excused.trial), `${why}: got ${got(excused.trial)}`);
  }
  return conforms(name, evidence);
}

/** A control next to it was not accepted, so the refusal proves nothing. */
function uncontrolled(name: string, { block }: Attempt, history: RefusedHistory): Check {
  const control = [history.controls[block], history.controls[block + 1]].find((each) => each?.outcome.kind !== 'accepted');
  const own = control?.outcome.kind === 'unusable' ? control.outcome.cause : undefined;
  // If the key was refused twice in a row, that is what ended the history.
  const cause = own ?? history.givenUp ?? (control === undefined ? 'no-control' : causeOf(control.outcome));
  return inconclusive(name, control?.exchanges ?? [], cause, causeMessage(cause, control));
}

/** The calls that were not sent because the history ended early, as one check. */
export function unaskedOf(history: RefusedHistory): readonly Check[] {
  if (history.unasked === 0 || history.givenUp === undefined) return [];
  const name = `the rest (${history.unasked} calls were not sent)`;
  const last = history.controls.at(-1);
  return [inconclusive(name, last?.exchanges ?? [], history.givenUp, causeMessage(history.givenUp, last))];
}

/** An answer to a bad key whose form is judged. */
export interface Refusal {
  readonly check: string;
  readonly trial: Trial;
  /** May be answered in another way: the credentials may be too large, or the right key is not known to be accepted there. */
  readonly excused: boolean;
}

/**
 * Judges the form of refusals by check: those of the second history between accepted controls, and those around a key's reset. HEAD is left
 * out.
 */
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

/** A HEAD has no body to judge (RFC 9110 section 9.3.2). */
export const isHead = ({ exchanges }: Trial): boolean => exchanges[0]?.request.method === 'HEAD';

const refusalsOf = (reset: KeyReset): readonly Refusal[] =>
  refusalsIn(reset).map(({ key, trial, noPositiveControl }) => ({
    check: `around a reset: ${keyLabel(key)}`,
    trial,
    excused: noPositiveControl ?? false,
  }));

/** Why a requirement about the form of 401s was not run. */
export const no401 = 'no 401 came';

/** The judgement if there is no 401 to judge: the host sent none, or none between accepted controls. */
export function noRefusals(history: RefusedHistory): Judgement {
  const hurt = history.attempts.find((each) => !isControlled(history, each));
  return hurt === undefined ? { kind: 'not-run', needs: no401 } : checked([uncontrolled('refusals', hurt, history)]);
}
