/** Finds mistakes in what a file says of its product as a whole: id, order, server, variables. `coherence.ts` looks at the operations. */
import type { ProductLines } from './files.ts';
import { isPublic, type ProductFile, parametersOf } from './openapi.ts';
import type { Problem } from './problem.ts';
import { ownVariables, urlVariable } from './variables.ts';

/** `lines`: what is known of the file before it is read as YAML. */
export const misdeclared = (id: string, file: ProductFile, lines: ProductLines): Problem[] => [
  ...idProblems(id),
  ...lineProblems(file, lines),
  ...serverProblems(file),
  ...loginPageProblems(file),
  ...idVariableProblems(id, file),
  ...controlProblems(file),
];

/** The id is part of a variable's name, of a file's name and of Playwright's tags. `account` is what belongs to no single product. */
function idProblems(id: string): Problem[] {
  const isWord = /^[a-z][a-z0-9]*$/.test(id);
  if (isWord && id !== 'account' && !ownVariables.includes(urlVariable(id))) return [];
  const reason = isWord ? 'that word has another meaning' : 'an id is lower-case letters and digits, a letter first';
  return [{ path: [], text: `the name of the file makes "${id}" the id of a product, but ${reason}. Rename the file.` }];
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

/** An API answers a browser with a refusal, so people cannot log in there. */
function loginPageProblems({ servers: [{ url }], 'x-login-page': page }: ProductFile): Problem[] {
  return page?.replace(/\/+$/, '') === url
    ? [{ path: ['x-login-page'], text: 'this is the address of the API, not a page for people' }]
    : [];
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
