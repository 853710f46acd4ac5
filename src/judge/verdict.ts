/** From products to a requirement, from requirements to the run. */
import type { Level } from '../specifications/model.ts';
import { type Verdict, verdicts } from './check.ts';

/** The worst of some verdicts, `not-run` where there are none. */
export const worst = (list: readonly Verdict[]): Verdict => verdicts.find((verdict) => list.includes(verdict)) ?? 'not-run';

export type RunVerdict = 'conforms' | 'violates' | 'inconclusive';

/** The verdict of a run: a required requirement that is violated, else one that nobody can tell or a run without an answered check. */
export function runVerdict(requirements: readonly { level: Level; verdict: Verdict }[], answeredChecks: number): RunVerdict {
  const required = requirements.filter((each) => each.level === 'required').map((each) => each.verdict);
  if (required.includes('violates')) return 'violates';
  if (required.includes('inconclusive') || answeredChecks === 0) return 'inconclusive';
  return 'conforms';
}
