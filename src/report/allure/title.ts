/** The title of the report: the outcome in one line, and what was tested in a second one. */
import { tallyOf, testedIn } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { visible } from '../visible.ts';

/** Two lines: what came out, and what was tested. */
export const titleOf = (run: Pick<Run, 'name'>, conformance: Conformance): string =>
  [outcomeOf(conformance), testedIn(run, conformance)].map(visible).join('\n');

/** Its numbers are required promises. */
function outcomeOf(conformance: Conformance): string {
  const { total, broken, unclear, kept: keptOnes, known } = tallyOf(conformance);
  const kept = (): string => {
    const { length } = keptOnes;
    if (known.length > 0) return `${length} of ${total} promises kept, ${known.length} known to differ`;
    if (length === total) return `all ${length} promises kept`;
    return length === 0 ? `none of ${total} promises checked` : `${length} of ${total} promises checked, all kept`;
  };
  const named = (which: readonly string[], outcome: string): string => {
    if (which.length === 0) return 'nothing could be determined';
    const share = `${which.length} of ${total}`;
    return which.length > mostNamed ? `${share} promises ${outcome}` : `${which.join(', ')} ${outcome} (${share})`;
  };
  const outcomes = {
    conforms: kept,
    violates: () => named(broken, 'broken'),
    inconclusive: () => named(unclear, 'could not be determined'),
  } as const;
  return `ActiveProspect authentication: ${outcomes[conformance.verdict]()}`;
}

/** A title that would name more than this counts them. */
const mostNamed = 3;
