/** The embedded host behaves exactly as documented. The expectations are literals here, because host and checks share the specs. */
import crypto from 'node:crypto';
import { connect } from 'node:net';
import { type Host, type OpenedAccount, startHost } from '../src/host/host.ts';
import { loadProduct, loadProducts } from '../src/specifications/load.ts';
import { type Operation, productIds } from '../src/specifications/model.ts';
import { expect, test } from './test.ts';

const refusalHead = [
  'HTTP/1.1 401 Unauthorized',
  'Date: *',
  'Content-Type: application/json; charset=utf-8',
  'Content-Length: 33',
  'Connection: keep-alive',
  'Vary: Accept, Accept-Encoding',
  'ETag: W/"21-48c58abe"',
  '',
  '',
].join('\r\n');
const refusalBody = '{"error":"authentication failed"}';

const products = loadProducts();
let host: Host;
let account: OpenedAccount;

test.beforeAll(async () => {
  host = await startHost({ products });
});
test.beforeEach(() => {
  account = host.openAccount();
});
test.afterAll(() => host.close());

const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const pathOf = ({ path }: Operation): string => path.replaceAll(/\{[^}]*\}/g, '0123456789abcdef01234567');
const lines = (...each: string[]): string => `${each.join('\r\n')}\r\n\r\n`;

/** Sends these bytes and reads until the host closes the connection or the answer ends with `end`. Dates are replaced. */
function talk(url: string, bytes: string, end?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let came = '';
    const done = (): void => {
      socket.destroy();
      resolve(came.replaceAll(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/gm, 'Date: *\r'));
    };
    socket.setEncoding('utf8').on('error', reject).on('end', done);
    socket.on('data', (part: string) => {
      came += part;
      if (end !== undefined && came.endsWith(end)) done();
    });
  });
}

async function call(url: string, authorization?: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { method, redirect: 'manual', headers: authorization === undefined ? {} : { authorization } });
  return { status: response.status, body: await response.text() };
}

const takes = async (product: (typeof productIds)[number], key: string): Promise<boolean> => {
  const operation = loadProduct(product).operations.find((each) => each.protected) as Operation;
  const { status } = await call(host.urlOf(product) + pathOf(operation), basic('API', key), operation.method);
  if (status !== 401) expect(status).toBe(operation.success.status);
  return status !== 401;
};

test('a refusal is exactly the documented one, and a HEAD gets the same without the body', async () => {
  for (const product of productIds) {
    const protectedOnes = loadProduct(product).operations.filter((each) => each.protected);
    for (const operation of protectedOnes) {
      const { method } = operation;
      const request = lines(`${method} ${pathOf(operation)} HTTP/1.1`, 'Host: here', `Authorization: ${basic('X', 'wrong')}`);
      expect(await talk(host.urlOf(product), request, refusalBody), operation.id).toBe(refusalHead + refusalBody);
      if (method === 'GET')
        expect(await talk(host.urlOf(product), request.replace('GET', 'HEAD'), '\r\n\r\n'), operation.id).toBe(refusalHead);
    }
  }
});

test('malformed credentials are refused like wrong ones, and so are unknown paths and methods', async () => {
  const { key } = account;
  const encoded = basic('API', key);
  const malformed = [
    '',
    'Basic',
    'Basic ',
    `Bearer ${key}`,
    `Basic ${key}`,
    `Basic API:${key}`,
    `Basic ${Buffer.from(key).toString('base64')}`,
  ];
  const lenient = [`${encoded}!`, encoded.replace(/=*$/, ''), `${encoded} x`, encoded.replace(' ', '\t'), `Basic${encoded}`];
  for (const authorization of [...malformed, ...lenient]) {
    const request = lines('GET /flows HTTP/1.1', 'Host: here', `Authorization: ${authorization}`);
    expect(await talk(host.urlOf('leadconduit'), request, refusalBody), authorization).toBe(refusalHead + refusalBody);
  }
  for (const start of ['GET /nowhere', 'PATCH /flows', 'OPTIONS /flows', 'GET /flows/', 'GET //', 'OPTIONS *']) {
    expect(await talk(host.urlOf('leadconduit'), lines(`${start} HTTP/1.1`, 'Host: here'), refusalBody), start).toBe(
      refusalHead + refusalBody,
    );
  }
  expect(await call(`${host.urlOf('leadconduit')}/nowhere`, encoded)).toEqual({ status: 404, body: '{"error":"not found"}' });
  expect(await call(`${host.urlOf('leadconduit')}/flows`, encoded, 'PATCH')).toEqual({
    status: 405,
    body: '{"error":"method not allowed"}',
  });
});

test('every documented operation answers the right key, and public ones need no key', async () => {
  for (const product of productIds) {
    for (const operation of loadProduct(product).operations) {
      const url = `${host.urlOf(product)}${pathOf(operation)}?limit=1`;
      const { status, example } = operation.success;
      const expected = { status, body: JSON.stringify(example).replace('"api_key":""', `"api_key":"${account.key}"`) };
      expect(await call(url, basic('', account.key), operation.method), operation.id).toEqual(expected);
      if (operation.method === 'GET') expect(await call(url, basic('X', account.key), 'HEAD'), operation.id).toEqual({ status, body: '' });
      if (!operation.protected) expect(await call(url, undefined, operation.method), operation.id).toEqual(expected);
    }
  }
});

test('any username works, even one of 12,000 bytes, and so does the scheme in any case', async () => {
  const url = `${host.urlOf('leadconduit')}/flows`;
  for (const username of ['', 'API', ' ', '__proto__', 'Jürgen', '🔑', account.key, 'u'.repeat(12_000)])
    expect((await call(url, basic(username, account.key))).status, username.slice(0, 20)).toBe(200);
  for (const scheme of ['basic', 'BASIC', 'bAsIc'])
    expect((await call(url, basic('API', account.key).replace('Basic', scheme))).status, scheme).toBe(200);
});

test('a connection survives request bodies that are not read, and answers pipelined requests', async () => {
  const authorization = `Authorization: ${basic('API', account.key)}`;
  const body = 'x'.repeat(300_000);
  const post = lines('POST /fields HTTP/1.1', 'Host: here', 'Content-Type: application/json', `Content-Length: ${body.length}`) + body;
  const chunked = `${lines('POST /fields HTTP/1.1', 'Host: here', authorization, 'Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`;
  const last = lines('GET /flows HTTP/1.1', 'Host: here', authorization, 'Connection: close');
  const came = await talk(host.urlOf('leadconduit'), post + chunked + post + last);
  expect(came.match(/HTTP\/1\.1 \d+/g)).toEqual([401, 201, 401, 200].map((status) => `HTTP/1.1 ${status}`));
  expect(came.match(/^Connection: .*(?=\r$)/gm)).toEqual(
    ['keep-alive', 'keep-alive', 'keep-alive', 'close'].map((word) => `Connection: ${word}`),
  );
  expect(came).not.toMatch(/^Keep-Alive:/m);
});

test('a reset takes effect at the login to each product, and a login affects only that product', async () => {
  const post = async (path: string): Promise<Record<string, string>> =>
    (await (await fetch(host.account + path, { method: 'POST' })).json()) as Record<string, string>;
  const { id = '', key: oldKey = '', formerKey = '' } = await post('/accounts');
  const { key: newKey = '' } = await post(`/accounts/${id}/reset`);
  expect(new Set([oldKey, newKey, formerKey]).size).toBe(3);
  const table = async (): Promise<Record<string, boolean[]>> => {
    const row = (product: (typeof productIds)[number]) => Promise.all([formerKey, oldKey, newKey].map((key) => takes(product, key)));
    return Object.fromEntries(await Promise.all(productIds.map(async (product) => [product, await row(product)] as const)));
  };
  const [before, after] = [
    [false, true, false],
    [false, false, true],
  ];
  const none = Object.fromEntries(productIds.map((product) => [product, before]));
  expect(await table()).toEqual(none);
  expect(await post(`/accounts/${id}/logins/trustedform`)).toEqual({ product: 'trustedform' });
  expect(await table()).toEqual({ ...none, trustedform: after });
  host.login(id, 'leadconduit');
  expect(await table()).toEqual({ ...none, leadconduit: after, trustedform: after });
  const newest = host.reset(id);
  host.login(id, 'suppressionlist');
  expect(await table()).toMatchObject({ leadconduit: after, suppressionlist: [false, false, false] });
  expect(await takes('suppressionlist', newest)).toBe(true);
});

test('accounts do not affect each other', async () => {
  const other = host.openAccount();
  host.reset(other.id);
  host.login(other.id, 'leadconduit');
  expect([await takes('leadconduit', account.key), await takes('leadconduit', account.formerKey)]).toEqual([true, false]);
  expect([await takes('leadconduit', other.key), await takes('trustedform', other.key)]).toEqual([false, true]);
  expect(() => host.reset('nobody')).toThrow('no such account');
});

test('keys are compared in constant time, with every account’s key', async () => {
  const three = await startHost({ products });
  const compare = crypto.timingSafeEqual;
  const compared: number[] = [];
  try {
    const [first] = [three.openAccount(), three.openAccount(), three.openAccount()];
    crypto.timingSafeEqual = (one, other) => {
      compared.push(one.byteLength, other.byteLength);
      return compare(one, other);
    };
    for (const password of [first?.key ?? '', 'k', 'k'.repeat(5000)])
      await call(`${three.urlOf('leadconduit')}/flows`, basic('API', password));
  } finally {
    crypto.timingSafeEqual = compare;
    await three.close();
  }
  expect(compared).toEqual(Array.from({ length: 3 * 3 * 2 }, () => 32));
});

test('the account page hides the key until asked, and accepts changes only from itself', async () => {
  const page = `${host.account}/accounts/${account.id}`;
  const ask = async (path: string, method: string, headers: Record<string, string> = {}): Promise<string> => {
    const response = await fetch(page + path, { method, redirect: 'manual', headers: { accept: 'text/html', ...headers } });
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask('', 'GET')).toMatch(/^200 /);
  expect(await ask('', 'GET')).not.toContain(account.key);
  expect(await ask('/reveal', 'POST', { origin: host.account })).toContain(account.key);
  for (const [path, method, headers] of [
    ['/reveal', 'POST', { origin: 'http://elsewhere.example' }],
    ['/reset', 'POST', { origin: 'null' }],
    ['/logins/trustedform', 'POST', { 'sec-fetch-site': 'cross-site' }],
  ] as const)
    expect(await ask(path, method, headers)).toMatch(/^403 /);
  for (const path of ['/reveal', '/reset', '/logins/trustedform']) expect(await ask(path, 'GET')).toMatch(/^405 /);
  expect(await talk(host.account, lines('GET /account HTTP/1.1', 'Host: elsewhere.example', 'Connection: close'))).toMatch(
    /^HTTP\/1.1 403 /,
  );
  expect(await takes('leadconduit', account.key)).toBe(true);
  expect(await ask('/reset', 'POST', { origin: host.account, 'sec-fetch-site': 'same-origin' })).toMatch(/^303 /);
  expect(await ask('', 'GET')).toContain(
    `Not logged in to since the reset: ${Object.values(products)
      .map(({ title }) => title)
      .join(', ')}.`,
  );
});

test('a taken port is an error that leaves nothing open', async () => {
  const port = Number(new URL(host.urlOf('leadconduit')).port);
  await expect(startHost({ products, ports: { trustedform: port } })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});

test('a step that throws is answered with a 500, and the host keeps running', async () => {
  const broken = await startHost({
    products,
    behavior: ({ refuse }) => ({
      refuse(attempt) {
        if (attempt.ordinal === 1) throw new Error('broken');
        return refuse(attempt);
      },
    }),
  });
  const url = `${broken.urlOf('leadconduit')}/flows`;
  expect([(await call(url)).status, (await call(url)).status]).toEqual([500, 401]);
  await broken.close();
});
