/** A host off loopback gets few requests: what the real command sends in a whole run, counted at a host that it reaches through a tunnel. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Conformance } from '../src/report/model.ts';
import { type Started, start } from './command.ts';
import { test as base, newKey } from './leak-fixtures.ts';
import type { Proxy as Tunnels } from './tunnel.ts';

/** What one host received. */
interface Got {
  readonly lines: string[];
  readonly arrivals: number[];
  wrongKeys: number;
  open: number;
  mostOpen: number;
}

interface Counted {
  readonly got: (name: string) => Got;
  readonly tunnels: Tunnels;
  readonly run: (args: readonly string[], variables?: Readonly<Record<string, string>>) => Started;
}

interface Counting {
  key: string;
  /** Hosts that follow the page unless `instead` answers; one of them is `https://lead.test`. */
  counted: (instead?: (got: Got, line: string, response: ServerResponse) => boolean) => Promise<Counted>;
  results: () => Conformance;
}

const urls = { LEADCONDUIT_URL: 'https://lead.test', TRUSTEDFORM_URL: 'https://trust.test', SUPPRESSIONLIST_URL: 'https://list.test' };
const lead = { LEADCONDUIT_URL: urls.LEADCONDUIT_URL };
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
  counted: async ({ key, reports, aside, secureHost, proxyTo }, use) =>
    use(async (instead = () => false) => {
      const hosts = new Map<string, Got>();
      const got = (name: string): Got => {
        const known = hosts.get(name) ?? { lines: [], arrivals: [], wrongKeys: 0, open: 0, mostOpen: 0 };
        hosts.set(name, known);
        return known;
      };
      const host = await secureHost((request, response) => {
        const here = got(request.headers.host ?? '');
        const password = passwordOf(request);
        const line = `${request.method} ${request.url}${password === key ? ' right key' : ''} ${request.headers.authorization ?? ''}`;
        here.lines.push(line);
        here.arrivals.push(performance.now());
        if (password !== undefined && password !== key) here.wrongKeys += 1;
        here.mostOpen = Math.max(here.mostOpen, ++here.open);
        response.once('close', () => {
          here.open -= 1;
        });
        setTimeout(() => {
          if (instead(here, line, response)) return;
          // TrustedForm documents that viewing a certificate needs no credentials.
          const isPublic = request.headers.host === 'trust.test' && /^\/[^/]+$/.test(request.url ?? '');
          if (password === key || (isPublic && password === undefined)) response.writeHead(200).end('[]');
          else response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8', ETag: 'W/"21-0"' }).end(refusal);
        }, answerMs);
      }, names);
      const tunnels = await proxyTo(host);
      const certificate = join(aside, 'certificate.pem');
      writeFileSync(certificate, host.certificate);
      return {
        got,
        tunnels,
        run: (args, variables = {}) =>
          start(args, {
            REPORTS_DIR: reports,
            ACTIVEPROSPECT_API_KEY: key,
            HTTPS_PROXY: tunnels.url.href,
            NODE_EXTRA_CA_CERTS: certificate,
            ...variables,
          }),
      };
    }),
  results: async ({ reports }, use) => use(() => JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance),
});

/** What the run announced before the first request. */
function announced(text: string): { readonly requests: number; readonly wrongKeys: number; readonly seconds: number } {
  const [, requests, wrongKeys, seconds] =
    /^About ([\d,]+) requests, ([\d,]+) of them with wrong keys, in some (\d+) s\./m.exec(text) ?? [];
  const number = (each: string | undefined): number => Number(each?.replaceAll(',', ''));
  return { requests: number(requests), wrongKeys: number(wrongKeys), seconds: number(seconds) };
}

test('a whole run: at most 170 requests and 60 wrong keys per product, three at a time, as announced', async ({ counted, results }) => {
  const perSecond = 50;
  const { got, run, tunnels } = await counted();
  const { code, text } = await run([], { ...urls, MAX_REQUESTS_PER_SECOND: String(perSecond) }).ended;
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
  const all = names.map(got);
  const sum = { requests: all.flatMap(({ lines }) => lines).length, wrongKeys: all.reduce((total, each) => total + each.wrongKeys, 0) };
  expect(announced(text)).toEqual({ ...sum, seconds: Math.ceil(Math.max(...all.map(({ lines }) => lines.length)) / perSecond) });
  expect(results()).toMatchObject(sum);
  expect(tunnels.others).toEqual([]);
});

test('an old key adds requests, on ten connections, as announced', async ({ counted }) => {
  const { got, run, tunnels } = await counted();
  const oldKey = newKey();
  const { code, text } = await run(['--grep', 'old-key-stops'], {
    ...lead,
    ACTIVEPROSPECT_OLD_API_KEY: oldKey,
    MAX_REQUESTS_PER_SECOND: '100',
  }).ended;
  expect(code, text).toBe(0);
  const { lines, wrongKeys, mostOpen } = got('lead.test');
  expect(announced(text)).toMatchObject({ requests: lines.length, wrongKeys });
  expect(mostOpen).toBeLessThanOrEqual(3);
  expect(tunnels.tunnels.length).toBeGreaterThan(10);
});

test('five requests per second by default', async ({ counted }) => {
  const { got, run } = await counted();
  const started = run([], lead);
  await expect.poll(() => got('lead.test').lines.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
  const { arrivals } = got('lead.test');
  expect((arrivals[11] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(11 * 200 - latestMs);
  started.child.kill('SIGINT');
  const { code, text } = await started.ended;
  expect(code).toBe(130);
  const { requests, seconds } = announced(text);
  expect(requests).toBeGreaterThan(100);
  expect(seconds).toBe(Math.ceil(requests / 5));
});

test('a 429 is retried when its Retry-After says, and not before', async ({ counted }) => {
  let refused: string | undefined;
  const { got, run } = await counted(({ lines }, line, response) => {
    if (lines.length < 20 || refused !== undefined) return false;
    refused = line;
    response.writeHead(429, { 'Retry-After': '3' }).end();
    return true;
  });
  const { code, text } = await run(['--grep', 'username-ignored'], { ...lead, MAX_REQUESTS_PER_SECOND: '100' }).ended;
  expect(code, text).toBe(0);
  const { lines, arrivals } = got('lead.test');
  const times = arrivals.filter((_, index) => lines[index] === refused);
  expect(times).toHaveLength(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(2900);
});

test.describe('a host that locks the account out after five wrong keys', () => {
  const lockOuts: readonly (readonly [name: string, answer: (response: ServerResponse) => void, most: number])[] = [
    // At most the calls that were already open.
    ['with a 423', (response) => response.writeHead(423).end(), 3],
    // At most the rest of the block, and the right key twice.
    ['by refusing the right key from then on', (response) => response.writeHead(401).end(refusal), 9 + 2],
  ];
  for (const [name, answer, most] of lockOuts)
    test(name, async ({ counted, results }) => {
      let before: number | undefined;
      const { got, run } = await counted(({ wrongKeys, lines }, _line, response) => {
        if (wrongKeys <= 5) return false;
        before ??= lines.length;
        answer(response);
        return true;
      });
      const { code, text } = await run([], { ...lead, MAX_REQUESTS_PER_SECOND: '100' }).ended;
      expect(code, text).toBe(3);
      expect(text).toContain('locked-out');
      const { wrongKeys, lines } = got('lead.test');
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
