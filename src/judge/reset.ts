/** What the section "Resetting your API key" comes to on a product. */

import type { Life } from '../recording/life.ts';
import type { Recording } from '../recording/recording.ts';
import type { Judgement } from './check.ts';
import { judgeLife, type LifeRequirement } from './life.ts';
import { notAsked } from './preconditions.ts';
import { judgeLetIn } from './refused.ts';

export type WithLife = Pick<Recording, 'first' | 'second' | 'life'>;

const needsReset: Judgement = { kind: 'not-run', needs: '--reset, with RESET_COMMAND and LOGIN_COMMAND' };

// A life is judged for several requirements at once, and they are asked for one after the other.
const known = new WeakMap<Life, ReturnType<typeof judgeLife>>();
function judgedOnce(life: Life): ReturnType<typeof judgeLife> {
  const judged = known.get(life) ?? judgeLife(life);
  known.set(life, judged);
  return judged;
}

const ofLife =
  (requirement: LifeRequirement) =>
  ({ first, life }: WithLife): Judgement =>
    life !== undefined ? judgedOnce(life)[requirement] : first.lives ? notAsked(first) : needsReset;

/** A reset gives a new key. It belongs to the account, whatever product looks on. */
export function resetChangesKey(products: readonly WithLife[]): Judgement {
  const living = products.filter(({ life }) => life !== undefined);
  const judged = (living.length > 0 ? living : products).map(ofLife('reset-changes-key'));
  const checks = judged.flatMap((each, index) =>
    each.kind === 'checked' && living.length > 0
      ? each.checks.map((check) => ({ ...check, name: `${living[index]?.first.product}: ${check.name}` }))
      : [],
  );
  return checks.length > 0 ? { kind: 'checked', checks } : (judged[0] ?? needsReset);
}

/** Until somebody logs in to it a product goes on with the old key. */
export const resetNeedsLogin = ofLife('reset-needs-login');

/** A login reaches that product and no other. */
export const resetPerProduct = ofLife('reset-per-product');

/** At login the new key starts at once. */
export const newKeyStarts = ofLife('new-key-starts');

/** At login the old key stops at once; without a reset, the key from before the last one is dead. */
export function oldKeyStops(histories: WithLife): Judgement {
  const { second, life } = histories;
  const asked = second?.attempts.some((each) => each.owner === 'old-key-stops') ?? false;
  const refused = asked || histories.first.lives || histories.first.hasOldKey ? judgeLetIn(histories, 'old-key-stops') : undefined;
  const lived = life === undefined ? undefined : judgedOnce(life)['old-key-stops'];
  if (refused?.kind === 'checked' && lived?.kind === 'checked') return { kind: 'checked', checks: [...refused.checks, ...lived.checks] };
  return lived ?? refused ?? { kind: 'not-run', needs: 'ACTIVEPROSPECT_OLD_API_KEY, or --reset' };
}
