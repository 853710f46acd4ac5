/** Intermittent 401s to the right key: the same call did not get a 401 again, or the control after it was not accepted. */
import type { AcceptedHistory, AcceptedRow } from './accepted.ts';
import type { Trial } from './outcome.ts';

/** In the order of the history. */
export const intermittentRows = ({ rows }: AcceptedHistory): readonly AcceptedRow[] => rows.filter(isIntermittent);

/** A 401 to the right key that its follow-up calls did not confirm. */
export const isIntermittent = ({ trial, followed }: AcceptedRow): boolean =>
  followed !== undefined &&
  trial.outcome.kind === 'refused' &&
  unanswered(followed) === undefined &&
  (followed.control.outcome.kind !== 'accepted' || followed.again.outcome.kind !== 'refused');

/** The follow-up call that got no usable answer. Such a host is down or was given up, which is not an intermittent 401. */
export const unanswered = (followed: NonNullable<AcceptedRow['followed']>): Trial | undefined =>
  [followed.control, followed.again].find(({ outcome }) => outcome.kind === 'unusable' || outcome.kind === 'unasked');

/** The key is accepted every time, so that the refusal of another one proves something. Otherwise neither bad keys nor a reset are tried. */
export const isSteady = (history: AcceptedHistory): boolean =>
  history.control !== undefined && history.givenUp === undefined && !history.unstable && !hasIntermittent401(history);

/** If true, the second history is not asked. */
export const hasIntermittent401 = (history: AcceptedHistory): boolean => intermittentRows(history).length > 0;
