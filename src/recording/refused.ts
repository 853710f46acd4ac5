/** The second history of a product, as data: calls that must be refused, in blocks between calls with the right key. */
import type { ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import type { Trial } from './outcome.ts';

export type Owner = 'auth-required' | 'basic-scheme' | 'key-as-password' | 'old-key-stops' | 'bad-key-refused';

/** One call with bad credentials. */
export interface Attempt {
  /** The row that it belongs to, as a report shows it. */
  readonly check: string;
  readonly owner: Owner;
  /** Operation and method: what is let in is blamed for each by itself. */
  readonly resource: string;
  readonly head: boolean;
  /** What stands in for credentials, the username aside. */
  readonly credential: string;
  /** Of these two, the others' blame depends on whether they are let in. */
  readonly kind: 'nothing' | 'another key' | 'other';
  /** The username, by its name; undefined where there is none. */
  readonly username: string | undefined;
  readonly keyAsUsername: boolean;
  /** Sent as Basic without its base64, and a lenient decoder finds a pair in it. */
  readonly readsAsPair: boolean;
  /** More than 2,500 bytes of credentials: an honest server may find that too much. */
  readonly oversize: boolean;
  /** The right key could not be tried there: an id that is not known, a method that would change something. */
  readonly placeholder: boolean;
  readonly trial: Trial;
  /** Index of the control before it; the one after it is the next. */
  readonly block: number;
}

export interface RefusedHistory {
  readonly product: ProductId;
  readonly attempts: readonly Attempt[];
  readonly controls: readonly Trial[];
  /** Other spellings of paths, asked last; what they got counts for `auth-required` alone. */
  readonly spellings: readonly Respelled[];
  /** Planned calls to other spellings that were not asked, though all attempts were. */
  readonly unaskedSpellings: number;
  /** Why the rest was not asked. */
  readonly givenUp: Cause | undefined;
  /** Planned attempts that were not asked. */
  readonly unasked: number;
  readonly unstable: boolean;
}

/** One call with nothing to another spelling of a resource's path. */
export interface Respelled {
  /** The row that it belongs to, by its name. */
  readonly spelling: string;
  /** The operation's id. */
  readonly resource: string;
  /** As sent, below the base URL. */
  readonly path: string;
  /** Not asked again, whatever came. */
  readonly trial: Trial;
  /** What made-up paths beside it got, with nothing too. Asked only where its own answer looks like the accepted one. */
  readonly siblings: readonly Trial[];
}
