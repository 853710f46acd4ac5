/** The recording of a product: its histories, and the parts of its specification that judges need. */
import type { DocumentedFailure, ProductSpec } from '../specifications/model.ts';
import type { AcceptedHistory } from './accepted.ts';
import type { RefusedHistory } from './refused.ts';
import type { KeyReset } from './reset.ts';

export type HistoryKind = 'accepted' | 'refused' | 'reset';

export interface Recording {
  readonly first: AcceptedHistory;
  /** Undefined if the preconditions were not met in the first history, or if it was not needed. */
  readonly second: RefusedHistory | undefined;
  /** Undefined if no key was reset. */
  readonly reset: KeyReset | undefined;
  /** The histories that were needed. One that is named here but missing did not meet its preconditions. */
  readonly holds: readonly HistoryKind[];
  readonly documented: DocumentedFailure;
  readonly usernameElsewhere?: ProductSpec['usernameElsewhere'];
}
