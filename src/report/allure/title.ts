/** The title of the report: the outcome in one line, and what was tested in a second one. */
import { isKnown, testedIn } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { visible } from '../visible.ts';

export const titleOf = (run: Pick<Run, 'name'>, conformance: Conformance): string =>
  [outcomeOf(conformance), testedIn(run, conformance)].map(visible).join('\n');

/** Its numbers are required promises. */
function outcomeOf({ verdict, requirements }: Conformance): string {
  const required = requirements.filter(({ level }) => level === 'required');
  const ids = (of: Conformance['verdict']): readonly string[] =>
    required.filter((each) => each.verdict === of && !isKnown(each)).map(({ id }) => id);
  const what = { violates: 'broken', inconclusive: 'could not be determined' };
  return `ActiveProspect authentication: ${verdict === 'conforms' ? kept() : told(ids(verdict), what[verdict])}`;

  function told(which: readonly string[], outcome: string): string {
    if (which.length === 0) return 'nothing could be determined';
    const share = `${which.length} of ${required.length}`;
    return which.length > mostNamed ? `${share} promises ${outcome}` : `${which.join(', ')} ${outcome} (${share})`;
  }

  function kept(): string {
    const count = ids('conforms').length;
    const known = required.filter(isKnown).length;
    if (known > 0) return `${count} of ${required.length} promises kept, ${known} known to differ`;
    if (count === required.length) return `all ${count} promises kept`;
    return count === 0 ? `none of ${required.length} promises checked` : `${count} of ${required.length} promises checked, all kept`;
  }
}

/** A title that would name more than this counts them. */
const mostNamed = 3;
