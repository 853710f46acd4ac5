/** A 401 to the right key that does not stand: the same call did not get it again, or the control beside it got one as well. */
import type { AcceptedHistory, AcceptedRow } from './accepted.ts';

export const flapsOf = ({ rows }: AcceptedHistory): readonly AcceptedRow[] =>
  rows.filter(
    ({ followed }) =>
      followed !== undefined &&
      !wasCutOff(followed) &&
      (followed.control.outcome.kind !== 'accepted' || followed.again.outcome.kind !== 'refused'),
  );

/** The product was given up before the 401 could be followed. */
export const wasCutOff = ({ control, again }: NonNullable<AcceptedRow['followed']>): boolean =>
  control.outcome.kind === 'unasked' || again.outcome.kind === 'unasked';

/** Such a host is not asked the second history. */
export const hasFlaps = (history: AcceptedHistory): boolean => flapsOf(history).length > 0;
