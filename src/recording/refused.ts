/** The second history of a product as data: calls that must be refused, in blocks between calls with the right key. */
import type { ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import type { Trial } from './outcome.ts';

export type Owner = 'auth-required' | 'basic-scheme' | 'key-as-password' | 'old-key-stops' | 'bad-key-refused';

/** One call with bad credentials. */
export interface Attempt {
  /** The name of the row that it belongs to, as reports show it. */
  readonly check: string;
  readonly owner: Owner;
  /** Operation and method. Accepted bad credentials are blamed for each resource separately. */
  readonly resource: string;
  readonly head: boolean;
  /** The name of the credentials, without the username. */
  readonly credential: string;
  /** Whether `nothing` or `another key` is accepted decides which requirement the others violate. */
  readonly kind: 'nothing' | 'another key' | 'other';
  /** The name of the username; undefined if there is none. */
  readonly username: string | undefined;
  readonly keyAsUsername: boolean;
  /** Sent as Basic without base64, and a lenient decoder finds a pair in it. */
  readonly readsAsPair: boolean;
  /** More than 2,500 bytes of credentials, which an honest server may reject as too long. */
  readonly oversize: boolean;
  /** The right key could not be tried there, because an id is not known or the method would change something. */
  readonly placeholder: boolean;
  readonly trial: Trial;
  /** Index of the control before it; the control after it is the next one. */
  readonly block: number;
}

/** The GET of a resource that is asked with HEAD. */
export const getOf = (resource: string): string => resource.replace(/^HEAD /, 'GET ');

/** The calls with GET that a HEAD can be compared with: of the same resource, with the same kind of credentials. */
export const matchingGets = ({ kind, resource }: Attempt, { attempts }: RefusedHistory): readonly Attempt[] =>
  attempts.filter((each) => !each.head && each.kind === kind && each.resource === getOf(resource));

export interface RefusedHistory {
  readonly product: ProductId;
  readonly attempts: readonly Attempt[];
  readonly controls: readonly Trial[];
  /** Other spellings of paths, sent last. Their answers count only for `auth-required`. */
  readonly spellings: readonly Respelled[];
  /** Planned calls to other spellings that were not sent although all attempts were. */
  readonly unaskedSpellings: number;
  /** Why the rest was not sent. */
  readonly givenUp: Cause | undefined;
  /** Planned attempts that were not sent. */
  readonly unasked: number;
  readonly unstable: boolean;
}

/** One call without credentials to another spelling of a resource's path. */
export interface Respelled {
  /** The name of the spelling. */
  readonly spelling: string;
  /** The operation's id. */
  readonly resource: string;
  /** As sent, below the base URL. */
  readonly path: string;
  /** Never repeated, whatever the answer. */
  readonly trial: Trial;
  /** The answers to made-up sibling paths, also without credentials. Only sent if the answer looks like the accepted one. */
  readonly siblings: readonly Trial[];
}
