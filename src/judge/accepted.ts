/** Judges rows of the first history: calls with the right key, and calls that need no credentials. */

import { type AcceptedHistory, type AcceptedRow, longestFair } from '../recording/accepted.ts';
import { isIntermittent, unanswered } from '../recording/intermittent.ts';
import type { Recording } from '../recording/recording.ts';
import type { ProductSpec } from '../specifications/model.ts';
import { type Check, conforms, inconclusive, type Judgement, noted, violates } from './check.ts';
import { causeMessage, causeOf, got } from './messages.ts';
import { inWords } from './other-pages.ts';
import { checked, evidenceOf, onUnstable, unmetPrecondition } from './preconditions.ts';

/** The outcome of a row after its follow-up calls. `intermittent`: a 401 that the follow-up did not confirm. */
export type Standing = 'accepted' | 'refused' | 'intermittent' | 'other' | 'undetermined';

/** What a row proves, given the control and the repetition that followed it. */
export function standingOf(row: AcceptedRow): Standing {
  const { trial, followed } = row;
  if (trial.outcome.kind === 'accepted') return 'accepted';
  // If the control fails too, the client is blocked or the host is down: that says nothing about this row.
  if (trial.outcome.kind === 'other')
    return followed === undefined || followed.control.outcome.kind === 'accepted' ? 'other' : 'undetermined';
  if (trial.outcome.kind !== 'refused') return 'undetermined';
  // Calls without credentials have no follow-up.
  if (followed === undefined) return 'refused';
  if (unanswered(followed) !== undefined) return 'undetermined';
  return isIntermittent(row) ? 'intermittent' : 'refused';
}

/** All calls behind a row, in order. */
export const exchangesOf = ({ trial, followed }: AcceptedRow): Check['evidence'] =>
  evidenceOf(trial, ...(followed === undefined ? [] : [followed.control, followed.again]));

/** A row that proves nothing, with the cause. `isChance`: the host refuses the right key now and then, and may have done so here. */
export const inconclusiveRow = (row: AcceptedRow, isChance = standingOf(row) === 'intermittent'): Check => {
  const trial = (row.followed && unanswered(row.followed)) ?? row.trial;
  const cause = isChance ? 'unstable' : causeOf(trial.outcome);
  return inconclusive(row.name, exchangesOf(row), cause, causeMessage(cause, trial));
};

/** Judges rows by `judge` if the product meets the preconditions. */
export function judgeRows(first: AcceptedHistory, rows: readonly AcceptedRow[], judge: (row: AcceptedRow) => Check): Judgement {
  const missing = unmetPrecondition(first);
  if (missing !== undefined) return missing;
  const checks = rows.map(judge);
  return checked(first.unstable ? onUnstable(checks) : checks);
}

/** The right key under a username: anything but an acceptance violates `username-ignored`. */
export function judgeUsername(row: AcceptedRow, onlyOne?: UsernameElsewhere): Check {
  const standing = standingOf(row);
  if (standing === 'accepted') return conforms(row.name, exchangesOf(row));
  if (row.usernameBytes > longestFair)
    return noted(row.name, exchangesOf(row), 'the key to be accepted', got(row.trial), tooLongMessage(row));
  if (standing === 'refused' || standing === 'other') {
    const [expected, actual] = ['the key to be accepted', got(row.trial)];
    return violates(row.name, exchangesOf(row), expected, actual, onlyOne && inWords(expected, actual, onlyOne.page));
  }
  return inconclusiveRow(row);
}

type UsernameElsewhere = NonNullable<ProductSpec['usernameElsewhere']>;

/** The username that another page documents, if the key is accepted under that username only. */
export function onlyUsername({
  first: { rows },
  usernameElsewhere,
}: Pick<Recording, 'first' | 'usernameElsewhere'>): UsernameElsewhere | undefined {
  const accepted = rows.filter((row) => row.about === 'username' && standingOf(row) === 'accepted');
  return accepted.length > 0 && accepted.every(({ name }) => name === usernameElsewhere?.value) ? usernameElsewhere : undefined;
}

const tooLongMessage = (row: AcceptedRow): string =>
  `a server may reject a username of ${row.usernameBytes.toLocaleString('en')} bytes as too long: got ${got(row.trial)}`;
