/** What is kept of an answer, and which cause a missing answer gets, with small hosts that misbehave. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createSocketServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import type { Request } from '../src/http/client.ts';
import { silenceOf } from '../src/http/silence.ts';
import { Secret } from '../src/keys/secret.ts';
import { createVault } from '../src/keys/vault.ts';
import { type Exchange, lengthOf, type Response } from '../src/recording/exchange.ts';
import { classify } from '../src/recording/outcome.ts';
import { rightKey, test } from './small-hosts.ts';

const get: Request = { method: 'GET', path: '/flows', authorization: new Secret('Basic QTpi'), credentials: 'Basic API : another key' };
const refusal = '{"error":"authentication failed"}';
const mebibyte = 1024 * 1024;

function responseIn({ answer }: Exchange): Response {
  if (answer.kind !== 'response') throw new Error(`came ${answer.cause}: ${answer.detail}`);
  return answer;
}

test.describe('sent', () => {
  test('as the page does, below the path of the base URL', async ({ host, clientOf }) => {
    const { url, requests } = await host((_request, response) => response.end());
    await clientOf(new URL('/base/', url)).send(get);
    expect(requests[0]?.url).toBe('/base/flows');
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/json', 'user-agent': 'proof', authorization: 'Basic QTpi' });
    await clientOf(url).send({ ...get, authorization: undefined });
    expect(requests[1]?.headers).not.toHaveProperty('authorization');
  });
  test('to no other address, and with no cookie', async ({ host, clientOf }) => {
    const elsewhere = await host((_request, response) => response.end());
    const { url, requests } = await host((_request, response) =>
      response.writeHead(302, { Location: elsewhere.url.href, 'Set-Cookie': 'session=1' }).end(),
    );
    const client = clientOf(url);
    expect(responseIn(await client.send(get)).status).toBe(302);
    await client.send(get);
    expect(elsewhere.requests).toEqual([]);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.headers).not.toHaveProperty('cookie');
  });
});

test.describe('a body', () => {
  for (const [coding, pack] of [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)
    test(`in ${coding} is decoded`, async ({ host, clientOf }) => {
      const { url } = await host((_request, response) => response.writeHead(401, { 'Content-Encoding': coding }).end(pack(refusal)));
      expect(responseIn(await clientOf(url).send(get))).toMatchObject({ body: refusal, bodyBytes: 33 });
    });
  test('that is not in its declared coding is kept as received', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.writeHead(401, { 'Content-Encoding': 'gzip' }).end(refusal));
    expect(responseIn(await clientOf(url).send(get))).toMatchObject({ body: refusal, bodyBytes: 33 });
  });
  test('of 3 MiB is kept up to 1 MiB, and its size is counted', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.writeHead(401).end('x'.repeat(3 * mebibyte)));
    const { body, bodyBytes } = responseIn(await clientOf(url).send(get));
    expect(body.length).toBeLessThanOrEqual(mebibyte);
    expect(bodyBytes).toBe(3 * mebibyte);
  });
  test('of 8 MiB is read to its end', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.writeHead(401).end('x'.repeat(8 * mebibyte)));
    const response = responseIn(await clientOf(url).send(get));
    expect(lengthOf(response)).toBe(`${8 * mebibyte} bytes`);
    expect(response.cut).toBeUndefined();
  });
  test('of more than 8 MiB is cut, its connection is closed, and it still counts as an answer', async ({ host, clientOf }) => {
    let written = 0;
    let closed = 0;
    const { url } = await host((_request, response) => {
      response.writeHead(401, 'No');
      const piece = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(piece)) written += piece.length;
      };
      response.on('drain', more).once('close', () => {
        closed += 1;
      });
      more();
    });
    const client = clientOf(url);
    for (const number of [1, 2]) {
      const response = responseIn(await client.send(get));
      expect(response).toMatchObject({ status: 401, reason: 'No', cut: true });
      expect(lengthOf(response)).toBe('more than 8 MiB');
      expect(response.body.length).toBeLessThanOrEqual(mebibyte);
      await expect.poll(() => closed).toBe(number);
    }
    // Two sockets' buffers hold more than was read.
    expect(written).toBeLessThan(2 * 24 * mebibyte);
  });
  test('that decompresses to 50 MiB is decompressed only as far as it is kept', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) =>
      response.writeHead(401, { 'Content-Encoding': 'gzip' }).end(gzipSync('x'.repeat(50 * mebibyte))),
    );
    const response = responseIn(await clientOf(url).send(get));
    expect(response.body).toMatch(/^x+$/);
    expect(response.body.length).toBeLessThanOrEqual(mebibyte);
    expect(lengthOf(response)).toBe('more than 1 MiB');
  });
  for (const [coding, pack] of [
    ['gzip', gzipSync],
    ['br', (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const)
    test(`that is long even in ${coding} is decompressed as far as it was kept`, async ({ host, clientOf }) => {
      const text = randomBytes(2 * mebibyte).toString('hex');
      const packed = pack(text);
      const { url } = await host((_request, response) => response.writeHead(401, { 'Content-Encoding': coding }).end(packed));
      const { body, cut } = responseIn(await clientOf(url).send(get));
      expect(packed.length).toBeGreaterThan(mebibyte);
      expect(text.startsWith(body)).toBe(true);
      expect(body.length).toBeGreaterThan(mebibyte / 2);
      expect(cut).toBe(true);
    });
  test('whose compressed data ends early is kept as received', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) =>
      response.writeHead(401, { 'Content-Encoding': 'gzip' }).end(gzipSync(refusal).subarray(0, 20)),
    );
    expect(responseIn(await clientOf(url).send(get))).toMatchObject({ bodyBytes: 20 });
  });
  test('is kept in part if hundreds are long, but is judged as a whole', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.writeHead(200).end(`{"error":"${'x'.repeat(mebibyte - 12)}"}`));
    const client = clientOf(url);
    let kept = 0;
    for (let times = 0; times < 40; times += 1) {
      const response = responseIn(await client.send(get));
      expect(response).toMatchObject({ bodyBytes: mebibyte, shape: { onlyError: true } });
      kept += response.body.length;
    }
    expect(kept).toBeLessThan(4 * mebibyte);
  });
  test('of an accepted call is not kept', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.end('{"email":"someone@example.com"}'));
    expect(responseIn(await clientOf(url).send(get))).toMatchObject({ body: '', bodyBytes: 31 });
  });
});

test.describe('the form of an answer', () => {
  const forms = [
    ['200 with only an error', 200, 'application/json', refusal, 'other'],
    ['200 with an error and more', 200, 'application/json', '{"error":null,"lists":[]}', 'accepted'],
    ['200 with only another member', 200, 'application/json', '{"errors":[]}', 'accepted'],
    ['200 with a list', 200, 'application/json', '[{"error":"no"}]', 'accepted'],
    ['200 without a body', 200, 'application/json', '', 'accepted'],
    ['a document by its content type', 200, 'Text/HTML; charset=utf-8', 'hello', 'unusable'],
    ['a document by its beginning', 200, 'application/json', '<!DOCTYPE html><p>', 'unusable'],
    ['a document by another beginning', 403, 'text/plain', '<HTML lang="en">', 'unusable'],
    ['404 with the declared members', 404, 'application/json', '{"found":false,"key":"a"}', 'accepted'],
    ['404 without the declared members', 404, 'application/json', '{"error":"not found"}', 'other'],
    ['404 with the declared member name but no object', 404, 'application/json', '"found"', 'other'],
    ['400 with the members declared for another status', 400, 'application/json', '{"found":false}', 'other'],
  ] as const;
  for (const [name, status, type, body, kind] of forms)
    test(`${name}: ${kind}`, async ({ host, clientOf }) => {
      const { url } = await host((_request, response) => response.writeHead(status, { 'Content-Type': type }).end(body));
      const declared = [{ status: 404, members: ['found'] }];
      expect(classify(await clientOf(url).send({ ...get, declared })).kind).toBe(kind);
    });
});

test('a reason phrase that arrives in two packets is whole, and long headers are read', async ({ socketHost, clientOf }) => {
  const long = 'x'.repeat(24 * 1024);
  const url = await socketHost((socket) =>
    socket.setNoDelay().once('data', () => {
      socket.write('HTTP/1.1 401 Unau');
      setTimeout(() => socket.write(`thorized\r\nX-Long: ${long}\r\nContent-Length: 0\r\n\r\n`), 20);
    }),
  );
  const answer = responseIn(await clientOf(url).send(get));
  expect(answer.reason).toBe('Unauthorized');
  expect(answer.headers[0]).toEqual(['X-Long', long]);
});

test('headers are kept with their order, spelling and repetitions', async ({ socketHost, clientOf }) => {
  const url = await socketHost((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 401 No\r\nX-b: 1\r\nVARY: Accept\r\nX-b: 2\r\nContent-Length: 0\r\n\r\n')),
  );
  const { headers, reason } = responseIn(await clientOf(url).send(get));
  expect(headers).toEqual([
    ['X-b', '1'],
    ['VARY', 'Accept'],
    ['X-b', '2'],
    ['Content-Length', '0'],
  ]);
  expect(reason).toBe('No');
});

test('interim answers are not the answer', async ({ host, clientOf }) => {
  const { url } = await host((_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.writeHead(401).end(refusal);
  });
  const response = responseIn(await clientOf(url).send(get));
  expect(response).toMatchObject({ status: 401, body: refusal });
  expect(response.headers.map(([name]) => name.toLowerCase())).not.toContain('link');
});

test('a key in an answer is found and masked', async ({ host, clientOf }) => {
  const vault = createVault();
  vault.add(rightKey);
  const { url } = await host((_request, response) => {
    response.writeHead(401, { 'X-Key': rightKey.reveal() }).end(`{"error":"${rightKey.reveal()}"}`);
  });
  const exchange = await clientOf(url, { guard: vault }).send(get);
  expect(responseIn(exchange).revealsKey).toBe(true);
  expect(exchange.request.carriesKeyRun).toBe(false);
  expect(JSON.stringify(exchange)).not.toContain(rightKey.reveal());
});

test.describe('silence', () => {
  const headers = 'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n';
  const sayings: readonly (readonly [name: string, said: string, cause: string, detail?: string])[] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'malformed', 'the answer is not valid HTTP'],
    ['no status', 'HTTP/1.1 \r\n\r\n', 'malformed'],
    ['a body without headers', '{"error":"authentication failed"}', 'malformed'],
    ['half a status line', 'HTTP/1.1 4', 'malformed'],
    ['half the headers', headers, 'malformed'],
    ['half a body', `${headers}Content-Length: 33\r\n\r\n{"error"`, 'malformed', 'the answer is incomplete'],
    ['half a chunk', `${headers}Transfer-Encoding: chunked\r\n\r\n21\r\n{"error"`, 'malformed'],
    ['no last chunk', `${headers}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`, 'malformed'],
    ['a chunk of no known length', `${headers}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n`, 'malformed'],
    ['two lengths', `${headers}Content-Length: 33\r\nContent-Length: 34\r\n\r\n${refusal}`, 'malformed'],
    ['100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${headers}\r\n`, 'malformed', 'a 100 Continue that was not asked for'],
    ['headers without an end', `HTTP/1.1 401 No\r\nX: ${'x'.repeat(100_000)}`, 'malformed', 'the headers of the answer are too large'],
    ['nothing', '', 'unreachable'],
  ];
  for (const [name, said, cause, detail] of sayings)
    test(`after ${name}: ${cause}`, async ({ socketHost, clientOf }) => {
      const url = await socketHost((socket) => socket.once('data', () => socket.end(said)));
      const { answer } = await clientOf(url).send(get);
      expect(answer).toMatchObject({ kind: 'silence', cause, ...(detail === undefined ? {} : { detail }) });
    });

  test('by a connection that is reset: unreachable', async ({ socketHost, clientOf }) => {
    const url = await socketHost((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect((await clientOf(url).send(get)).answer).toMatchObject({ kind: 'silence', cause: 'unreachable' });
  });
  test('on a port without a server: unreachable', async ({ listening, clientOf }) => {
    const server = createSocketServer();
    const url = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect((await clientOf(url).send(get)).answer).toMatchObject({ kind: 'silence', cause: 'unreachable', detail: 'connection refused' });
  });
  for (const [name, said] of [
    ['without an answer', undefined],
    ['after the headers', `${headers}Content-Length: 33\r\n\r\n`],
  ] as const)
    test(`${name} within the timeout: timeout`, async ({ socketHost, clientOf }) => {
      const url = await socketHost((socket) => socket.once('data', () => (said === undefined ? undefined : socket.write(said))));
      const { answer, durationMs } = await clientOf(url, { timeoutMs: 150 }).send(get);
      expect(answer).toMatchObject({ kind: 'silence', cause: 'timeout' });
      expect(durationMs).toBeGreaterThan(140);
      expect(durationMs).toBeLessThan(4000);
    });
  test('by an answer that does not end: timeout for the whole', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => {
      response.writeHead(401, { 'Content-Length': 1000 });
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { answer, durationMs } = await clientOf(url, { timeoutMs: 200 }).send(get);
    expect(answer).toMatchObject({ kind: 'silence', cause: 'timeout' });
    expect(durationMs).toBeLessThan(4000);
  });
  test('with TLS to a host without TLS: tls', async ({ host, clientOf }) => {
    const { url } = await host((_request, response) => response.end());
    expect((await clientOf(new URL(`https://127.0.0.1:${url.port}`)).send(get)).answer).toMatchObject({ kind: 'silence', cause: 'tls' });
  });
  test('without a common TLS version or cipher: tls', async ({ listening, clientOf }) => {
    // Without a certificate the two have no cipher in common.
    const url = await listening(createTlsServer({}));
    expect((await clientOf(new URL(`https://127.0.0.1:${url.port}`)).send(get)).answer).toMatchObject({ kind: 'silence', cause: 'tls' });
  });

  const withCode = (code: string): Error => Object.assign(new Error(rightKey.reveal()), { code });
  for (const [code, cause] of [
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ] as const)
    test(`by ${code}: ${cause}, and nothing else of the error`, () => {
      const told = silenceOf(withCode(code), false, false);
      expect(told.cause).toBe(cause);
      expect(told.detail).not.toContain(rightKey.reveal());
      expect(silenceOf(new Error('outer', { cause: withCode(code) }), false, false).cause, 'as the cause of another').toBe(cause);
      expect(silenceOf(new AggregateError([withCode(code)]), false, false).cause, 'as one of several').toBe(cause);
    });
  test('by a proxy: proxy', () => {
    expect(silenceOf(new Error('Proxy response (407) !== 200 when HTTP Tunneling'), false, true).cause).toBe('proxy');
    expect(silenceOf(withCode('ECONNREFUSED'), false, true).cause).toBe('proxy');
    expect(silenceOf(withCode('ETIMEDOUT'), false, true).cause).toBe('timeout');
  });
});

test('a client that is closed closes its connections', async ({ socketHost, clientOf }) => {
  const closed: Promise<unknown>[] = [];
  const url = await socketHost((socket) => {
    closed.push(once(socket, 'close'));
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  });
  const client = clientOf(url);
  await client.send(get);
  await client.close();
  await Promise.all(closed);
  expect(closed).toHaveLength(1);
});
