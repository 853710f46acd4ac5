/** The specifications as the rest of the code sees them: plain data, read from `specs/` and validated once. */
import { productFiles } from './files.ts';

/** The name of a product's file: lower-case letters and digits. Other strings are none until `isProductId` says so. */
export type ProductId = Lowercase<string>;
/** All products, in the order used everywhere. */
export const productIds: readonly ProductId[] = productFiles().map(({ id }) => id as ProductId);
/** Whether a file in `specs/` describes a product with this id. */
export const isProductId = (word: string): word is ProductId => (productIds as readonly string[]).includes(word);

/** A product's value in a table that has one for each product. @throws Error if it has none. */
export function ofProduct<T>(table: Readonly<Record<ProductId, T>>, product: ProductId): T {
  const value = table[product];
  if (value === undefined) throw new Error(`There is nothing for a product "${product}" among ${Object.keys(table).join(', ')}.`);
  return value;
}

export interface Requirement {
  readonly id: string;
  /** The heading of the page under which it is listed. */
  readonly section: string;
  readonly level: Level;
  /** What is promised, in our words, understandable without the page. */
  readonly statement: string;
  /** What it is based on: a heading of the page, or an RFC and its section. */
  readonly restsOn: readonly string[];
}

export interface Section {
  readonly title: string;
  /** URL of the section on the published page; for standards, of the RFC Editor. */
  readonly link: string;
  /** In the page's order. Standards have none. */
  readonly sentences: readonly Sentence[];
  readonly requirements: readonly Requirement[];
}

/** A sentence or a sample of the page, without its text. */
export interface Sentence {
  /** As defined in `src/drift/passages.ts`. */
  readonly fingerprint: string;
  /** Ids of the requirements that are based on it. */
  readonly requirements: readonly string[];
  /** Why no requirement is based on it. */
  readonly unchecked?: string;
  /** A finding about the page itself. */
  readonly remark?: string;
}

/** The page's sample call, without key and host. */
export interface DocumentedCall {
  readonly method: Method;
  readonly path: string;
  readonly username: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Documentation {
  /** URL of the published page. */
  readonly page: string;
  /** SHA-256, in hex, of the page's text from which the requirements were written. */
  readonly sha256: string;
  readonly call: DocumentedCall;
  /** In the page's order. Standards, which are not on the page, come last. */
  readonly sections: readonly Section[];
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly example: string;
}

/** A documented operation of a product. */
export interface Operation {
  /** Method and path as documented: `GET /flows/{id}`. */
  readonly id: string;
  readonly method: Method;
  /** Begins with a slash; `{name}` stands for a parameter. */
  readonly path: string;
  /** The documentation requires credentials. */
  readonly protected: boolean;
  /** Each with a well-formed example that belongs to no account. Optional query parameters keep the answer small. */
  readonly parameters: readonly Parameter[];
  /** The path, or a required part of the query, holds an id. A call with the right key needs an id of the account. */
  readonly needsId: boolean;
  /** A call creates a lead, costs money or contacts a person, whatever its method: `x-side-effects`. */
  readonly sideEffects: boolean;
  /** It is the page's sample call: `x-page-example`. */
  readonly isPageExample: boolean;
  /** The answer holds other parties' secrets, so it is never called with the right key off loopback: `x-sensitive`. */
  readonly sensitive: boolean;
  /** Statuses that the right key may get on a plan without this resource: `x-depends-on-plan`. */
  readonly planStatuses: readonly number[];
  /** Statuses other than 2xx that show, with these members in the JSON body, that the key was accepted: `x-answered-after-authentication`. */
  readonly answeredAfterAuthentication: readonly { readonly status: number; readonly members: readonly string[] }[];
  /** What the embedded host answers to an accepted call. */
  readonly success: { readonly status: number; readonly contentType: string; readonly example: unknown };
}

/** The documented answer to a failed authentication. */
export interface DocumentedFailure {
  readonly status: number;
  readonly reason: string;
  readonly contentType: string;
  /** Exactly these bytes (ASCII). */
  readonly body: string;
  /** JSON Schema of the parsed body. */
  readonly bodySchema: Readonly<Record<string, unknown>>;
  /** The other headers of the example except Date, in its order and spelling: `Content-Length`, `Connection`, `Vary`, `ETag`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What other pages of the company document for the same product. Such an answer still differs from the authentication page. */
  readonly elsewhere: readonly RefusalElsewhere[];
}

export interface RefusalElsewhere {
  readonly status: number;
  /** Members of its JSON body, with their values. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The page, in our words. */
  readonly page: string;
}

/** A variable that gives an id of the account, for calls that need one: `x-variable`. */
export interface IdVariable {
  readonly variable: string;
  /** The name of the path parameter that takes its value. */
  readonly parameter: string;
  /** What has the id, with its article, in our words. */
  readonly is: string;
  /** What to write, as the end of a sentence that begins with "Write". */
  readonly write: string;
  /** JSON Schema of the value. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ProductSpec {
  readonly id: ProductId;
  /** The name for people. */
  readonly title: string;
  /** The documented base URL, without a trailing slash. */
  readonly server: string;
  /** Where people log in to the product on its documented host: `x-login-page`. Undefined if it is not known. */
  readonly loginPage: string | undefined;
  /** In the order of the file. The first that accepts the key becomes the product's control. */
  readonly operations: readonly Operation[];
  readonly idVariables: readonly IdVariable[];
  /** Documented operations that are never called: `x-unchecked`. */
  readonly unchecked: readonly { readonly id: string; readonly reason: string }[];
  /** What another page of the company documents as the username. */
  readonly usernameElsewhere: { readonly value: string; readonly page: string } | undefined;
  readonly failure: DocumentedFailure;
}

/**
 * What follows if it is broken. `required`: the page promises it, so the run violates. `illustrative`: the page shows it in an example only;
 * `standard`: an RFC asks for it and the page does not. Both of these are noted.
 */
export type Level = 'required' | 'illustrative' | 'standard';
