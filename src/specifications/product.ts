/** Reads `specs/*.openapi.yaml`: a product and its operations. What the files must have in common is the subject of `products.ts`. */
import { incoherences } from './coherence.ts';
import { misdeclared } from './declaration.ts';
import { linesOf } from './files.ts';
import type { DocumentedFailure, Method, Operation, ProductId, ProductSpec } from './model.ts';
import {
  isPublic,
  type LowerCaseMethod,
  type OperationObject,
  operationsOf,
  type ProductFile,
  parametersOf,
  responsesOf,
} from './openapi.ts';
import { validated } from './schema.ts';
import { Source } from './source.ts';

/** A product's file, read and validated by itself. */
export interface ParsedProduct {
  readonly spec: ProductSpec;
  readonly order: number;
  /** For a mistake that only another file shows. */
  readonly source: Source;
}

/** @param file Named in error messages. @throws SpecError with every mistake in the text. */
export function parseProduct(id: string, text: string, file: string, failure: DocumentedFailure): ParsedProduct {
  const source = new Source(text, file);
  const product = validated<ProductFile>(source, 'openapi-product');
  const problems = [...misdeclared(id, product, linesOf(text)), ...incoherences(product, failure)];
  if (problems.length > 0) throw source.error(problems);
  return { spec: specOf(id as ProductId, product, failure), order: product['x-order'], source };
}

function specOf(id: ProductId, product: ProductFile, failure: DocumentedFailure): ProductSpec {
  return {
    id,
    title: product.info.title,
    server: product.servers[0].url,
    loginPage: product['x-login-page'],
    operations: Object.entries(product.paths).flatMap(([path, item]) =>
      operationsOf(item).map(([method, operation]) => ({
        ...place(path, method),
        ...needs(parametersOf(product, item)),
        ...nature(operation),
        ...answers(responsesOf(product, operation)),
      })),
    ),
    idVariables: Object.values(product.components.parameters ?? {}).flatMap(({ name, schema, 'x-variable': variable, 'x-value': value }) =>
      variable && value ? [{ variable, parameter: name, ...value, schema }] : [],
    ),
    unchecked: Object.entries(product['x-unchecked'] ?? {}).map(([id, reason]) => ({ id, reason })),
    usernameElsewhere: product['x-elsewhere']?.username,
    failure: { ...failure, elsewhere: product['x-elsewhere']?.refusals ?? [] },
  };
}

function place(path: string, lowerCase: LowerCaseMethod): Pick<Operation, 'id' | 'method' | 'path'> {
  const method = lowerCase.toUpperCase() as Method;
  return { id: `${method} ${path}`, method, path };
}

function needs(parameters: ReturnType<typeof parametersOf>): Pick<Operation, 'parameters' | 'needsId'> {
  return {
    parameters: parameters.flatMap((each) =>
      each ? [{ name: each.name, in: each.in, required: each.required, example: String(each.example) }] : [],
    ),
    needsId: parameters.some((each) => each?.required),
  };
}

const nature = (operation: OperationObject): Pick<Operation, 'protected' | 'sideEffects' | 'sensitive' | 'isPageExample'> => ({
  protected: !isPublic(operation),
  sideEffects: operation['x-side-effects'] === true,
  sensitive: operation['x-sensitive'] === true,
  isPageExample: operation['x-page-example'] === true,
});

function answers(responses: ReturnType<typeof responsesOf>): Pick<Operation, 'planStatuses' | 'answeredAfterAuthentication' | 'success'> {
  const described = responses.map(([status, response]) => ({ status: Number(status), ...response }));
  // The file has exactly one 2xx status, with one content type: both have been validated.
  const [success] = described
    .filter(({ status }) => status < 300)
    .flatMap(({ status, content = {} }) =>
      Object.entries(content).map(([contentType, { example }]) => ({ status, contentType, example })),
    ) as [Operation['success']];
  return {
    planStatuses: described.filter((each) => each['x-depends-on-plan']).map(({ status }) => status),
    answeredAfterAuthentication: described.flatMap(({ status, 'x-answered-after-authentication': members }) =>
      members ? [{ status, members }] : [],
    ),
    success,
  };
}
