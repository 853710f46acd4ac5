/** Judges the section "Authentication" on a product. */

import type { AcceptedRow } from '../recording/accepted.ts';
import { intermittentRows } from '../recording/intermittent.ts';
import type { Recording } from '../recording/recording.ts';
import { inconclusiveRow, judgeRows, judgeUsername, onlyUsername, standingOf } from './accepted.ts';
import type { Judgement } from './check.ts';
import { type Histories, judgeLetIn } from './refused.ts';
import { spellingChecks } from './spellings.ts';

/** A call without credentials is refused, on every resource and for every spelling of its path. */
export const authRequired = (histories: Histories): Judgement => judgeLetIn(histories, 'auth-required', spellingChecks);

/** The key in another scheme, or in Basic without base64, is refused. */
export const basicScheme = (histories: Histories): Judgement => judgeLetIn(histories, 'basic-scheme');

/** The key anywhere but in the password's place is refused. */
export const keyAsPassword = (histories: Histories): Judgement => judgeLetIn(histories, 'key-as-password');

/** The key is accepted under every username: on the control, and on every other resource that accepts the key at all. */
export function usernameIgnored({ first, usernameElsewhere }: Pick<Recording, 'first' | 'usernameElsewhere'>): Judgement {
  const accepting = new Set(
    first.rows.filter((row) => row.about === 'operation' && standingOf(row) === 'accepted').map((row) => row.operation),
  );
  const concerns = (row: AcceptedRow): boolean =>
    row.about === 'username' || (row.about === 'operation under a username' && accepting.has(row.operation));
  const rows = first.rows.filter(concerns);
  const onlyOne = onlyUsername({ first, usernameElsewhere });
  // Where the key is refused now and then, it is also refused three times in a row now and then, and not because of the username.
  const refusedRows = rows.filter((row) => standingOf(row) === 'refused');
  const isChance = refusedRows.length <= intermittentRows(first).length;
  return judgeRows(first, rows, (row) =>
    isChance && refusedRows.includes(row) ? inconclusiveRow(row, true) : judgeUsername(row, onlyOne),
  );
}
