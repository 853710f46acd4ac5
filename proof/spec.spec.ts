/**
 * The specifications, which host and tests share, are compared with literals here. Mistakes in them: spec-mistakes.spec.ts. The list of all
 * promises by which one is missed stands in docs/verdicts.md, which readme.spec.ts compares.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { verdicts } from '../src/judge/check.ts';
import { causes } from '../src/recording/causes.ts';
import { validateConformance } from '../src/specifications/conformance.ts';
import { parseFailure } from '../src/specifications/failure.ts';
import { loadDocumentation, loadProduct, loadProducts, productOfTheExample } from '../src/specifications/load.ts';
import { type ProductId, productIds } from '../src/specifications/model.ts';
import { ownVariables, variables } from '../src/specifications/variables.ts';
import { expect, test } from './test.ts';

const folder = join(__dirname, '../specs');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const products = Object.values(loadProducts());
const operations = products.flatMap((product) => product.operations.map((operation) => ({ product: product.id, ...operation })));
const named = (list: readonly { readonly product: ProductId; readonly id: string }[]) => list.map(({ product, id }) => `${product} ${id}`);

test.describe('the page', () => {
  const { page, sha256, sections } = loadDocumentation();
  const requirements = sections.flatMap((section) => section.requirements);

  test('what only an example shows, or only a standard requires, has a lower level', () => {
    expect(requirements.flatMap(({ id, level }) => (level === 'illustrative' ? [id] : []))).toEqual(['failure-headers']);
    const standards = sections.at(-1)?.requirements ?? [];
    expect(standards.length).toBeGreaterThan(0);
    expect(requirements.filter(({ level }) => level === 'standard')).toEqual(standards);
  });

  test('each statement is one or two self-contained sentences, and no two are the same', () => {
    for (const { statement } of requirements) {
      expect(statement).toMatch(/^[^.]+(?:\.[0-9][^.]*)*\.(?: [A-Z][^.]+\.)?$/);
      expect(statement.length, statement).toBeLessThan(250);
      expect(statement).not.toMatch(/\b(above|below|following|likewise)\b/i);
    }
    expect(new Set(requirements.map(({ statement }) => statement)).size).toBe(requirements.length);
  });

  test('each section has an address of its own', () => {
    const links = sections.map(({ link }) => link);
    expect(new Set(links).size).toBe(sections.length);
    expect(links.slice(0, -1).every((link) => link.startsWith(`${page}#`))).toBe(true);
    expect(links.at(-1)).toContain('https://www.rfc-editor.org/');
  });

  test('page and fingerprint are correct', () => {
    expect(page).toBe('https://developers.activeprospect.com/docs/authentication');
    expect(sha256).toBe('771714c2f011d8e3770c0720fd976cf6ec53e0d48a15894a73646a84328cfd86');
  });
});

test.describe('the documented refusal', () => {
  for (const { id, failure } of products) {
    test(`is the one on the page (${id})`, () => {
      expect(failure.status).toBe(401);
      expect(failure.reason).toBe('Unauthorized');
      expect(failure.contentType).toBe('application/json; charset=utf-8');
      expect(failure.body).toBe('{"error":"authentication failed"}');
      expect(Buffer.byteLength(failure.body)).toBe(33);
      expect(failure.headers).toEqual([
        ['Content-Length', '33'],
        ['Connection', 'keep-alive'],
        ['Vary', 'Accept, Accept-Encoding'],
        ['ETag', 'W/"21-48c58abe"'],
      ]);
    });
  }

  test('its ETag consists of its length and its CRC-32', () => {
    const body = Buffer.from('{"error":"authentication failed"}');
    expect(body.length.toString(16)).toBe('21');
    expect(crc32(body).toString(16)).toBe('48c58abe');
  });

  test('its schema distinguishes other refusals, regardless of spelling', () => {
    const text = textOf('authentication-failed.yaml');
    const example = `example: '{"error":"authentication failed"}'`;
    const withExample = (body: string) => {
      expect(text).toContain(example);
      return parseFailure(text.replace(example, `example: '${body}'`), 'failed.yaml');
    };
    expect(withExample('{ "error" : "authentication failed" }').body).toBe('{ "error" : "authentication failed" }');
    for (const [body, ...says] of [
      ['{"error":"Unauthorized"}', 'error: expected "authentication failed", got "Unauthorized"'],
      ['{"error":"authentication failed","code":1}', 'unknown key "code"'],
      ['{"message":"no"}', '"error" is missing', 'unknown key "message"'],
      ['<html>', 'not JSON'],
    ] as const)
      for (const each of says) expect(() => withExample(body), body).toThrow(each);
  });
});

test.describe('the products', () => {
  test('each file is a product, in its order, with its documented host', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.openapi.yaml'));
    expect(files.sort()).toEqual(productIds.map((id) => `${id}.openapi.yaml`).sort());
    expect(productIds).toEqual(['leadconduit', 'trustedform', 'suppressionlist']);
    expect(products.map(({ id }) => id)).toEqual(productIds);
    expect(products.map(({ title, server }) => [title, server])).toEqual([
      ['LeadConduit', 'https://app.leadconduit.com'],
      ['TrustedForm', 'https://cert.trustedform.com'],
      ['SuppressionList', 'https://app.suppressionlist.com'],
    ]);
  });

  test('each adds the variable of its URL, and those of the ids that its calls need', () => {
    expect(Object.keys(variables).filter((name) => !ownVariables.includes(name))).toEqual([
      'LEADCONDUIT_URL',
      'TRUSTEDFORM_URL',
      'SUPPRESSIONLIST_URL',
      'TRUSTEDFORM_CERTIFICATE_ID',
    ]);
    expect(products.flatMap(({ id, idVariables }) => idVariables.map((each) => [id, each.parameter, each.variable]))).toEqual([
      ['trustedform', 'cert_id', 'TRUSTEDFORM_CERTIFICATE_ID'],
    ]);
  });

  test("the page's sample call is an operation of one product", () => {
    expect(named(operations.filter(({ isPageExample }) => isPageExample))).toEqual(['leadconduit GET /flows']);
    expect(productOfTheExample()).toBe(loadProduct('leadconduit'));
  });

  test('the first operation of each can be its control', () => {
    expect(products.map((product) => product.operations[0]?.id)).toEqual(['GET /flows', 'GET /{cert_id}/validate', 'GET /lists']);
    expect(products.every((product) => product.operations[0]?.protected)).toBe(true);
  });

  test('operation ids are unique', () => {
    expect(new Set(named(operations)).size).toBe(operations.length);
    for (const { id, method, path } of operations) expect(id).toBe(`${method} ${path}`);
  });

  test('each path parameter has an example, which is not a real id', () => {
    for (const { path, parameters, needsId } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.flatMap((each) => (each.in === 'path' ? [each.name] : []))).toEqual(inPath);
      expect(needsId).toBe(parameters.some(({ required }) => required));
      for (const { example } of parameters) expect(example).toMatch(/^(0{24}|0{40}|1|no-such-list|nobody@example\.com)$/);
    }
  });

  test('which operations are public, have side effects, or are sensitive', () => {
    const submit = '/flows/{flow_id}/sources/{source_id}/submit';
    const posted = [`leadconduit GET ${submit}`, `leadconduit POST ${submit}`, 'leadconduit POST /feedback'];
    expect(named(operations.filter((each) => !each.protected))).toEqual([...posted, 'trustedform GET /{cert_id}']);
    const reaching = ['POST /account_sso_sync', 'POST /onboard/buyer', 'POST /invitations/recipient', 'PUT /invitations/{entityId}/resend'];
    expect(named(operations.filter((each) => each.sideEffects))).toEqual([
      ...reaching.map((id) => `leadconduit ${id}`),
      ...posted,
      'trustedform POST /{cert_id}',
    ]);
    expect(named(operations.filter((each) => each.sensitive))).toEqual([
      'leadconduit GET /credentials',
      'leadconduit GET /credentials/{id}',
    ]);
  });

  test('each documented operation that is not checked has a reason', () => {
    expect(named(products.flatMap(({ id: product, unchecked }) => unchecked.map(({ id }) => ({ product, id }))))).toEqual([
      ...['POST /flows/{id}/deploy', 'GET /status', 'GET /packages', 'GET /modules', 'GET /routers', 'GET /reports', 'GET /changelogs'].map(
        (id) => `leadconduit ${id}`,
      ),
      'trustedform GET /account',
    ]);
  });

  test('what other pages say is distinguishable from the authentication page', () => {
    expect(products.map(({ usernameElsewhere }) => usernameElsewhere?.value)).toEqual(['API', 'API', 'API']);
    const { body, status } = loadProduct('trustedform').failure;
    for (const { failure } of products)
      for (const other of failure.elsewhere) expect(other.status === status && JSON.stringify(other.body) === body, other.page).toBe(false);
    expect(products.map(({ failure }) => failure.elsewhere.length)).toEqual([0, 4, 1]);
  });

  test('which statuses depend on the plan, and which show that a call was accepted', () => {
    const [leadconduit, suppressionlist] = [loadProduct('leadconduit'), loadProduct('suppressionlist')];
    expect(leadconduit.operations.find(({ id }) => id === 'GET /flows')?.planStatuses).toEqual([401]);
    expect(leadconduit.operations.find(({ id }) => id === 'GET /fields')?.planStatuses).toEqual([]);
    expect(suppressionlist.operations.filter((each) => each.answeredAfterAuthentication.length > 0)).toMatchObject([
      { id: 'GET /exists/{list}/{term}', answeredAfterAuthentication: [{ status: 404, members: ['found'] }] },
    ]);
  });

  test('no example looks like a key or like a refusal', () => {
    for (const { id, success } of operations) {
      const text = JSON.stringify(success.example);
      expect(text.replaceAll(/\b0+\b/g, ''), id).not.toMatch(/[0-9A-Za-z]{16}|key"?:"(?!nobody@|")/);
      expect(text, id).not.toContain('"error"');
      expect(success.status).toBeGreaterThanOrEqual(200);
      expect(success.contentType).toMatch(/^application\/json/);
    }
  });

  test('they are read once', () => {
    expect(loadProducts()).toBe(loadProducts());
    expect(loadDocumentation()).toBe(loadDocumentation());
  });
});

test.describe('JSON Schemas', () => {
  const schemas = readdirSync(folder).filter((file) => file.endsWith('.schema.json'));

  for (const file of schemas) {
    test(`${file} is itself a schema`, () => {
      const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, formats: { regex: true } });
      expect(() => ajv.compile(JSON.parse(textOf(file)))).not.toThrow();
    });
  }

  for (const file of schemas) {
    const product = JSON.parse(textOf(file)).$defs?.product;
    if (product === undefined) continue;
    test(`${file} describes the ids of all products, and names none`, () => {
      for (const id of productIds) expect(id).toMatch(new RegExp(product.pattern));
      for (const id of productIds) expect(textOf(file)).not.toContain(id);
    });
  }

  test('conformance.json has the verdicts and causes that the code has', () => {
    const { $defs } = JSON.parse(textOf('conformance.schema.json'));
    expect($defs.verdict.enum).toEqual(verdicts);
    expect($defs.finding.properties.cause.enum).toEqual(Object.keys(causes));
  });
});

test.describe('conformance.json', () => {
  const finding = {
    product: 'leadconduit',
    check: 'no credentials',
    verdict: 'violates',
    expected: '401',
    actual: '200',
    message: 'accepted',
    known: false,
  };
  const requirement = {
    id: 'auth-required',
    level: 'required',
    verdict: 'violates',
    products: { leadconduit: 'violates' },
    checks: 3,
    findings: [finding],
  };
  const conformance = {
    verdict: 'violates',
    name: 'nightly',
    seed: 1,
    target: { kind: 'embedded', products: { leadconduit: 'http://127.0.0.1:49152' } },
    requirements: [
      requirement,
      { id: 'reset-changes-key', level: 'required', verdict: 'not-run', products: {}, checks: 0, findings: [], needs: '--reset' },
    ],
    checks: 3,
    requests: 9,
    wrongKeys: 2,
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 2900.5,
    documentation: { page: 'https://example.com/authentication', sha256: '0'.repeat(64) },
    versions: { suite: '0.1.0', node: '20.19.0' },
  };
  const withFinding = (change: object) => ({ ...conformance, requirements: [{ ...requirement, findings: [{ ...finding, ...change }] }] });
  const withRequirement = (change: object) => ({ ...conformance, requirements: [{ ...requirement, ...change }] });
  const { product: _, ...ofTheAccount } = finding;

  const accepted: readonly [name: string, value: unknown][] = [
    ['a run', conformance],
    ['a finding about the account', withRequirement({ products: {}, findings: [ofTheAccount] })],
    ['an inconclusive finding with its cause', withFinding({ verdict: 'inconclusive', cause: 'timeout' })],
  ];
  for (const [name, value] of accepted) test(`accepts ${name}`, () => expect(validateConformance(value)).toEqual([]));

  const refused: readonly [name: string, value: unknown, says: string][] = [
    ['an unknown key', { ...conformance, ok: true }, 'unknown key "ok"'],
    ['an unknown product', withFinding({ product: 'account' }), 'requirements.0.findings.0.product: expected one of leadconduit'],
    ['an unknown cause', withFinding({ verdict: 'inconclusive', cause: 'bad-luck' }), 'requirements.0.findings.0.cause: expected one of'],
    ['an inconclusive finding without a cause', withFinding({ verdict: 'inconclusive' }), 'requirements.0.findings.0: "cause" is missing'],
    ['a difference without the expected value', withFinding({ expected: undefined }), 'requirements.0.findings.0: "expected" is missing'],
    ['a promise that is only noted', withRequirement({ verdict: 'noted' }), 'requirements.0.verdict: expected one of'],
    ['a standard that is violated', withRequirement({ level: 'standard' }), 'requirements.0.verdict: expected one of'],
    ['a requirement that was not run, without a reason', withRequirement({ verdict: 'not-run' }), 'requirements.0: "needs" is missing'],
    [
      'credentials in a URL',
      { ...conformance, target: { kind: 'own', products: { leadconduit: 'https://a:b@host' } } },
      'target.products.leadconduit:',
    ],
    ['something else', 'conforms', 'expected object, got "conforms"'],
  ];
  for (const [name, value, says] of refused) {
    test(`rejects ${name}`, () => expect(validateConformance(value).join('\n')).toContain(says));
  }
});

/** CRC-32 as in ISO 3309, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
