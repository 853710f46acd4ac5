/** Judges rows of the first history: calls with the right key, and those that need none. */

import type { AcceptedHistory, AcceptedRow } from '../recording/accepted.ts';
import { isIntermittent, unanswered } from '../recording/intermittent.ts';
import type { Recording } from '../recording/recording.ts';
import type { ProductSpec } from '../specifications/model.ts';
import { type Check, conforms, inconclusive, type Judgement, noted, violates } from './check.ts';
import { came, cannotTell, causeOf } from './messages.ts';
import { inWords } from './other-pages.ts';
import { checked, evidenceOf, onUnstable, unmetPrecondition } from './preconditions.ts';

/** What a row came to, a 401 followed up: `intermittent` is a 401 that does not stand. */
export type Standing = 'accepted' | 'refused' | 'intermittent' | 'other' | 'cannot tell';

export function standingOf(row: AcceptedRow): Standing {
  const { trial, followed } = row;
  if (trial.outcome.kind === 'accepted') return 'accepted';
  // A host that answers everybody so by now, a block or an outage, says nothing about this row.
  if (trial.outcome.kind === 'other')
    return followed === undefined || followed.control.outcome.kind === 'accepted' ? 'other' : 'cannot tell';
  if (trial.outcome.kind !== 'refused') return 'cannot tell';
  // Whoever needed no credentials is not asked twice.
  if (followed === undefined) return 'refused';
  if (unanswered(followed) !== undefined) return 'cannot tell';
  return isIntermittent(row) ? 'intermittent' : 'refused';
}

export const exchangesOf = ({ trial, followed }: AcceptedRow): Check['evidence'] =>
  evidenceOf(trial, ...(followed === undefined ? [] : [followed.control, followed.again]));

export const cannotTellOf = (row: AcceptedRow): Check => {
  const trial = (row.followed && unanswered(row.followed)) ?? row.trial;
  const cause = standingOf(row) === 'intermittent' ? 'unstable' : causeOf(trial.outcome);
  return inconclusive(row.name, exchangesOf(row), cause, cannotTell(cause, trial));
};

/** Judges rows by `judge`, where the product gives ground to. */
export function judgeRows(first: AcceptedHistory, rows: readonly AcceptedRow[], judge: (row: AcceptedRow) => Check): Judgement {
  const missing = unmetPrecondition(first);
  if (missing !== undefined) return missing;
  const checks = rows.map(judge);
  return checked(first.unstable ? onUnstable(checks) : checks);
}

/** More than an honest server need take: whatever comes of it is noted. */
const tooLong = 2500;

/** The right key under some username: accepted, or the difference stands against `username-ignored`. */
export function judgeUsername(row: AcceptedRow, onlyOne?: UsernameElsewhere): Check {
  const standing = standingOf(row);
  if (standing === 'accepted') return conforms(row.name, exchangesOf(row));
  if (row.usernameBytes > tooLong) return noted(row.name, exchangesOf(row), 'the key to be accepted', came(row.trial), tooLongMessage(row));
  if (standing === 'refused' || standing === 'other') {
    const [expected, actual] = ['the key to be accepted', came(row.trial)];
    return violates(row.name, exchangesOf(row), expected, actual, onlyOne && inWords(expected, actual, onlyOne.page));
  }
  return cannotTellOf(row);
}

type UsernameElsewhere = NonNullable<ProductSpec['usernameElsewhere']>;

/** What another page has for the username, where the key is accepted under that one and no other. */
export function onlyUsername({
  first: { rows },
  usernameElsewhere,
}: Pick<Recording, 'first' | 'usernameElsewhere'>): UsernameElsewhere | undefined {
  const accepted = rows.filter((row) => row.about === 'username' && standingOf(row) === 'accepted');
  return accepted.length > 0 && accepted.every(({ name }) => name === usernameElsewhere?.value) ? usernameElsewhere : undefined;
}

const tooLongMessage = (row: AcceptedRow): string =>
  `a username of ${row.usernameBytes.toLocaleString('en')} bytes may be more than a server need take: got ${came(row.trial)}`;
