/** Annotations for GitHub Actions, one for each group of findings. */
import { groupsOf, placeOf } from '../findings.ts';
import type { Conformance, Run } from '../model.ts';
import { shortened, visible } from '../visible.ts';

/** GitHub shows ten of a kind. */
const shown = 10;
const limit = 500;

/** Workflow commands, a line each. */
export function annotations(run: Run, conformance: Conformance): readonly string[] {
  return (['violates', 'inconclusive'] as const).flatMap((verdict) =>
    groupsOf(run, conformance, [verdict])
      .filter(({ finding }) => !finding.known)
      .slice(0, shown)
      .map((group) => {
        const { requirements, finding } = group;
        const title = `${requirements.join(', ')} on ${placeOf(group)}`;
        return `::${verdict === 'violates' ? 'error' : 'warning'} title=${property(title)}::${data(finding.message)}`;
      }),
  );
}

/** Escaped as the runner requires (actions/toolkit, packages/core/src/command.ts). */
const data = (text: string): string =>
  visible(shortened(text, limit)).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
