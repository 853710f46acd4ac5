/** Finds contradictions in a product's file that the schema cannot express. */
import type { ProductLines } from './files.ts';
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
import { ownVariables, urlVariable } from './variables.ts';

/** `lines`: what is known of the file before it is read as YAML. */
export function incoherences(id: string, file: ProductFile, lines: ProductLines, failure: DocumentedFailure): Problem[] {
  const paths = Object.entries(file.paths);
  return [
    ...idProblems(id),
    ...lineProblems(file, lines),
    ...serverProblems(file),
    ...idVariableProblems(id, file),
    ...controlProblems(file),
    ...exampleProblems(file),
    ...duplicatePaths(Object.keys(file.paths)),
    ...loginPageProblems(file),
    ...sourceProblems(file),
    ...paths.flatMap(([path, item]) => parameterProblems(file, path, item)),
    ...paths.flatMap(([path, item]) =>
      operationsOf(item).flatMap(([method, operation]) => responseProblems(file, ['paths', path, method, 'responses'], operation, failure)),
    ),
  ];
}

/** The id is part of a variable's name, of a file's name and of Playwright's tags. `account` is what belongs to no single product. */
function idProblems(id: string): Problem[] {
  if (/^[a-z][a-z0-9]*$/.test(id) && id !== 'account' && !ownVariables.includes(urlVariable(id))) return [];
  const reason = /^[a-z][a-z0-9]*$/.test(id) ? 'this name is taken' : `${urlVariable(id)} is no name for a variable`;
  const what = 'Rename the file: lower-case letters and digits, a letter first.';
  return [{ path: [], text: `the file's name begins with the product's id, but "${id}" cannot be one, because ${reason}. ${what}` }];
}

/** What was read from lines must be what the file says. */
function lineProblems(file: ProductFile, { order, variables }: ProductLines): Problem[] {
  const parameters = Object.entries(file.components.parameters ?? {});
  return [
    ...(order === file['x-order']
      ? []
      : [{ path: ['x-order'], text: `write it on a line of its own, as x-order: ${file['x-order']}. ${readFromLines}` }]),
    ...parameters.flatMap(([name, { 'x-variable': variable }]) =>
      variable === undefined || variables.includes(variable)
        ? []
        : [
            {
              path: ['components', 'parameters', name, 'x-variable'],
              text: `write it on a line of its own and without quotes, as x-variable: ${variable}. ${readFromLines}`,
            },
          ],
    ),
  ];
}

const readFromLines = 'It is read before the file is read as YAML.';

function serverProblems({ servers: [{ url }] }: ProductFile): Problem[] {
  const isUrl = URL.canParse(url) && new URL(url).username + new URL(url).password === '';
  return isUrl
    ? []
    : [{ path: ['servers', 0, 'url'], text: `"${url}" is not the URL of a server. Write it as https://host or https://host/path.` }];
}

/** A variable's name says whose id it is. So two products never want the same one. */
function idVariableProblems(id: string, { components: { parameters = {} } }: ProductFile): Problem[] {
  const named = Object.entries(parameters).flatMap(([key, { 'x-variable': name }]) => (name === undefined ? [] : [{ key, name }]));
  const prefix = `${id.toUpperCase()}_`;
  const problemOf = (name: string, index: number): string | undefined => {
    if (ownVariables.includes(name)) return `the suite has a variable ${name} of its own`;
    if (name === urlVariable(id)) return `${name} names the product's base URL`;
    if (named.findIndex((each) => each.name === name) < index) return 'another parameter of this file takes it';
    return name.startsWith(prefix) ? undefined : 'other products and programs have variables, too';
  };
  return named.flatMap(({ key, name }, index) => {
    const problem = problemOf(name, index);
    const path = ['components', 'parameters', key, 'x-variable'];
    return problem === undefined
      ? []
      : [{ path, text: `${problem}: choose a name that begins with ${prefix} and is not taken, got ${name}` }];
  });
}

/** Without an id of the account, no call could show that a key is accepted. */
function controlProblems(file: ProductFile): Problem[] {
  const safe = Object.values(file.paths).filter(({ get }) => get !== undefined && !isPublic(get) && get['x-side-effects'] === undefined);
  const needs = safe.map((item) => parametersOf(file, item).filter((each) => each?.in === 'path'));
  const isKnown = (parameters: (typeof needs)[number]): boolean => parameters.every((each) => each?.['x-variable'] !== undefined);
  return needs.length === 0 || needs.some(isKnown)
    ? []
    : [
        {
          path: ['paths'],
          text: 'no GET that needs credentials can be called without an id of the account: add one that can, or give its parameter an x-variable',
        },
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

/** An API answers a browser with a refusal, so people cannot log in there. */
function loginPageProblems({ servers: [{ url }], 'x-login-page': page }: ProductFile): Problem[] {
  return page?.replace(/\/+$/, '') === url
    ? [{ path: ['x-login-page'], text: 'this is the address of the API, not a page for people' }]
    : [];
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
