/** What every judgement of a product stands on: a key that is accepted, by a host that answers the same way twice. */
import { type AcceptedHistory, takesOldKey } from '../recording/accepted.ts';
import type { Cause } from '../recording/causes.ts';
import { intermittentRows } from '../recording/intermittent.ts';
import { type Check, inconclusive, type Judgement } from './check.ts';
import { cannotTell, causeOf } from './messages.ts';

/** Why nothing can be told of this product, as the judgement of any requirement on it; undefined where there is ground. */
export function unmetPrecondition(first: AcceptedHistory): Judgement | undefined {
  if (first.control !== undefined) return undefined;
  const { search } = first;
  const last = search.at(-1);
  if (last === undefined) return { kind: 'not-run', needs: 'an operation that can be called with the right key' };
  const refusal = search.find(({ outcome }) => outcome.kind === 'refused');
  // A host checks credentials before ids: a 401 refuses the key, whatever the id. Any other answer to a made-up id tells nothing.
  if (first.needsId && refusal === undefined && last.outcome.kind !== 'unusable') return { kind: 'not-run', needs: certificate };
  const trial = refusal ?? last;
  const cause: Cause = refusal === undefined ? causeOf(last.outcome) : takesOldKey(first) ? 'needs-login' : 'key-refused';
  return checked([inconclusive('the key is accepted', evidenceOf(trial), cause, cannotTell(cause, trial))]);
}

const certificate = 'TRUSTEDFORM_CERTIFICATE_ID, a certificate of the account: every documented call needs one';

export const checked = (checks: readonly Check[]): Judgement => ({ kind: 'checked', checks });
export const evidenceOf = (...trials: readonly { readonly exchanges: Check['evidence'] }[]): Check['evidence'] =>
  trials.flatMap(({ exchanges }) => exchanges);

/**
 * The checks of a requirement on a product that answers calls differently from one time to the next. On such a host nothing counts but
 * what was let in: that is seen once and stays seen.
 */
export function onUnstable(checks: readonly Check[], letIn: (check: Check) => boolean = () => false): readonly Check[] {
  const message = cannotTell('unstable');
  const steady = checks.map((check): Check => (letIn(check) ? check : inconclusive(check.name, check.evidence, 'unstable', message)));
  return steady.length > 0 ? steady : [inconclusive('the host is stable', [], 'unstable', message)];
}

/** The judgement where a history was not asked although the key is accepted: the product had shown that it cannot be judged. */
export function notAsked(first: AcceptedHistory): Judgement {
  const cause: Cause = first.givenUp ?? 'unstable';
  return unmetPrecondition(first) ?? checked([inconclusive('what would have been asked next', [], cause, cannotTell(cause))]);
}

/** A 401 to the right key that does not stand: the product cannot be asked the second history. */
export const intermittent401s = (first: AcceptedHistory): number => intermittentRows(first).length;
