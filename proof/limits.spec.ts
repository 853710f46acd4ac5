/**
 * A host off loopback gets few requests: what a run sends, counted at the host. The real command reaches it through a tunnel; runs in this
 * process reach it at an address of this machine that does not count as loopback.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openAsking } from '../src/ask/asking.ts';
import { opening } from '../src/ask/opening.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import type { Conformance } from '../src/report/model.ts';
import { conformance } from './command.ts';
import { here } from './here.ts';
import { test as base, newKey } from './leak-fixtures.ts';
import { all } from './recordings.ts';

/** What one host received. */
interface Got {
  readonly lines: string[];
  readonly arrivals: number[];
  readonly connections: Set<Socket>;
  wrongKeys: number;
  open: number;
  mostOpen: number;
}

interface Counting {
  key: string;
  /** What the host of this name received. */
  got: (name: string) => Got;
  /** Follows the page unless `instead` answers, and counts. */
  counting: (instead?: (got: Got, line: string, response: ServerResponse) => boolean) => RequestListener;
  /** A host that counts, for LeadConduit, and the variables of a run against it. */
  lead: (instead?: Parameters<Counting['counting']>[0]) => Promise<{ readonly got: () => Got; readonly variables: Variables }>;
  results: () => Conformance;
}
type Variables = Readonly<Record<string, string>>;

const names = ['lead.test', 'trust.test', 'list.test'];
const refusal = '{"error":"authentication failed"}';
/** How long an answer takes, in ms, so that concurrent calls can be seen. */
const answerMs = 20;

/** How late the first request of a run may be, in ms, because it opens the tunnel. No request may be early. */
const latestMs = 600;

/** The password of Basic credentials that decode (RFC 7617 section 2). */
function passwordOf({ headers }: IncomingMessage): string | undefined {
  const encoded = /^basic +([a-z0-9+/]+=*)$/i.exec(headers.authorization ?? '')?.[1];
  const pair = Buffer.from(encoded ?? '', 'base64').toString();
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}

const test = base.extend<Counting>({
  key: async ({}, use) => use(newKey()),
  got: async ({}, use) => {
    const hosts = new Map<string, Got>();
    await use((name) => {
      const known = hosts.get(name) ?? { lines: [], arrivals: [], connections: new Set(), wrongKeys: 0, open: 0, mostOpen: 0 };
      hosts.set(name, known);
      return known;
    });
  },
  counting: async ({ key, got }, use) =>
    use((instead = () => false) => (request, response) => {
      const received = got(request.headers.host ?? '');
      const password = passwordOf(request);
      const line = `${request.method} ${request.url}${password === key ? ' right key' : ''} ${request.headers.authorization ?? ''}`;
      received.lines.push(line);
      received.arrivals.push(performance.now());
      received.connections.add(request.socket);
      if (password !== undefined && password !== key) received.wrongKeys += 1;
      received.mostOpen = Math.max(received.mostOpen, ++received.open);
      response.once('close', () => {
        received.open -= 1;
      });
      setTimeout(() => {
        if (instead(received, line, response)) return;
        // TrustedForm documents that viewing a certificate needs no credentials.
        const isPublic = request.headers.host === 'trust.test' && /^\/[^/]+$/.test(request.url ?? '');
        if (password === key || (isPublic && password === undefined)) response.writeHead(200).end('[]');
        else response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8', ETag: 'W/"21-0"' }).end(refusal);
      }, answerMs);
    }),
  lead: async ({ key, reports, host, counting, got }, use) =>
    use(async (instead) => {
      const { port } = (await host(counting(instead))).url;
      const own = { LEADCONDUIT_URL: `http://0.0.0.0:${port}`, PLAIN_HTTP_HOSTS: '0.0.0.0', ACTIVEPROSPECT_API_KEY: key };
      return { got: () => got(`0.0.0.0:${port}`), variables: { ...own, REPORTS_DIR: reports, MAX_REQUESTS_PER_SECOND: '100' } };
    }),
  results: async ({ reports }, use) => use(() => JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance),
});

/** What the run announced before the first request. */
function announced(text: string): { readonly requests: number; readonly wrongKeys: number; readonly seconds: number } {
  const [, requests, wrongKeys, seconds] =
    /^About ([\d,]+) requests, ([\d,]+) of them with wrong keys, in about (\d+) s\./m.exec(text) ?? [];
  const number = (each: string | undefined): number => Number(each?.replaceAll(',', ''));
  return { requests: number(requests), wrongKeys: number(wrongKeys), seconds: number(seconds) };
}

test('a whole run: at most 170 requests and 60 wrong keys per product, three at a time, as announced', async ({
  key,
  reports,
  aside,
  secureHost,
  proxyTo,
  counting,
  got,
  results,
}) => {
  const perSecond = 50;
  const host = await secureHost(counting(), names);
  const tunnels = await proxyTo(host);
  const certificate = join(aside, 'certificate.pem');
  writeFileSync(certificate, host.certificate);
  const { code, text } = await conformance([], {
    LEADCONDUIT_URL: 'https://lead.test',
    TRUSTEDFORM_URL: 'https://trust.test',
    SUPPRESSIONLIST_URL: 'https://list.test',
    REPORTS_DIR: reports,
    ACTIVEPROSPECT_API_KEY: key,
    HTTPS_PROXY: tunnels.url.href,
    NODE_EXTRA_CA_CERTS: certificate,
    MAX_REQUESTS_PER_SECOND: String(perSecond),
  });
  expect(code, text).toBe(0);
  for (const name of names) {
    const { lines, arrivals, wrongKeys, mostOpen } = got(name);
    expect(lines.length, name).toBeLessThanOrEqual(170);
    expect(wrongKeys, name).toBeLessThanOrEqual(60);
    expect(mostOpen, name).toBeLessThanOrEqual(3);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0), name).toBeGreaterThan(((lines.length - 1) * 1000) / perSecond - latestMs);
    expect(lines.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([]);
    expect(lines.filter((line) => /credentials.* right key/.test(line))).toEqual([]);
  }
  const hosts = names.map(got);
  const sum = { requests: hosts.flatMap(({ lines }) => lines).length, wrongKeys: hosts.reduce((total, each) => total + each.wrongKeys, 0) };
  expect(announced(text)).toEqual({ ...sum, seconds: Math.ceil(Math.max(...hosts.map(({ lines }) => lines.length)) / perSecond) });
  expect(results()).toMatchObject({ ...sum, verdict: 'conforms' });
  expect(text).toContain('Conforms');
  expect(tunnels.others).toEqual([]);
});

test('an old key adds requests, on ten connections, as announced', async ({ lead }) => {
  const { got, variables } = await lead();
  const { code, text } = await here(['--grep', 'old-key-stops'], { ...variables, ACTIVEPROSPECT_OLD_API_KEY: newKey() });
  expect(code, text).toBe(0);
  const { lines, wrongKeys, mostOpen, connections } = got();
  expect(announced(text)).toMatchObject({ requests: lines.length, wrongKeys });
  expect(mostOpen).toBeLessThanOrEqual(3);
  expect(connections.size).toBeGreaterThan(10);
});

test('five requests per second by default', async ({ lead }) => {
  const { got, variables } = await lead();
  const { MAX_REQUESTS_PER_SECOND: _, ...values } = variables;
  const asking = await openAsking(readConfiguration({ values, problems: [], warnings: [] }));
  const estimate = asking.estimate(() => new Set(all));
  const recorded = asking.recorded('leadconduit', new Set(all));
  await expect.poll(() => got().lines.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
  const { arrivals } = got();
  expect((arrivals[11] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(11 * 200 - latestMs);
  await asking.close();
  await recorded;
  const { requests, seconds } = announced(opening(asking, estimate, []));
  expect(requests).toBeGreaterThan(100);
  expect(seconds).toBe(Math.ceil(requests / 5));
});

test('a 429 is retried when its Retry-After says, and not before', async ({ lead }) => {
  let refused: string | undefined;
  const { got, variables } = await lead(({ lines }, line, response) => {
    if (lines.length < 20 || refused !== undefined) return false;
    refused = line;
    response.writeHead(429, { 'Retry-After': '2' }).end();
    return true;
  });
  const { code, text } = await here(['--grep', 'username-ignored'], variables);
  expect(code, text).toBe(0);
  const { lines, arrivals } = got();
  const times = arrivals.filter((_, index) => lines[index] === refused);
  expect(times).toHaveLength(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1900);
});

test.describe('a host that locks the account out after five wrong keys', () => {
  const lockOuts: readonly (readonly [name: string, answer: (response: ServerResponse) => void, most: number])[] = [
    // At most the calls that were already open.
    ['with a 423', (response) => response.writeHead(423).end(), 3],
    // At most the rest of the block, and the right key twice.
    ['by refusing the right key from then on', (response) => response.writeHead(401).end(refusal), 9 + 2],
  ];
  for (const [name, answer, most] of lockOuts)
    test(name, async ({ lead, results }) => {
      let before: number | undefined;
      const { got, variables } = await lead(({ wrongKeys, lines }, _line, response) => {
        if (wrongKeys <= 5) return false;
        before ??= lines.length;
        answer(response);
        return true;
      });
      const { code, text } = await here([], variables);
      expect(code, text).toBe(3);
      expect(text).toContain('locked-out');
      const { wrongKeys, lines } = got();
      expect(lines.length - (before ?? 0)).toBeLessThanOrEqual(most);
      expect(wrongKeys).toBeLessThanOrEqual(5 + most);
      const verdicts = Object.fromEntries(results().requirements.map((each) => [each.id, each.verdict]));
      expect(verdicts).toMatchObject({
        'username-ignored': 'conforms',
        'key-for-all-calls': 'conforms',
        'bad-key-refused': 'inconclusive',
      });
    });
});
