/** What the host does, step by step, as documented. A departure replaces some of the steps. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Operation, ProductId, ProductSpec } from '../specifications/model.ts';
import { type Account, keyAt, newKey, replaceKey } from './account.ts';
import { type Answer, answerOf, json, refusalOf, send } from './answer.ts';
import { type Credentials, parseBasic } from './credentials.ts';

/** A request to a product, with everything that a real server could look at. */
export interface Attempt {
  readonly product: ProductSpec;
  /** As sent: HEAD is HEAD. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The documented operation; for a HEAD the GET of its path. */
  readonly operation: Operation | undefined;
  /** The path's documented methods; empty for an unknown path. */
  readonly allowed: readonly string[];
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** The Authorization header; undefined if there is none. */
  readonly authorization: string | undefined;
  readonly credentials: Credentials | undefined;
  /** The same object for all requests of a connection: a key for a WeakMap. */
  readonly connection: object;
  /** IP address of the client. */
  readonly address: string;
  /** The number of the request at this product, counted from 1. */
  readonly ordinal: number;
  /** When the request arrived, in ms on the host's clock. */
  readonly at: number;
  /** Every account that the product knows. */
  readonly accounts: readonly Account[];
}

export interface Behavior {
  /** The credentials in an Authorization header; undefined if it cannot be parsed. A step that throws is answered with a 500. */
  credentials(authorization: string | undefined): Credentials | undefined;
  /** Whether the call needs the key. */
  protects(attempt: Attempt): boolean;
  /** The keys that a product accepts for an account at this moment. */
  keysOf(account: Account, attempt: Attempt): readonly string[];
  /** Whether the password is that key. */
  matches(password: string, key: string): boolean;
  /** Whether a protected call is accepted. `account` is the one whose key was sent. */
  admits(attempt: Attempt, account: Account | undefined): boolean;
  /** The answer to a refused call. */
  refuse(attempt: Attempt): Answer;
  /** The answer to an accepted call. There is no account if the call is public, or if a departure accepts it without a key. */
  answer(attempt: Attempt, account: Account | undefined): Answer;
  /** Sends an answer. */
  deliver(response: ServerResponse, answer: Answer, attempt: Attempt): void | Promise<void>;
  /** A reset at ActiveProspect ID. `at` is in ms on the host's clock. */
  reset(account: Account, at: number): void;
  /** A login to a product. `at` is in ms on the host's clock. */
  login(account: Account, product: ProductId, at: number): void;
}

/** Takes the documented behavior and returns the steps that differ. Called once per host, so any state it keeps belongs to that host. */
export type Change = (documented: Behavior) => Partial<Behavior>;

export const documented: Behavior = {
  credentials: parseBasic,

  // A call without the key must not learn which paths exist.
  protects: ({ operation }) => operation?.protected ?? true,

  keysOf: (account, { product }) => [keyAt(account, product.id)],

  // Comparing two digests of equal length takes the same time whatever the keys are.
  matches: (password, key) => timingSafeEqual(digest(password), digest(key)),

  admits: (_attempt, account) => account !== undefined,

  refuse: ({ product }) => refusalOf(product.failure),

  answer({ operation, allowed, product }, account) {
    if (operation === undefined && allowed.length > 0) return json(405, { error: 'method not allowed' }, [['Allow', allowed.join(', ')]]);
    if (operation === undefined) return json(404, { error: 'not found' });
    const { status, contentType, example } = operation.success;
    // Resources that show an account include its key.
    const body = JSON.stringify(example, (name, value: unknown) => (name === 'api_key' ? account && keyAt(account, product.id) : value));
    return answerOf(status, contentType, body ?? '');
  },

  deliver: send,

  reset(account) {
    account.key = newKey();
  },

  login(account, product, at) {
    if (keyAt(account, product) === account.key) return;
    replaceKey(account, product, account.key);
    account.switchedAt[product] = at;
  },
};

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
