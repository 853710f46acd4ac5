/** Aggregates verdicts: from products to a requirement, from requirements to the run. */
import type { Level } from '../specifications/model.ts';
import { type Verdict, verdicts } from './check.ts';

/** The worst of these verdicts; `not-run` if there are none. */
export const worst = (list: readonly Verdict[]): Verdict => verdicts.find((verdict) => list.includes(verdict)) ?? 'not-run';

export type RunVerdict = 'conforms' | 'violates' | 'inconclusive';

/** The verdict of a run: `violates` if a required requirement is violated, otherwise `inconclusive` if one is or no check was answered. */
export function runVerdict(requirements: readonly { level: Level; verdict: Verdict }[], answeredChecks: number): RunVerdict {
  const required = requirements.filter((each) => each.level === 'required').map((each) => each.verdict);
  if (required.includes('violates')) return 'violates';
  if (required.includes('inconclusive') || answeredChecks === 0) return 'inconclusive';
  return 'conforms';
}
