/** Judges a reset by a person: the same rules as for any reset, plus hints where the person may have mixed up the keys. */
import { type Cause, causes } from '../recording/causes.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { Recording } from '../recording/recording.ts';
import { answerIn, type KeyIndex, type KeyReset } from '../recording/reset.ts';
import { conforms, inconclusive, type Judgement, type Result } from './check.ts';
import { refusalNotes } from './failure.ts';
import { judgeReset, type ResetRequirement, resetRequirements } from './truth-table.ts';

/** The results of a reset by a person on these products. Refusals that differ from the documentation are noted and change no verdict. */
export function judgeByHand(recordings: readonly Recording[]): readonly Result[] {
  const notes = recordings.flatMap(({ first: { product }, reset, documented }): readonly Result[] =>
    refusalNotes(reset?.probes ?? [], documented).map(({ requirement, checks }) => ({
      requirement,
      product,
      judgement: { kind: 'checked', checks },
    })),
  );
  const resets = recordings.flatMap(({ reset }) => reset ?? []);
  return [
    ...judgeResets(
      resets,
      recordings.some(({ first }) => first.hasOldKey),
    ),
    ...notes,
  ];
}

/** `knowsOld`: the old key was not skipped. */
function judgeResets(resets: readonly KeyReset[], knowsOld: boolean): readonly Result[] {
  const takes = (reset: KeyReset, key: KeyIndex): boolean => reset.probes.some((each) => each.key === key && isLetIn(each.trial));
  const newIsTaken = resets.some((reset) => takes(reset, 1));
  const oldAlone = !newIsTaken && resets.every((reset) => takes(reset, 0));
  const judgementOf = (requirement: ResetRequirement, judgement: Judgement, reset: KeyReset): Judgement => {
    if (requirement === 'reset-per-product')
      return { kind: 'not-run', needs: '--reset, with RESET_COMMAND and LOGIN_COMMAND (only then is the time of each login known)' };
    if (requirement === 'reset-needs-login' && judgement.kind === 'checked' && judgement.checks.length === 0)
      return {
        kind: 'not-run',
        needs: '--reset, with RESET_COMMAND and LOGIN_COMMAND (only then are the keys tried before the reset, too)',
      };
    if (requirement === 'old-key-stops' && !knowsOld) return { kind: 'not-run', needs: 'the old key, which was skipped' };
    const answers = reset.probes.flatMap((each) => answerIn(each) ?? []);
    const silence = answers.every(({ answer }) => answer === 'nothing') ? answers.at(-1)?.cause : undefined;
    if (silence !== undefined) return inconclusiveOn(reset, silence, 'No call was answered in a way that shows which key is accepted.');
    const answered = reset.probes.some(({ trial }) => trial.outcome.kind === 'refused' || trial.outcome.kind === 'other');
    if (answered && !takes(reset, 0) && !takes(reset, 1)) return inconclusiveOn(reset, 'key-refused', knowsOld ? refusesBoth : refusesNew);
    if (
      requirement === 'new-key-starts' &&
      !newIsTaken &&
      judgement.kind === 'checked' &&
      judgement.checks.some((each) => each.verdict === 'violates')
    )
      return inconclusiveOn(reset, 'key-refused', newIsUnknown);
    if (judgement.kind !== 'checked') return judgement;
    if (judgement.checks.length === 0) return { kind: 'not-run', needs: 'a product to which no one has logged in yet' };
    const checks = judgement.checks.map((each) =>
      oldAlone && 'cause' in each && each.cause === 'needs-login' ? { ...each, message: `${swapped} ${each.message}` } : each,
    );
    return { kind: 'checked', checks };
  };
  const judged = resets.flatMap((reset): Result[] => {
    const judgements = judgeReset(reset);
    return resetRequirements
      .filter((id) => id !== 'reset-changes-key')
      .map((requirement) => ({ requirement, product: reset.product, judgement: judgementOf(requirement, judgements[requirement], reset) }));
  });
  const changes: Judgement = knowsOld
    ? { kind: 'checked', checks: [conforms('the two keys differ', [])] }
    : { kind: 'not-run', needs: 'the old key, which was skipped' };
  return [{ requirement: 'reset-changes-key', product: 'account', judgement: changes }, ...judged];
}

const swapped =
  'Every product accepts the old key and none accepts the new one: either no one has logged in since the reset, or the two keys were swapped.';
const refusesBoth = 'This product refuses both keys: the account is not subscribed to it, or both keys are incomplete.';
const refusesNew =
  'This product refuses the key: no one has logged in to it since the reset, the account is not subscribed to it, or the key is incomplete.';
const newIsUnknown = 'No product accepts the new key: check that it is complete and that it is the one from the last reset.';

const inconclusiveOn = ({ product, probes }: KeyReset, cause: Cause, what: string): Judgement => ({
  kind: 'checked',
  checks: [
    inconclusive(
      `${product} accepts a key`,
      probes.slice(-2).flatMap(({ trial }) => trial.exchanges),
      cause,
      `${what} ${causes[cause]}`,
    ),
  ],
});
