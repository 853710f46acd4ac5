/**
 * Servers with one worker per connection, such as pre-forking servers and simple mocks: they accept one connection too many, which then
 * waits until another one ends. A run on such a host ends soon, with the right verdict, and sends no more than announced.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAsking } from '../src/ask/asking.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { router } from '../src/host/route.ts';
import { createConnections } from '../src/http/connections.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { productIds } from '../src/specifications/model.ts';
import { urlVariable } from '../src/specifications/variables.ts';
import { contentType, listen, refusal, type Serving } from './hosts.ts';
import { exchange } from './report-runs.ts';
import { judgedRun } from './run.ts';
import { expect, test } from './test.ts';

/** Products on one host, each under its own path, for an account whose key can be reset. */
interface Host extends Serving {
  readonly key: string;
  readonly requests: () => number;
  readonly wrongKeys: () => number;
}

const routes = new Map<string, ReturnType<typeof router>>(
  Object.values(loadProducts()).map(({ id, operations }) => [id, router(operations)]),
);

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
    if (product === 'login') {
      current.set(rest[0] as string, issued.at(-1) as string);
      return answer(200, '{}');
    }
    requests += 1;
    const { operation } = routes.get(product)?.(request.method ?? '', `/${rest.join('/')}`) ?? {};
    if (operation?.protected === false && request.headers.authorization === undefined) return answer(200, '{}');
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

/** Well-formed ones: the host knows every id. */
const idsOfTheAccount = Object.fromEntries(
  Object.values(loadProducts()).flatMap(({ idVariables, operations }) => {
    const parameters = operations.flatMap((each) => each.parameters);
    return idVariables.map(({ variable, parameter }) => [variable, parameters.find(({ name }) => name === parameter)?.example ?? '']);
  }),
);

/** Two products of one host, which share its workers. The first product, with its many resources, would show the same with three times the requests. */
const tested = productIds.slice(1);

const variables = ({ url, key }: Host, login = ''): Readonly<Record<string, string>> => ({
  ACTIVEPROSPECT_API_KEY: key,
  ...Object.fromEntries(tested.map((id) => [urlVariable(id), `${url}/${id}`])),
  ...idsOfTheAccount,
  RESET_COMMAND: `${post} ${url}/reset`,
  LOGIN_COMMAND: `${login}${post} ${url}/login/$PRODUCT`,
});
/** A command that sends a POST and prints the answer. */
const post = `'${process.execPath}' -e 'fetch(process.argv[1], { method: "POST" }).then((answer) => answer.text()).then(console.log)'`;

/** Runs the whole suite, and compares the number of requests with the number announced. */
async function run(host: Host, values: Readonly<Record<string, string>>, reset: boolean) {
  const configuration = readConfiguration({ values, problems: [], warnings: [] });
  const asking = await openAsking(configuration, { reset, environment: { PATH: process.env.PATH ?? '' }, pauseMs: 5, settlingMs: 10 });
  try {
    const products = configuration.products.map(({ id }) => id);
    const announced = asking.estimate((product) => new Set(products.includes(product) ? (['accepted', 'refused', 'reset'] as const) : []));
    const startedAt = performance.now();
    const { verdict, requirements } = await judgedRun(asking);
    const narrowed = requirements.flatMap(({ findings }) =>
      findings.filter(({ check }) => check.startsWith('connections around the login')),
    );
    return { verdict, narrowed, announced, requests: host.requests(), seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await asking.close();
    await host.close();
  }
}

interface Case {
  readonly workers: number;
  readonly reset: boolean;
  /** How long a login takes, in s; with the first product alone. */
  readonly loginS?: number;
}
const cases: readonly Case[] = [
  ...[1, 2, 3, 5].flatMap((workers) => [
    { workers, reset: false },
    { workers, reset: true },
  ]),
  // Many times as long as it takes to ask what is asked while a login goes on.
  { workers: 3, reset: true, loginS: 8 },
];

async function outcomeOf({ workers, reset, loginS }: Case) {
  const host = await hostWith(workers);
  if (loginS === undefined) return run(host, variables(host), reset);
  const others = tested.slice(1).map(urlVariable);
  const one = Object.entries(variables(host, `sleep ${loginS}; `)).filter(([name]) => !others.includes(name));
  return run(host, Object.fromEntries(one), reset);
}

// Most of each run is waiting, so all of them go on at the same time, in one worker.
test.describe.configure({ mode: 'default' });
let outcomes: readonly ReturnType<typeof outcomeOf>[] = [];
test.beforeAll(async () => {
  outcomes = cases.map(outcomeOf);
  await Promise.allSettled(outcomes);
});

for (const [index, { workers, reset, loginS }] of cases.entries())
  test(`${workers} workers${reset ? ', with a reset' : ''}${loginS === undefined ? '' : ` and a login of ${loginS} s`}`, async () => {
    const { verdict, requests, announced, seconds, narrowed } = (await outcomes[index]) as Awaited<ReturnType<typeof outcomeOf>>;
    expect(verdict).toBe('conforms');
    expect(requests).toBeLessThanOrEqual(announced.requests * 1.1);
    // What is asked during a login is announced at its maximum.
    if (!reset) expect(requests).toBeGreaterThan(announced.requests * 0.9);
    expect(seconds).toBeLessThan(60);
    if (!reset || loginS !== undefined) return;
    expect(narrowed.length, 'the connections that were left out are reported').toBeGreaterThan(0);
    // The login needs one of the workers.
    for (const { actual } of narrowed) expect(Number(actual)).toBeLessThanOrEqual(Math.max(1, workers - 1));
  });

test('a host is not blamed for the time in which this process was too busy to read its answers', async () => {
  const connections = createConnections({ base: new URL('http://127.0.0.1:9'), timeoutMs: 10_000, now: () => performance.now() });
  try {
    const [first, second] = [connections.pinned(), connections.pinned()];
    await first.use(async () => exchange());
    let answer = (): void => {};
    const waiting = second.use(() => new Promise((resolve) => (answer = () => resolve(exchange()))));
    await sleep(30);
    await first.use(async () => exchange());
    const until = performance.now() + 700;
    while (performance.now() < until);
    // Timers come before answers.
    await sleep(0);
    answer();
    await waiting;
    expect(connections.room()).toBe(Number.POSITIVE_INFINITY);
  } finally {
    await connections.close();
  }
});
