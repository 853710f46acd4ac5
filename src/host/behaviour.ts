/** What the host does, step by step, as documented. A departure puts another function in the place of a step. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Operation, ProductId, ProductSpec } from '../specifications/model.ts';
import { type Account, newKey } from './account.ts';
import { type Answer, answerOf, json, refusalOf, send } from './answer.ts';
import { type Credentials, parseBasic } from './credentials.ts';

/** A request to a product, with all that a real server could look at. */
export interface Attempt {
  readonly product: ProductSpec;
  /** As sent: HEAD is HEAD. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The documented operation; for a HEAD the GET of its path. */
  readonly operation: Operation | undefined;
  /** The methods that the path knows; none where nobody knows the path. */
  readonly allowed: readonly string[];
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** As received: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  /** The Authorization header; undefined where there is none. */
  readonly authorization: string | undefined;
  readonly credentials: Credentials | undefined;
  /** The same object for all requests of a connection: a key for a WeakMap. */
  readonly connection: object;
  /** IP address of the client. */
  readonly address: string;
  /** The product's requests are counted from 1. */
  readonly ordinal: number;
  /** When it came, in ms on the host's clock. */
  readonly at: number;
  /** Everybody whom the product knows. */
  readonly accounts: readonly Account[];
}

export interface Behaviour {
  /** What an Authorization header says; undefined where it says nothing that is understood. A step that throws is answered by a 500. */
  credentials(authorization: string | undefined): Credentials | undefined;
  /** Does the call need the key? */
  protects(attempt: Attempt): boolean;
  /** The keys by which a product knows an account at this moment. */
  keysOf(account: Account, attempt: Attempt): readonly string[];
  /** Is the password that key? */
  matches(password: string, key: string): boolean;
  /** Is a protected call let in? `account` is the one whose key was brought. */
  admits(attempt: Attempt, account: Account | undefined): boolean;
  /** The answer to whoever is not let in. */
  refuse(attempt: Attempt): Answer;
  /** The answer to whoever is let in; without an account where the call is public, or a departure opened it. */
  answer(attempt: Attempt, account: Account | undefined): Answer;
  /** Puts an answer on the wire. */
  deliver(response: ServerResponse, answer: Answer, attempt: Attempt): void | Promise<void>;
  /** A reset at ActiveProspect ID, `at` this moment in ms on the host's clock. */
  reset(account: Account, at: number): void;
  /** A login to a product, likewise. */
  login(account: Account, product: ProductId, at: number): void;
}

/** Gets the documented behaviour and gives the steps that differ. Called once a host, so what it remembers belongs to that host. */
export type Change = (documented: Behaviour) => Partial<Behaviour>;

export const documented: Behaviour = {
  credentials: parseBasic,

  // Whoever has no key is not told which paths there are.
  protects: ({ operation }) => operation?.protected ?? true,

  keysOf: (account, { product }) => [account.current[product.id]],

  // The time it takes depends on neither key: two digests of equal length are compared to their ends.
  matches: (password, key) => timingSafeEqual(digest(password), digest(key)),

  admits: (_attempt, account) => account !== undefined,

  refuse: ({ product }) => refusalOf(product.failure),

  answer({ operation, allowed, product }, account) {
    if (operation === undefined && allowed.length > 0) return json(405, { error: 'method not allowed' }, [['Allow', allowed.join(', ')]]);
    if (operation === undefined) return json(404, { error: 'not found' });
    const { status, contentType, example } = operation.success;
    // The resources that show an account show its key.
    const body = JSON.stringify(example, (name, value: unknown) => (name === 'api_key' ? account?.current[product.id] : value));
    return answerOf(status, contentType, body ?? '');
  },

  deliver: send,

  reset(account) {
    account.key = newKey();
  },

  login(account, product, at) {
    if (account.current[product] === account.key) return;
    account.earlier[product].push(account.current[product]);
    account.current[product] = account.key;
    account.switchedAt[product] = at;
  },
};

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
