/** Finds contradictions between the operations of a product's file that the schema cannot express. */
import type { DocumentedFailure } from './model.ts';
import {
  isPublic,
  type OperationObject,
  operationsOf,
  type ParameterObject,
  type PathObject,
  type ProductFile,
  parametersOf,
  responsesOf,
} from './openapi.ts';
import type { Path, Problem } from './problem.ts';
import { problemsOf } from './schema.ts';

/** What the schema cannot say: members that contradict each other within a product's file. */
export function incoherences(file: ProductFile, failure: DocumentedFailure): Problem[] {
  const paths = Object.entries(file.paths);
  return [
    ...exampleProblems(file),
    ...duplicatePaths(Object.keys(file.paths)),
    ...sourceProblems(file),
    ...paths.flatMap(([path, item]) => parameterProblems(file, path, item)),
    ...paths.flatMap(([path, item]) =>
      operationsOf(item).flatMap(([method, operation]) => responseProblems(file, ['paths', path, method, 'responses'], operation, failure)),
    ),
  ];
}

/** A malformed example would be refused because of its form. All are checked with one schema, because compiling a schema is slow. */
function exampleProblems({ components: { parameters = {} } }: ProductFile): Problem[] {
  const ofEach = <T>(part: (parameter: ParameterObject) => T) =>
    Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, part(parameter)]));
  const schema = { type: 'object', properties: ofEach((each) => each.schema) };
  const examples = ofEach((each) => each.example);
  return problemsOf(schema, examples).map(({ path, text }) => ({ path: ['components', 'parameters', ...path, 'example'], text }));
}

/** Paths that differ only in the names of their parameters are the same path. */
function duplicatePaths(paths: readonly string[]): Problem[] {
  const shapes = paths.map((path) => path.replaceAll(/\{[^}]*\}/g, '{}'));
  return paths.flatMap((path, index) => {
    const first = shapes.indexOf(shapes[index] ?? '');
    return first === index ? [] : [{ path: ['paths'], key: path, text: `"${path}" is the same path as "${paths[first]}"` }];
  });
}

/** Every `x-source` must be explained in `x-sources`. An operation must not be both checked and listed in `x-unchecked`. */
function sourceProblems({ paths, 'x-sources': sources, 'x-unchecked': unchecked = {} }: ProductFile): Problem[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    operationsOf(item).flatMap(([method, operation]): Problem[] => [
      ...operation['x-source']
        .map((word, index) => ({ word, path: ['paths', path, method, 'x-source', index] }))
        .filter(({ word }) => !Object.hasOwn(sources, word))
        .map(({ word, path: place }) => ({ path: place, text: `x-sources has no "${word}"` })),
      ...(Object.hasOwn(unchecked, `${method.toUpperCase()} ${path}`)
        ? [{ path: ['x-unchecked'], key: `${method.toUpperCase()} ${path}`, text: 'this operation is also under paths, so it is checked' }]
        : []),
    ]),
  );
}

function parameterProblems(file: ProductFile, path: string, item: PathObject): Problem[] {
  const parameters = parametersOf(file, item);
  const described = parameters.flatMap((each) => (each?.in === 'path' ? [each.name] : []));
  const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  return [
    ...parameters.flatMap((each, index) =>
      each ? [] : [{ path: ['paths', path, 'parameters', index], text: 'the reference has no target' }],
    ),
    ...inPath
      .filter((name) => !described.includes(name))
      .map((name) => ({ path: ['paths', path], text: `{${name}} is not described as a parameter, so it has no example` })),
    ...described.filter((name) => !inPath.includes(name)).map((name) => ({ path: ['paths', path], text: `the path has no {${name}}` })),
  ];
}

function responseProblems(file: ProductFile, path: Path, operation: OperationObject, { status: refused }: DocumentedFailure): Problem[] {
  const responses = responsesOf(file, operation);
  const successes = responses.filter(([status]) => status.startsWith('2')).length;
  const documentsRefusal = responses.some(([status]) => status === String(refused));
  return [
    ...responses.flatMap(([status, response]) => (response ? [] : [{ path: [...path, status], text: 'the reference has no target' }])),
    ...responses.flatMap(([status, response]) =>
      status === String(refused) && response?.['x-answered-after-authentication']
        ? [{ path: [...path, status], text: `${refused} is a refusal, so it cannot be answered after authentication` }]
        : [],
    ),
    ...(successes === 1 ? [] : [{ path, text: `expected exactly one 2xx status, got ${successes}` }]),
    ...(documentsRefusal && isPublic(operation)
      ? [{ path, key: String(refused), text: `a public operation never refuses credentials, so it must not have a ${refused}` }]
      : []),
    ...(documentsRefusal || isPublic(operation)
      ? []
      : [{ path, text: `${refused} is missing: an operation that is not public must document its refusal` }]),
  ];
}
