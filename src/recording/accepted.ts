/** The first history of a product, as data: calls that must be accepted, with all their answers. */
import type { ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import type { Trial } from './outcome.ts';

/** What a row of this history is about. */
export type About = 'username' | 'operation' | 'operation under a username' | 'head' | 'scheme' | 'documented call' | 'no credentials';

export interface AcceptedRow {
  readonly about: About;
  /** The username, the operation or the scheme, as a report shows it. */
  readonly name: string;
  /** The operation's id. */
  readonly operation: string;
  /** Statuses by which the operation's specification says that the plan lacks it. */
  readonly planStatuses: readonly number[];
  /** Of the username, in bytes. */
  readonly usernameBytes: number;
  /** Its path holds an id that is not the account's. */
  readonly placeholder: boolean;
  readonly trial: Trial;
  /**
   * After a 401 to the right key: a plain control at once, and the same call again. After another definite answer the control alone, since
   * such a call has been asked twice already: `again` is what came of it.
   */
  readonly followed?: { readonly control: Trial; readonly again: Trial };
}

export interface AcceptedHistory {
  readonly product: ProductId;
  /** The first operation that accepts the key, by id, and the username under which it does; undefined where none does. */
  readonly control: { readonly operation: string; readonly username: string } | undefined;
  /** Where none does: what the first operations answered, and the answer to the old key where it was tried. */
  readonly search: readonly Trial[];
  readonly oldKey?: Trial;
  /** On a made-up id, where the old key did not get a 401: the same call again, and one with a key that was never issued. */
  readonly besideOldKey?: { readonly again: Trial; readonly neverIssued: Trial };
  readonly rows: readonly AcceptedRow[];
  /** More than 5 % of the calls had to be asked again. */
  readonly unstable: boolean;
  /** The product was given up on the way. */
  readonly givenUp: Cause | undefined;
  /** No operation can be called without an id of the account that is not known. */
  readonly needsId: boolean;
  /** Operations that are documented as needing no credentials, whether they may be called or not. */
  readonly publicOperations: number;
  /** A key from before the last reset is known. */
  readonly hasOldKey: boolean;
  /** A reset is part of the run. */
  readonly resetsKey: boolean;
}

/**
 * Whether the product still accepts the key from before the reset. On a made-up id a 404 shows it as well as a 2xx does, if the same comes
 * twice and a key that was never issued gets a 401.
 */
export function takesOldKey({ oldKey, besideOldKey }: Pick<AcceptedHistory, 'oldKey' | 'besideOldKey'>): boolean {
  if (oldKey === undefined || besideOldKey === undefined) return oldKey?.outcome.kind === 'accepted';
  const { again, neverIssued } = besideOldKey;
  const status = passedBy(oldKey);
  return status !== undefined && status === passedBy(again) && neverIssued.outcome.kind === 'refused';
}

/** The status of an answer that comes after the credentials were checked: an acceptance, or a 404 to a made-up id. */
export function passedBy({ exchanges, outcome }: Trial): number | undefined {
  const answer = exchanges.at(-1)?.answer;
  const passed = outcome.kind === 'accepted' || (outcome.kind === 'other' && outcome.status === 404);
  return passed && answer?.kind === 'response' ? answer.status : undefined;
}
