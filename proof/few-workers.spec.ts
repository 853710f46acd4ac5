/**
 * Servers that give each connection a worker of its own, as pre-forking ones and simple mocks do: a connection too many is accepted and
 * waits until another one ends. A run on them ends soon, with the right verdict, and sends no more than was announced.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { productIds } from '../src/spec/index.ts';
import { readConfiguration } from '../src/target/index.ts';
import { openAsking } from '../tests/asking.ts';
import { contentType, listen, refusal, type Serving } from './hosts.ts';
import { judgedRun } from './run.ts';

/** Products on one host, below a path each, for an account whose key can be reset. */
interface Host extends Serving {
  readonly key: string;
  readonly requests: () => number;
  readonly wrongKeys: () => number;
}

async function hostWith(workers: number): Promise<Host> {
  const issued = [randomBytes(20).toString('hex')];
  const current = new Map<string, string>(productIds.map((id) => [id, issued[0] as string]));
  let requests = 0;
  let wrongKeys = 0;
  const server = createServer((request, response) => {
    const [, product = '', ...rest] = (request.url ?? '').split('/');
    request.resume();
    const answer = (status: number, body: string): void =>
      void response
        .writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length })
        .end(request.method === 'HEAD' ? '' : body);
    if (product === 'reset') return answer(200, issued[issued.push(randomBytes(20).toString('hex')) - 1] as string);
    if (product === 'login') return (void current.set(rest[0] as string, issued.at(-1) as string), answer(200, '{}'));
    requests += 1;
    if (/^\/trustedform\/[0-9a-f]{40}$/.test(request.url ?? '') && request.headers.authorization === undefined) return answer(200, '{}');
    const pair = Buffer.from((request.headers.authorization ?? '').replace(/^basic /i, ''), 'base64').toString();
    const password = pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
    const letIn = password !== undefined && password === current.get(product);
    if (password !== undefined && !letIn) wrongKeys += 1;
    answer(letIn ? 200 : 401, letIn ? '[]' : refusal);
  });
  server.keepAliveTimeout = 0;
  const waiting: Socket[] = [];
  let free = workers;
  const serve = (socket: Socket): void => {
    free -= 1;
    socket.once('close', () => {
      free += 1;
      const next = waiting.shift();
      if (next !== undefined) serve(next);
    });
    server.emit('connection', socket);
    socket.resume();
  };
  const serving = await listen(
    createSocketServer({ pauseOnConnect: true }, (socket) => {
      if (free > 0) serve(socket);
      else waiting.push(socket);
    }),
  );
  return { ...serving, key: issued[0] as string, requests: () => requests, wrongKeys: () => wrongKeys };
}

const variables = ({ url, key }: Host): Readonly<Record<string, string>> => ({
  ACTIVEPROSPECT_API_KEY: key,
  ...Object.fromEntries(productIds.map((id) => [`${id.toUpperCase()}_URL`, `${url}/${id}`])),
  TRUSTEDFORM_CERTIFICATE_ID: '0123456789abcdef0123456789abcdef01234567',
  RESET_COMMAND: `curl -s -X POST ${url}/reset`,
  LOGIN_COMMAND: `curl -s -X POST ${url}/login/$PRODUCT`,
});

for (const workers of [1, 2, 3, 5])
  for (const reset of [false, true])
    test(`${workers} workers${reset ? ', with a reset' : ''}`, async () => {
      const host = await hostWith(workers);
      const asking = await openAsking(readConfiguration({ values: variables(host), problems: [], warnings: [] }), {
        reset,
        environment: { PATH: process.env.PATH as string },
        pauseMs: 5,
      });
      const startedAt = Date.now();
      const announced = asking.begin(
        productIds.flatMap((product) => ['old-key-stops', 'failure-body'].map((requirement) => ({ requirement, product })) as never),
      );
      const conformance = await judgedRun(asking);
        workers,
        reset,
        conformance.verdict,
        Date.now() - startedAt,
        announced.requests,
        host.requests(),
        announced.wrongKeys,
        host.wrongKeys(),
        asking.tally(),
      );
        conformance.requirements
          .flatMap(({ id, findings }) => findings.slice(0, 2).map((each) => `${id} ${each.verdict} ${each.check} ${each.message}`))
          .filter((x) => !x.includes('headers') && !x.includes('www'))
          .join('\n'),
      );
      await asking.close();
      await host.close();
      expect(conformance.verdict).toBe('conforms');
    });
