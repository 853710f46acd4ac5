/** The first history of a product as data: calls that must be accepted, with all their answers. */
import type { IdVariable, ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import { statusOf } from './exchange.ts';
import type { Trial } from './outcome.ts';

/** What a row of this history is about. */
export type About = 'username' | 'operation' | 'operation under a username' | 'head' | 'scheme' | 'documented call' | 'no credentials';

/** In bytes. An honest server may reject longer credentials as too long, so a difference is only noted. */
export const longestFair = 2500;

/** Statuses of a resource that the host does not serve. That breaks no promise. */
export const statusesNotServed: readonly number[] = [404, 405, 410, 501];

export interface AcceptedRow {
  readonly about: About;
  /** The username, the operation or the scheme, as reports show it. */
  readonly name: string;
  /** The operation's id. */
  readonly operation: string;
  /** Statuses that, according to the operation's specification, mean that the plan does not include it. */
  readonly planStatuses: readonly number[];
  /** The length of the username, in bytes. */
  readonly usernameBytes: number;
  /** The path holds a made-up id. */
  readonly placeholder: boolean;
  readonly trial: Trial;
  /**
   * After a 401 to the right key: a plain control at once, then the same call again. After another definite answer only the control, because
   * such a call has been repeated already: `again` is then the outcome of both.
   */
  readonly followed?: { readonly control: Trial; readonly again: Trial };
}

export interface AcceptedHistory {
  readonly product: ProductId;
  /** The id of the first operation that accepts the key, and the username under which it does; undefined if none does. */
  readonly control: { readonly operation: string; readonly username: string } | undefined;
  /** The calls of the search for the control. */
  readonly search: readonly Trial[];
  /** If no operation accepts the key: the answer to the old key, if it was tried. */
  readonly oldKey?: Trial;
  /** If the old key did not get a 401 on a made-up id: the same call again, and one with a key that was never issued. */
  readonly besideOldKey?: { readonly again: Trial; readonly neverIssued: Trial };
  readonly rows: readonly AcceptedRow[];
  /** More than 5 % of the calls had to be repeated. */
  readonly unstable: boolean;
  /** Why the product was given up, if it was. */
  readonly givenUp: Cause | undefined;
  /** Every operation needs an id of the account, and none is known. */
  readonly needsId: boolean;
  /** If so: the variables that would give one, and what has the id. */
  readonly neededIds?: readonly Pick<IdVariable, 'variable' | 'is'>[];
  /** The page's sample call is a call to this product. */
  readonly hasPageExample?: boolean;
  /** The number of operations that are documented as public, whether or not they may be called. */
  readonly publicOperations: number;
  /** The key from before the last reset is known. */
  readonly hasOldKey: boolean;
  /** A reset is part of the run. */
  readonly resetsKey: boolean;
}

/**
 * Whether the product still accepts the key from before the reset. On a made-up id a 404 counts like a 2xx, if the answer is the same twice
 * and a key that was never issued gets a 401.
 */
export function takesOldKey({ oldKey, besideOldKey }: Pick<AcceptedHistory, 'oldKey' | 'besideOldKey'>): boolean {
  if (oldKey === undefined || besideOldKey === undefined) return oldKey?.outcome.kind === 'accepted';
  const { again, neverIssued } = besideOldKey;
  const status = passedBy(oldKey);
  return status !== undefined && status === passedBy(again) && neverIssued.outcome.kind === 'refused';
}

/** The status of an answer that a host gives only after it has accepted the credentials: 2xx, or 404 to a made-up id. */
export function passedBy({ exchanges, outcome }: Trial): number | undefined {
  const last = exchanges.at(-1);
  const passed = outcome.kind === 'accepted' || (outcome.kind === 'other' && outcome.status === 404);
  return passed && last !== undefined ? statusOf(last) : undefined;
}
