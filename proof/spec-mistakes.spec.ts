/** A mistake in a specification is reported with file, line and reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseDocumentation } from '../src/specifications/documentation.ts';
import { parseFailure } from '../src/specifications/failure.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { parseProduct } from '../src/specifications/product.ts';
import { SpecError } from '../src/specifications/source.ts';

/** The first `from` in the file becomes `to`. The mistake is reported `below` lines after the line on which that starts. */
type Mistake = readonly [name: string, from: string, to: string, says: string, below?: number];

function refuses(file: string, parse: (text: string, file: string) => unknown, mistakes: readonly Mistake[]): void {
  const text = readFileSync(join(__dirname, '../specs', file), 'utf8');
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
    'sections.API key.requirements.key-for-all-calls.rests-on: no sentence of API key bears it',
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

const { failure } = loadProducts().leadconduit;

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
    'paths./flows.get.responses.401: the reference leads nowhere',
  ],
  [
    'a broken reference to a parameter',
    '      - $ref: "#/components/parameters/Limit"',
    '      - $ref: "#/components/responses/Limit"',
    'paths./events.parameters.0: the reference leads nowhere',
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
    'a parameter without an example',
    '      example: "0000000000000000000000000000000000000000"\n',
    '',
    'components.parameters.CertId: "example" is missing',
    -5,
  ],
  [
    'a refusal by a public operation',
    '      summary: Check in a certificate.',
    '      summary: Check in a certificate.\n      security: []',
    'paths./{cert_id}/check_in.post.responses: a public operation refuses nobody, so it has no 401',
    5,
  ],
  [
    'no refusal by a protected operation',
    '      security: []\n',
    '',
    'paths./{cert_id}.get.responses: 401 is missing: an operation that is not public refuses',
  ],
]);

refuses('suppressionlist.openapi.yaml', (text, file) => parseProduct('suppressionlist', text, file, failure), [
  [
    'a path segment without a parameter',
    '/exists/{list}/{term}:',
    '/exists/{list}/{word}:',
    'paths./exists/{list}/{word}: {word} is no parameter, so it has no example',
  ],
  ['a parameter that is not in the path', '/exists/{list}/{term}:', '/exists/{list}:', 'paths./exists/{list}: the path has no {term}'],
  ['a status twice', '        "401":', '        200:', 'duplicate key "200"'],
  ['two success statuses', '        "401":', '        "202":', 'paths./lists.get.responses.202: unknown key "$ref"'],
  [
    'a refusal that is also answered after authentication',
    '        "401": { $ref: "#/components/responses/AuthenticationFailed" }',
    '        "401": { description: Both., x-answered-after-authentication: [found] }',
    'paths./lists.get.responses.401: 401 is the answer to whoever was not let in',
  ],
  [
    'a server with a trailing slash',
    'https://app.suppressionlist.com',
    'https://app.suppressionlist.com/',
    'servers.0.url: "https://app.suppressionlist.com/" must match pattern "^https://[^\\s?#]*[^\\s?#/]$"',
  ],
  ['an alias', 'title: SuppressionList', 'title: *name', 'an alias: write it out'],
  [
    'an unclosed bracket',
    'found: false }',
    'found: false',
    'Flow map in block collection must be sufficiently indented and end with a }',
    1,
  ],
]);

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
