/** The form of a product's file: the part of OpenAPI 3.1 that `specs/openapi-product.schema.json` allows. */
import type { OpenAPIV3_1 } from 'openapi-types';
import type { RefusalElsewhere } from './model.ts';
import type { Schema } from './schema.ts';

export interface ProductFile {
  readonly info: OpenAPIV3_1.InfoObject;
  readonly servers: readonly [OpenAPIV3_1.ServerObject];
  readonly 'x-order': number;
  readonly 'x-login-page'?: string;
  readonly 'x-sources': Readonly<Record<string, string>>;
  readonly 'x-unchecked'?: Readonly<Record<string, string>>;
  readonly 'x-elsewhere'?: {
    readonly username?: { readonly value: string; readonly page: string };
    readonly refusals?: readonly RefusalElsewhere[];
  };
  readonly components: {
    readonly parameters?: Readonly<Record<string, ParameterObject>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
  };
  readonly paths: Readonly<Record<string, PathObject>>;
}

export type ParameterObject = OpenAPIV3_1.ParameterObject & {
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
  readonly example: string | number;
  readonly 'x-variable'?: string;
  readonly 'x-value'?: { readonly is: string; readonly write: string };
};

/** `AuthenticationFailed` is only a reference to another file, so it has none of these members. */
export type ResponseObject = Partial<OpenAPIV3_1.ResponseObject> & {
  readonly 'x-depends-on-plan'?: true;
  readonly 'x-answered-after-authentication'?: readonly string[];
};

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type LowerCaseMethod = (typeof methods)[number];

export type PathObject = { readonly [method in LowerCaseMethod]?: OperationObject } & {
  readonly parameters?: readonly OpenAPIV3_1.ReferenceObject[];
};

export type OperationObject = OpenAPIV3_1.OperationObject<{
  readonly responses: Readonly<Record<string, ResponseObject | OpenAPIV3_1.ReferenceObject>>;
  readonly 'x-source': readonly string[];
  readonly 'x-side-effects'?: true;
  readonly 'x-sensitive'?: true;
  readonly 'x-page-example'?: true;
}>;

/** The operations of a path, in the order of the file. */
export const operationsOf = (item: PathObject): [LowerCaseMethod, OperationObject][] =>
  Object.entries(item).filter((entry): entry is [LowerCaseMethod, OperationObject] => entry[0] !== 'parameters');

/** The parameters of a path; undefined for a reference without a target. */
export const parametersOf = (file: ProductFile, item: PathObject): (ParameterObject | undefined)[] =>
  (item.parameters ?? []).map(({ $ref }) => target($ref, 'parameters', file.components.parameters));

/** The responses of an operation by status; undefined for a reference without a target. */
export const responsesOf = (file: ProductFile, operation: OperationObject): [status: string, ResponseObject | undefined][] =>
  Object.entries(operation.responses).map(([status, response]) => [
    status,
    '$ref' in response ? target(response.$ref, 'responses', file.components.responses) : response,
  ]);

/** The file requires credentials for everything. The only exception that the schema allows is `security: []` on an operation. */
export const isPublic = (operation: OperationObject): boolean => operation.security !== undefined;

function target<T>(reference: string, kind: string, components: Readonly<Record<string, T>> = {}): T | undefined {
  const name = reference.slice(`#/components/${kind}/`.length);
  return reference === `#/components/${kind}/${name}` && Object.hasOwn(components, name) ? components[name] : undefined;
}
