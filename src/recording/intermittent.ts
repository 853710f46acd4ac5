/** A 401 to the right key that does not stand: the same call did not get it again, or the control beside it was not accepted. */
import type { AcceptedHistory, AcceptedRow } from './accepted.ts';
import type { Trial } from './outcome.ts';

export const intermittentRows = ({ rows }: AcceptedHistory): readonly AcceptedRow[] => rows.filter(isIntermittent);

export const isIntermittent = ({ trial, followed }: AcceptedRow): boolean =>
  followed !== undefined &&
  trial.outcome.kind === 'refused' &&
  unanswered(followed) === undefined &&
  (followed.control.outcome.kind !== 'accepted' || followed.again.outcome.kind !== 'refused');

/** The answer that is missing where a 401 could not be followed: what went down, or was given up, is not one that changes its mind. */
export const unanswered = (followed: NonNullable<AcceptedRow['followed']>): Trial | undefined =>
  [followed.control, followed.again].find(({ outcome }) => outcome.kind === 'unusable' || outcome.kind === 'unasked');

/** Such a host is not asked the second history. */
export const hasIntermittent401 = (history: AcceptedHistory): boolean => intermittentRows(history).length > 0;
