/** A mistake in a specification is reported with file, line and reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocumentation } from '../src/specifications/documentation.ts';
import { parseFailure } from '../src/specifications/failure.ts';
import { productFile } from '../src/specifications/files.ts';
import { loadDocumentation, loadProduct } from '../src/specifications/load.ts';
import { parseProduct } from '../src/specifications/product.ts';
import { parseProducts } from '../src/specifications/products.ts';
import { SpecError } from '../src/specifications/source.ts';
import * as fourthProduct from './fourth-product.ts';
import { expect, test } from './test.ts';

/** The first `from` in the file becomes `to`. The mistake is reported `below` lines after the line on which that starts. */
type Mistake = readonly [name: string, from: string, to: string, says: string, below?: number];

function refuses(
  file: string,
  parse: (text: string, file: string) => unknown,
  mistakes: readonly Mistake[],
  text = readFileSync(join(__dirname, '../specs', file), 'utf8'),
): void {
  for (const [name, from, to, says, below = 0] of mistakes) {
    test(`${file}: ${name}`, () => {
      const start = text.indexOf(from);
      expect(start, 'the file contains the text to be replaced').toBeGreaterThan(-1);
      const line = text.slice(0, start).split('\n').length + below;
      const message = messageOf(() => parse(text.slice(0, start) + to + text.slice(start + from.length), file));
      expect(message.split('\n')).toContain(`${file}:${line}: ${says}`);
    });
  }
}

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError);
    return (error as SpecError).message;
  }
  throw new Error('the mistake was not noticed');
}

refuses('authentication.yaml', parseDocumentation, [
  ['an id twice in a section', '      basic-scheme:', '      auth-required:', 'duplicate key "auth-required"'],
  ['an id in two sections', '      public-call:', '      auth-required:', 'sections.Example.requirements: duplicate id "auth-required"'],
  [
    'an id with a capital',
    '      public-call:',
    '      Public-call:',
    'sections.Example.requirements: the key "Public-call" is not allowed: it must match pattern "^[a-z0-9]+(-[a-z0-9]+)+$"',
  ],
  [
    'a misspelt level',
    'level: illustrative',
    'level: ilustrative',
    'sections.Failure to authenticate.requirements.failure-headers.level: expected one of required, illustrative, standard, got "ilustrative"',
  ],
  [
    'an unknown key',
    '        rests-on: [Example]',
    '        restson: [Example]',
    'sections.Example.requirements.documented-call: unknown key "restson"',
  ],
  ['a missing key', '        rests-on: [Example]', '', 'sections.Example.requirements.documented-call: "rests-on" is missing', -5],
  [
    'a sentence without requirements or a reason',
    '{ unchecked: Advice to the reader. No call can show whether it is followed. }',
    '{}',
    'sections.API key.sentences.bba34a0165f3: expected either requirements or unchecked',
  ],
  [
    'a sentence with a requirement that is based on another section',
    '{ requirements: [auth-required] }',
    '{ requirements: [auth-required, public-call] }',
    'sections.Authentication.sentences.78804846abb6: no requirement "public-call" rests on Authentication',
  ],
  [
    'a promise without a sentence',
    '{ requirements: [key-for-all-calls] }',
    '{ unchecked: It is left out to see what happens. }',
    'sections.API key.requirements.key-for-all-calls.rests-on: no sentence of API key lists it',
    10,
  ],
  [
    'an invalid fingerprint',
    'bba34a0165f3:',
    'bba34a:',
    'sections.API key.sentences: the key "bba34a" is not allowed: it must match pattern "^[0-9a-f]{12}$"',
  ],
  [
    'a heading that the page does not have',
    '[API key, RFC 7617',
    '[Api key, RFC 7617',
    'sections.Standards.requirements.key-private.rests-on.0: expected a heading of the page or an RFC and its section, got "Api key"',
  ],
]);

const { failure } = loadProduct('leadconduit');

refuses('leadconduit.openapi.yaml', (text, file) => parseProduct('leadconduit', text, file, failure), [
  [
    'an unknown extension',
    '      summary: List the flows.',
    '      summary: List the flows.\n      x-side-effect: true',
    'paths./flows.get: unknown extension "x-side-effect"',
    1,
  ],
  ['an extension switched off', 'x-sensitive: true', 'x-sensitive: false', 'paths./credentials.get.x-sensitive: expected true, got false'],
  ['an unsupported method', '    get:', '    options:', 'paths./flows: unknown key "options"'],
  [
    'an answer without an example',
    '{ example: [{ id: "000000000000000000000000", name: Cars }] }',
    '{}',
    'paths./flows.get.responses.200.content.application/json: "example" is missing',
  ],
  [
    'a malformed example',
    'example: "000000000000000000000000"',
    'example: "0"',
    'components.parameters.Id.example: "0" must match pattern "^[0-9a-fA-F]{24}$"',
  ],
  [
    'an invalid pattern',
    'pattern: "^[0-9a-fA-F]{24}$"',
    'pattern: "^["',
    'components.parameters.Id.schema.pattern: "^[" must match format "regex"',
  ],
  [
    'a broken reference',
    'responses/AuthenticationFailedOrNotInPlan"',
    'responses/AuthenticationFaild"',
    'paths./flows.get.responses.401: the reference has no target',
  ],
  [
    'a broken reference to a parameter',
    '      - $ref: "#/components/parameters/Limit"',
    '      - $ref: "#/components/responses/Limit"',
    'paths./events.parameters.0: the reference has no target',
  ],
  [
    'two names for one path',
    '  /flows/{id}/fields:',
    '  /flows/{flow}: {}\n  /flows/{id}/fields:',
    'paths: "/flows/{flow}" is the same path as "/flows/{id}"',
  ],
]);

refuses('trustedform.openapi.yaml', (text, file) => parseProduct('trustedform', text, file, failure), [
  [
    'a page to log in at without TLS',
    'x-login-page: https://app.trustedform.com',
    'x-login-page: http://app.trustedform.com',
    'x-login-page: "http://app.trustedform.com" must match pattern "^https://[^\\s/?#@]+(/[^\\s]*)?$"',
  ],
  [
    'the API as a page to log in at',
    'x-login-page: https://app.trustedform.com',
    'x-login-page: https://cert.trustedform.com/',
    'x-login-page: this is the address of the API, not a page for people',
  ],
  [
    'a parameter without an example',
    '      example: "0000000000000000000000000000000000000000"\n',
    '',
    'components.parameters.CertId: "example" is missing',
    -6,
  ],
  [
    'no call that can be made with the right key',
    '      x-variable: TRUSTEDFORM_CERTIFICATE_ID\n      x-value: { is: a certificate, write: "only the id (at most 255 letters and digits), not the whole URL" }\n',
    '',
    'paths: no GET that needs credentials can be called without an id of the account: add one that can, or give its parameter an x-variable',
    5,
  ],
  [
    'a refusal by a public operation',
    '      summary: Check in a certificate.',
    '      summary: Check in a certificate.\n      security: []',
    'paths./{cert_id}/check_in.post.responses: a public operation never refuses credentials, so it must not have a 401',
    5,
  ],
  [
    'no refusal by a protected operation',
    '      security: []\n',
    '',
    'paths./{cert_id}.get.responses: 401 is missing: an operation that is not public must document its refusal',
  ],
]);

refuses('suppressionlist.openapi.yaml', (text, file) => parseProduct('suppressionlist', text, file, failure), [
  [
    'a path segment without a parameter',
    '/exists/{list}/{term}:',
    '/exists/{list}/{word}:',
    'paths./exists/{list}/{word}: {word} is not described as a parameter, so it has no example',
  ],
  ['a parameter that is not in the path', '/exists/{list}/{term}:', '/exists/{list}:', 'paths./exists/{list}: the path has no {term}'],
  ['a status twice', '        "401":', '        200:', 'duplicate key "200"'],
  ['two success statuses', '        "401":', '        "202":', 'paths./lists.get.responses.202: unknown key "$ref"'],
  [
    'a refusal that is also answered after authentication',
    '        "401": { $ref: "#/components/responses/AuthenticationFailed" }',
    '        "401": { description: Both., x-answered-after-authentication: [found] }',
    'paths./lists.get.responses.401: 401 is a refusal, so it cannot be answered after authentication',
  ],
  [
    'a server with a trailing slash',
    'https://app.suppressionlist.com',
    'https://app.suppressionlist.com/',
    'servers.0.url: "https://app.suppressionlist.com/" must match pattern "^https://[^\\s?#]*[^\\s?#/]$"',
  ],
  ['an alias', 'title: SuppressionList', 'title: *name', 'aliases are not allowed: write the value out'],
  [
    'an unclosed bracket',
    'found: false }',
    'found: false',
    'Flow map in block collection must be sufficiently indented and end with a }',
    1,
  ],
]);

const shared = { failure, call: loadDocumentation().call };
const { order } = fourthProduct;
const fourth = `specs/${productFile(fourthProduct.id)}`;

refuses(
  fourth,
  (text) => parseProducts(fourthProduct.withFourth({ id: fourthProduct.id, text }), shared),
  [
    [
      'a number that another product has',
      `x-order: ${order}`,
      'x-order: 3',
      `x-order: specs/suppressionlist.openapi.yaml has the number 3, too. Give the new product the next free one, ${order}.`,
    ],
    ['no number', `x-order: ${order}\n`, '', '"x-order" is missing', -5],
    [
      'a number that cannot be read in time',
      `x-order: ${order}`,
      `"x-order": ${order}`,
      `x-order: write it on a line of its own, as x-order: ${order}. It is read before the file is read as YAML.`,
    ],
    [
      'the title of another product',
      'title: LeadConsole',
      'title: TrustedForm',
      'info.title: specs/trustedform.openapi.yaml has the same title. Write the name of this product.',
    ],
    [
      'a server that is no URL',
      'https://console.example.com/api',
      'https://console:api',
      'servers.0.url: "https://console:api" is not the URL of a server. Write it as https://host or https://host/path.',
    ],
    ['an operation without a source', '      x-source: [manual]\n', '', 'paths./boards.get: "x-source" is missing', -2],
    ['an operation with an unknown source', '[manual]', '[book]', 'paths./boards.get.x-source.0: x-sources has no "book"'],
    [
      "a second call that is the page's example",
      '  /boards:\n    get:\n      summary: List the boards.\n',
      '  /flows:\n    get:\n      summary: List the flows.\n      x-page-example: true\n',
      'paths./flows.get.x-page-example: the page has one example, which is a call to LeadConduit (specs/leadconduit.openapi.yaml). Remove this.',
      3,
    ],
    [
      "another call as the page's example",
      '      summary: List the boards.\n',
      '      summary: List the boards.\n      x-page-example: true\n',
      "paths./boards.get.x-page-example: the page's example is GET /flows (specs/authentication.yaml), not GET /boards. Remove this.",
      1,
    ],
    [
      "another product's variable",
      'x-variable: LEADCONSOLE_BOARD_ID',
      'x-variable: TRUSTEDFORM_CERTIFICATE_ID',
      'components.parameters.BoardId.x-variable: other products and programs have variables, too: choose a name that begins with LEADCONSOLE_ and is not taken, got TRUSTEDFORM_CERTIFICATE_ID',
    ],
    [
      "the suite's own variable",
      'x-variable: LEADCONSOLE_BOARD_ID',
      'x-variable: ACTIVEPROSPECT_API_KEY',
      'components.parameters.BoardId.x-variable: the suite has a variable ACTIVEPROSPECT_API_KEY of its own: choose a name that begins with LEADCONSOLE_ and is not taken, got ACTIVEPROSPECT_API_KEY',
    ],
    [
      'the variable of its URL',
      'x-variable: LEADCONSOLE_BOARD_ID',
      'x-variable: LEADCONSOLE_URL',
      "components.parameters.BoardId.x-variable: LEADCONSOLE_URL names the product's base URL: choose a name that begins with LEADCONSOLE_ and is not taken, got LEADCONSOLE_URL",
    ],
    [
      'a variable that cannot be read in time',
      'x-variable: LEADCONSOLE_BOARD_ID',
      'x-variable: "LEADCONSOLE_BOARD_ID"',
      'components.parameters.BoardId.x-variable: write it on a line of its own and without quotes, as x-variable: LEADCONSOLE_BOARD_ID. It is read before the file is read as YAML.',
    ],
    [
      'a variable of which nothing is said',
      '      x-value: { is: a board, write: the 24 digits at the end of its address }\n',
      '',
      'components.parameters.BoardId: "x-value" is missing: "x-variable" needs it',
      -7,
    ],
  ],
  fourthProduct.text,
);

for (const [id, reason] of [
  ['lead-console', 'an id is lower-case letters and digits, a letter first'],
  ['LeadConsole', 'an id is lower-case letters and digits, a letter first'],
  ['4th', 'an id is lower-case letters and digits, a letter first'],
  ['account', 'that word has another meaning'],
] as const)
  test(`${id} cannot be the id of a product`, () => {
    const message = messageOf(() => parseProducts(fourthProduct.withFourth({ id, text: fourthProduct.text }), shared));
    expect(message.split('\n')[0]).toBe(
      `specs/${id}.openapi.yaml:1: the name of the file makes "${id}" the id of a product, but ${reason}. Rename the file.`,
    );
  });

test("the page's example is the call of some product", () => {
  const [, ...others] = fourthProduct.withFourth();
  expect(messageOf(() => parseProducts(others, shared))).toBe(
    "No file of a product says x-page-example: true at GET /flows, the page's sample call.",
  );
});

test('the mistakes of all products are reported', () => {
  const texts = fourthProduct.withFourth().map((each) => ({ ...each, text: each.text.replace('openapi: 3.1.0', 'openapi: 2.0.0') }));
  expect(messageOf(() => parseProducts(texts, shared)).split('\n')).toHaveLength(order);
});

refuses('authentication-failed.yaml', parseFailure, [
  [
    'bytes that do not match the schema',
    '"error":"authentication failed"',
    '"error":"authentication faild"',
    'content.application/json; charset=utf-8.example: error: expected "authentication failed", got "authentication faild"',
  ],
  ['a header without a value', '{ schema: { const: keep-alive } }', '{ schema: {} }', 'headers.Connection.schema: "const" is missing'],
  ['a status that is not a refusal', 'x-status: 401', 'x-status: 200', 'x-status: 200 must be >= 400'],
]);

test('several mistakes are reported in the order of the file', () => {
  const text = 'page: here\nsha256: none\nsections: {}\nlink: no\n';
  expect(messageOf(() => parseDocumentation(text, 'bad.yaml')).split('\n')).toEqual([
    'bad.yaml:1: "call" is missing',
    'bad.yaml:1: page: "here" must match pattern "^https://[^\\s]+$"',
    'bad.yaml:2: sha256: "none" must match pattern "^[0-9a-f]{64}$"',
    'bad.yaml:3: sections: {} must NOT have fewer than 1 properties',
    'bad.yaml:4: unknown key "link"',
  ]);
});

test('an empty file is not a specification', () => {
  expect(messageOf(() => parseDocumentation('', 'empty.yaml'))).toBe('empty.yaml:1: expected object, got null');
});
