/** The specifications as the rest of the code sees them: plain data, read from `specs/` once and validated there. */

export const productIds = ['leadconduit', 'trustedform', 'suppressionlist'] as const;
export type ProductId = (typeof productIds)[number];
export const isProductId = (word: string): word is ProductId => (productIds as readonly string[]).includes(word);

export interface Requirement {
  readonly id: string;
  /** The heading of the page under which it stands. */
  readonly section: string;
  readonly level: Level;
  /** What is promised, in our words, complete without the page. */
  readonly statement: string;
  /** What it rests on: a heading of the page, an RFC and its section. */
  readonly restsOn: readonly string[];
}

export interface Section {
  readonly title: string;
  /** Address of the section on the published page; that of the RFC editor for standards. */
  readonly link: string;
  /** In the page's order. The standards have none. */
  readonly sentences: readonly Sentence[];
  readonly requirements: readonly Requirement[];
}

/** A sentence or a sample of the page, without its text. */
export interface Sentence {
  /** `src/drift/passages.ts` says of what. */
  readonly fingerprint: string;
  /** Ids of the requirements that rest on it. */
  readonly requirements: readonly string[];
  /** Why none does. */
  readonly unchecked?: string;
  /** A finding about the page itself. */
  readonly remark?: string;
}

/** What the page's sample of a call holds, key and host aside. */
export interface DocumentedCall {
  readonly product: ProductId;
  readonly method: Method;
  readonly path: string;
  readonly username: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Documentation {
  /** Address of the published page. */
  readonly page: string;
  /** SHA-256, hex, of the page's text as it was when the requirements were written. */
  readonly sha256: string;
  readonly call: DocumentedCall;
  /** In the page's order; the standards, which are not on the page, come last. */
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
  /** The documentation asks for credentials. */
  readonly protected: boolean;
  /** By an example that is well formed and belongs to nobody. A query parameter that is not required keeps the answer small. */
  readonly parameters: readonly Parameter[];
  /** The path, or a required part of the query, holds an id: a call with the right key needs one of the account. */
  readonly needsId: boolean;
  /** Whatever its method, a call makes a lead, costs money or reaches a person: `x-side-effects`. */
  readonly sideEffects: boolean;
  /** Its answer holds secrets of others: never called with the right key on a host off loopback. `x-sensitive`. */
  readonly sensitive: boolean;
  /** Statuses by which the right key may be answered on a plan without this resource. `x-depends-on-plan`. */
  readonly planStatuses: readonly number[];
  /** Statuses other than 2xx that say "authenticated", by the members that the JSON body has then. `x-answered-after-authentication`. */
  readonly answeredAfterAuthentication: readonly { readonly status: number; readonly members: readonly string[] }[];
  /** What the embedded host answers to whoever is let in. */
  readonly success: { readonly status: number; readonly contentType: string; readonly example: unknown };
}

/** The documented answer to a failed authentication. */
export interface DocumentedFailure {
  readonly status: number;
  readonly reason: string;
  readonly contentType: string;
  /** Exactly these bytes (ASCII). */
  readonly body: string;
  /** JSON Schema of the body once it is parsed. */
  readonly bodySchema: Readonly<Record<string, unknown>>;
  /** The other headers of the example, in its order and spelling, without Date: `Content-Length`, `Connection`, `Vary`, `ETag`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** How other pages of the company have it for the same product. To answer so is a difference from the authentication page all the same. */
  readonly elsewhere: readonly RefusalElsewhere[];
}

export interface RefusalElsewhere {
  readonly status: number;
  /** Members that its JSON body has, with these values where they are texts. */
  readonly body: Readonly<Record<string, unknown>>;
  /** In our words. */
  readonly page: string;
}

export interface ProductSpec {
  readonly id: ProductId;
  /** As people call it: LeadConduit. */
  readonly title: string;
  /** The documented base URL, without a slash at its end. */
  readonly server: string;
  /** Where people log in to the product on its documented host: `x-login-page`. Undefined where that is not known. */
  readonly loginPage: string | undefined;
  /** In the order of the file: the first that accepts the key is the product's control. */
  readonly operations: readonly Operation[];
  /** Documented, and never asked: `x-unchecked`. */
  readonly unchecked: readonly { readonly id: string; readonly reason: string }[];
  /** Of a username, as another page of the company has it. */
  readonly usernameElsewhere: { readonly value: string; readonly page: string } | undefined;
  readonly failure: DocumentedFailure;
}

export type Level = 'required' | 'illustrative' | 'standard';
