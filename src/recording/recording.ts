/** What was recorded of a product: its histories, and what of its specification they are judged by. */
import type { DocumentedFailure, ProductSpec } from '../specifications/model.ts';
import type { AcceptedHistory } from './accepted.ts';
import type { RefusedHistory } from './refused.ts';
import type { KeyReset } from './reset.ts';

export type HistoryKind = 'accepted' | 'refused' | 'reset';

/** What was recorded of a product: what was asked, and what of its specification the answers are judged by. */
export interface Recording {
  readonly first: AcceptedHistory;
  /** Undefined where the first gave no ground to ask it. */
  readonly second: RefusedHistory | undefined;
  /** Undefined where no key was reset. */
  readonly reset: KeyReset | undefined;
  /** Which of these were to be asked: what is missing although it is named here had no ground, what is not named was not wanted. */
  readonly holds: readonly HistoryKind[];
  readonly documented: DocumentedFailure;
  readonly usernameElsewhere?: ProductSpec['usernameElsewhere'];
}
