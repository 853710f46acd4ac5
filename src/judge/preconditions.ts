/** The preconditions of every judgement on a product: the key is accepted, and the host answers the same call the same way twice. */
import { listed } from '../listed.ts';
import { type AcceptedHistory, takesOldKey } from '../recording/accepted.ts';
import type { Cause } from '../recording/causes.ts';
import { intermittentRows } from '../recording/intermittent.ts';
import { type Check, inconclusive, type Judgement } from './check.ts';
import { causeMessage, causeOf } from './messages.ts';

/** Why this product cannot be judged, as the judgement of any requirement on it; undefined if it can. */
export function unmetPrecondition(first: AcceptedHistory): Judgement | undefined {
  if (first.control !== undefined) return undefined;
  const { search } = first;
  const last = search.at(-1);
  if (last === undefined) return { kind: 'not-run', needs: 'an operation that can be called with the right key' };
  const refusal = search.find(({ outcome }) => outcome.kind === 'refused');
  // A host checks credentials before ids: a 401 refuses the key, whatever the id. Any other answer to a made-up id proves nothing.
  if (first.needsId && refusal === undefined && last.outcome.kind !== 'unusable') return { kind: 'not-run', needs: idsOf(first) };
  const cause: Cause = refusal === undefined ? causeOf(last.outcome) : takesOldKey(first) ? 'needs-login' : 'key-refused';
  // Of the calls with that cause readers know the first one best.
  const trial = refusal ?? search.find(({ outcome }) => causeOf(outcome) === cause) ?? last;
  return checked([inconclusive('the key is accepted', evidenceOf(trial), cause, causeMessage(cause, trial))]);
}

function idsOf({ neededIds = [] }: AcceptedHistory): string {
  if (neededIds.length === 0) return 'an id of the account (every documented call needs one)';
  const what = listed(neededIds.map(({ is }) => is));
  return `${listed(neededIds.map(({ variable }) => variable))} (${what} of the account: every documented call needs one)`;
}

/** A judgement with these checks. */
export const checked = (checks: readonly Check[]): Judgement => ({ kind: 'checked', checks });
/** All calls of these trials, in order. */
export const evidenceOf = (...trials: readonly { readonly exchanges: Check['evidence'] }[]): Check['evidence'] =>
  trials.flatMap(({ exchanges }) => exchanges);

/**
 * The checks of a requirement on a product that answers the same call differently from one time to the next. Only an accepted bad
 * credential counts there: one acceptance is enough.
 */
export function onUnstable(checks: readonly Check[], letIn: (check: Check) => boolean = () => false): readonly Check[] {
  // Of the checks that proved nothing anyway, one says what was seen.
  const seen = checks.find(({ verdict, evidence }) => verdict === 'inconclusive' && evidence.length > 0)?.evidence;
  const message = causeMessage('unstable', seen && { exchanges: seen });
  const steady = checks.map((check): Check => (letIn(check) ? check : inconclusive(check.name, check.evidence, 'unstable', message)));
  return steady.length > 0 ? steady : [inconclusive('the host is stable', [], 'unstable', message)];
}

/** The judgement if a history was not asked although the key is accepted: an earlier history showed that the product cannot be judged. */
export function notAsked(first: AcceptedHistory): Judgement {
  const cause: Cause = first.givenUp ?? 'unstable';
  return unmetPrecondition(first) ?? checked([inconclusive('the calls that would have come next', [], cause, causeMessage(cause))]);
}

/** How many intermittent 401s the right key got. With one or more, the second history is not asked. */
export const intermittent401s = (first: AcceptedHistory): number => intermittentRows(first).length;
