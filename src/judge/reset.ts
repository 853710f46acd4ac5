/** Judges the section "Resetting your API key" on a product. */

import { isLetIn } from '../recording/outcome.ts';
import type { Recording } from '../recording/recording.ts';
import type { KeyReset } from '../recording/reset.ts';
import type { Judgement } from './check.ts';
import { notAsked } from './preconditions.ts';
import { judgeLetIn } from './refused.ts';
import { judgeReset, type ResetRequirement } from './truth-table.ts';

export type WithReset = Pick<Recording, 'first' | 'second' | 'reset'>;

const needsReset: Judgement = { kind: 'not-run', needs: '--reset, with RESET_COMMAND and LOGIN_COMMAND' };

// `judgeReset` judges all requirements at once, but each test asks for one of them.
const known = new WeakMap<KeyReset, ReturnType<typeof judgeReset>>();
function judgedOnce({ second }: WithReset, reset: KeyReset): ReturnType<typeof judgeReset> {
  const before = known.get(reset);
  if (before !== undefined) return before;
  const judged = judgeReset(
    reset,
    second?.attempts.some(({ trial }) => isLetIn(trial)),
  );
  known.set(reset, judged);
  return judged;
}

const ofReset =
  (requirement: ResetRequirement) =>
  (histories: WithReset): Judgement => {
    const { first, reset } = histories;
    return reset !== undefined ? judgedOnce(histories, reset)[requirement] : first.resetsKey ? notAsked(first) : needsReset;
  };

/** A reset gives a new key. It belongs to the account, whichever products observed the reset. */
export function resetChangesKey(products: readonly WithReset[]): Judgement {
  const accepting = products.filter(({ reset }) => reset !== undefined);
  const judged = (accepting.length > 0 ? accepting : products).map(ofReset('reset-changes-key'));
  const checks = judged.flatMap((each, index) =>
    each.kind === 'checked' && accepting.length > 0
      ? each.checks.map((check) => ({ ...check, name: `${accepting[index]?.first.product}: ${check.name}` }))
      : [],
  );
  return checks.length > 0 ? { kind: 'checked', checks } : (judged[0] ?? needsReset);
}

/** Until someone logs in to it, a product continues to accept the old key. */
export const resetNeedsLogin = ofReset('reset-needs-login');

/** A login affects that product and no other. */
export const resetPerProduct = ofReset('reset-per-product');

/** At login the new key works at once. */
export const newKeyStarts = ofReset('new-key-starts');

/** At login the old key stops working at once. In a run without a reset: the key from before the last reset is refused. */
export function oldKeyStops(histories: WithReset): Judgement {
  const { second, reset } = histories;
  const asked = second?.attempts.some((each) => each.owner === 'old-key-stops') ?? false;
  const refused = asked || histories.first.resetsKey || histories.first.hasOldKey ? judgeLetIn(histories, 'old-key-stops') : undefined;
  const byReset = reset === undefined ? undefined : judgedOnce(histories, reset)['old-key-stops'];
  if (refused?.kind === 'checked' && byReset?.kind === 'checked')
    return { kind: 'checked', checks: [...refused.checks, ...byReset.checks] };
  return byReset ?? refused ?? { kind: 'not-run', needs: 'ACTIVEPROSPECT_OLD_API_KEY, or --reset' };
}
