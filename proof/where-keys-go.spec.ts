/**
 * Keys go only to the configured host: proxies, redirects, certificates and plain http. The real command is tried with hosts whose
 * certificate Node.js must trust from its start, and with invalid proxies.
 */
import { chmodSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { readEnvironment } from '../src/configuration/environment.ts';
import { proxyFor } from '../src/http/proxy.ts';
import { conformance, type Done } from './command.ts';
import { here } from './here.ts';
import { test as base, newKey } from './leak-fixtures.ts';
import { hunt } from './remains.ts';
import type { SecureHost } from './tunnel.ts';

interface Trying {
  key: string;
  /** Accepts the right key and refuses the rest. */
  follows: RequestListener;
  /** One call with the right key, sent by the real command unless `by` is another. */
  preflight: (url: string, variables?: Readonly<Record<string, string>>, by?: typeof here) => Promise<Done>;
  /** The variable that makes the suite trust this host. */
  trusting: (host: SecureHost) => Readonly<Record<string, string>>;
}

const test = base.extend<Trying>({
  key: async ({}, use) => use(newKey()),
  follows: async ({ key }, use) =>
    use(({ headers }, response) => {
      const sent = Buffer.from((headers.authorization ?? '').slice('Basic '.length), 'base64').toString();
      response.writeHead(sent.endsWith(`:${key}`) ? 200 : 401).end('[]');
    }),
  preflight: async ({ key, reports }, use) =>
    use(async (url, variables = {}, by = conformance) => {
      const done = await by(['--preflight'], {
        REPORTS_DIR: reports,
        LEADCONDUIT_URL: url,
        ACTIVEPROSPECT_API_KEY: key,
        ...variables,
      });
      expect(hunt(key).inText(done.text)).toEqual([]);
      return done;
    }),
  trusting: async ({ aside }, use) =>
    use(({ certificate }) => {
      const file = join(aside, 'certificate.pem');
      writeFileSync(file, certificate);
      return { NODE_EXTRA_CA_CERTS: file };
    }),
});

/** All variables that make programs use a proxy. */
const everyProxy = ({ href }: URL): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['HTTP', 'HTTPS', 'ALL'].flatMap((each) => [`${each}_PROXY`, `${each}_PROXY`.toLowerCase()]).map((name) => [name, href]),
  );

test.describe('through a proxy', () => {
  const spellings: readonly (readonly [name: string, variables: (proxy: URL, trap: URL) => Readonly<Record<string, string>>])[] = [
    ['HTTPS_PROXY', (proxy, trap) => ({ HTTPS_PROXY: proxy.href, HTTP_PROXY: trap.href, ALL_PROXY: trap.href })],
    ['https_proxy, without a scheme', (proxy, trap) => ({ https_proxy: proxy.host, HTTPS_PROXY: trap.href, http_proxy: trap.href })],
  ];
  for (const [name, variables] of spellings)
    test(`${name}: only in a TLS tunnel to the host`, async ({ secureHost, proxyTo, follows, preflight, trusting }) => {
      const host = await secureHost(follows);
      const proxy = await proxyTo(host);
      const trap = await proxyTo(undefined);
      const { code, text } = await preflight('https://lead.test', { ...variables(proxy.url, trap.url), ...trusting(host) });
      expect(text).toContain('accepts the key');
      expect(code).toBe(0);
      expect(new Set(proxy.tunnels)).toEqual(new Set(['lead.test:443']));
      expect(proxy.others).toEqual([]);
      expect(host.requests.map(({ headers }) => headers.host)).toEqual(['lead.test']);
      expect(host.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
      expect(trap.wasReached()).toBe(false);
    });

  test('the status of a proxy is not an answer from the product', async ({ secureHost, proxyTo, follows, preflight }) => {
    const host = await secureHost(follows);
    for (const status of [401, 403, 407, 429, 502]) {
      const proxy = await proxyTo(host, status);
      const { code, text } = await preflight('https://lead.test', { HTTPS_PROXY: proxy.url.href }, here);
      expect(text).toContain(`the proxy refused the tunnel (${status})`);
      expect(text).toContain('HTTPS_PROXY');
      expect(text).not.toContain('refuses the key');
      expect(code).toBe(3);
      expect(new Set(proxy.tunnels)).toEqual(new Set(['lead.test:443']));
      expect(proxy.others).toEqual([]);
    }
    expect(host.requests).toEqual([]);
  });

  test('a missing proxy is named as the cause', async ({ preflight }) => {
    const { code, text } = await preflight('https://lead.test', { HTTPS_PROXY: 'http://127.0.0.1:9' }, here);
    expect(text).toContain('proxy: connection refused');
    expect(code).toBe(3);
  });

  for (const value of ['socks5://user:word-of-pass@proxy.test:1080', 'http://user:word-of-pass@', 'http://proxy.test:port'])
    test(`an invalid proxy is wrong usage, and its value is not repeated: ${value}`, async ({ preflight }) => {
      const { code, text } = await preflight('https://lead.test', { HTTPS_PROXY: value });
      expect(text).toContain('HTTPS_PROXY is not the address of an HTTP proxy');
      expect(text).not.toContain('word-of-pass');
      expect(code).toBe(2);
    });
});

test.describe('without any proxy', () => {
  test('to loopback, under each of its names', async ({ host, secureHost, proxyTo, follows, preflight, trusting }) => {
    const trap = await proxyTo(undefined);
    const plain = await host(follows);
    const secure = await secureHost(follows, ['localhost', 'lead.localhost']);
    for (const url of [plain.url.href, `http://localhost:${plain.url.port}`])
      expect((await preflight(url, everyProxy(trap.url), here)).code, url).toBe(0);
    const { code } = await preflight(`https://localhost:${secure.url.port}`, { ...everyProxy(trap.url), ...trusting(secure) });
    expect(code).toBe(0);
    expect(plain.requests).toHaveLength(2);
    expect(secure.requests).toHaveLength(1);
    expect(trap.wasReached()).toBe(false);
  });
  // 0.0.0.0 reaches this machine but does not count as loopback, because its name does not say so.
  test('plain http to a host in PLAIN_HTTP_HOSTS', async ({ host, proxyTo, follows, preflight }) => {
    const trap = await proxyTo(undefined);
    const { url, requests } = await host(follows);
    const { code } = await preflight(`http://0.0.0.0:${url.port}`, { ...everyProxy(trap.url), PLAIN_HTTP_HOSTS: '0.0.0.0' }, here);
    expect(code).toBe(0);
    expect(requests).toHaveLength(1);
    expect(trap.wasReached()).toBe(false);
  });
  test('to a host in NO_PROXY', async ({ secureHost, proxyTo, follows, preflight, trusting }) => {
    const trap = await proxyTo(undefined);
    const secure = await secureHost(follows, ['0.0.0.0']);
    const variables = { HTTPS_PROXY: trap.url.href, NO_PROXY: 'elsewhere.test, 0.0.0.0', ...trusting(secure) };
    const { code } = await preflight(`https://0.0.0.0:${secure.url.port}`, variables);
    expect(code).toBe(0);
    expect(secure.requests).toHaveLength(1);
    expect(trap.wasReached()).toBe(false);
  });
  test('and a failure there is not attributed to the proxy', async ({ proxyTo, preflight }) => {
    const trap = await proxyTo(undefined);
    const { text } = await preflight('https://0.0.0.0:9', { HTTPS_PROXY: trap.url.href, NO_PROXY: '*' }, here);
    expect(text).toContain('connection refused');
    expect(text).not.toContain('(proxy: ');
  });
});

test('which hosts use a proxy, according to NO_PROXY', () => {
  const proxied = (url: string, exceptions: string): boolean =>
    proxyFor(new URL(url), { HTTPS_PROXY: 'http://proxy.test:3128', NO_PROXY: exceptions }) !== undefined;
  const rows: readonly (readonly [url: string, exceptions: string, proxied: boolean])[] = [
    ['https://lead.test', '', true],
    ['https://lead.test', 'other.test', true],
    ['https://lead.test', 'lead.test', false],
    ['https://LEAD.test.', 'lead.TEST', false],
    ['https://app.lead.test', 'lead.test', false],
    ['https://app.lead.test', '.lead.test', false],
    ['https://app.lead.test', '*.lead.test', false],
    ['https://mislead.test', 'lead.test', true],
    ['https://lead.test', 'app.lead.test', true],
    ['https://lead.test', 'lead.test:443', false],
    ['https://lead.test:8443', 'lead.test:443', true],
    ['https://lead.test:8443', 'a.test lead.test:8443', false],
    ['https://lead.test', 'a.test,*', false],
    ['https://lead.test', ' , ', true],
    ['http://lead.test', '', false],
    ['https://127.0.0.1', '', false],
    ['https://[::1]', '', false],
  ];
  for (const [url, exceptions, expected] of rows) expect(proxied(url, exceptions), `${url} with NO_PROXY=${exceptions}`).toBe(expected);
  expect(proxyFor(new URL('https://lead.test'), { HTTP_PROXY: 'http://proxy.test', ALL_PROXY: 'http://proxy.test' })).toBeUndefined();
  expect(proxyFor(new URL('https://lead.test'), { https_proxy: '', HTTPS_PROXY: 'http://proxy.test' })?.host).toBe('proxy.test');
});

test.describe('an invalid certificate is rejected, whatever NODE_TLS_REJECT_UNAUTHORIZED says', () => {
  const off = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  test('from an untrusted issuer', async ({ secureHost, follows, preflight }) => {
    const { url, requests } = await secureHost(follows, ['localhost']);
    const { code, text } = await preflight(`https://localhost:${url.port}`, off, here);
    expect(text).toContain('TLS failed');
    expect(code).toBe(3);
    expect(requests).toEqual([]);
  });
  test('for another name', async ({ secureHost, follows, preflight, trusting }) => {
    const host = await secureHost(follows, ['other.test']);
    const { code, text } = await preflight(`https://localhost:${host.url.port}`, { ...off, ...trusting(host) });
    expect(text).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(code).toBe(3);
    expect(host.requests).toEqual([]);
  });
  test('at the end of a tunnel', async ({ secureHost, proxyTo, follows, preflight }) => {
    const host = await secureHost(follows);
    const proxy = await proxyTo(host);
    const { code, text } = await preflight('https://lead.test', { ...off, HTTPS_PROXY: proxy.url.href }, here);
    expect(text).toContain('TLS failed');
    expect(code).toBe(3);
    expect(host.requests).toEqual([]);
  });
});

test('no kind of redirect is followed', async ({ host, preflight }) => {
  const elsewhere = await host((_request, response) => response.end('[]'));
  const kinds = [301, 302, 303, 307, 308];
  const { url, requests } = await host((_request, response, before) =>
    response.writeHead(kinds[Math.floor(before / 2) % kinds.length] as number, { Location: `${elsewhere.url.href}flows` }).end(),
  );
  const { code } = await preflight(url.href, {}, here);
  expect(code).toBe(3);
  expect(requests.length).toBeGreaterThanOrEqual(2 * kinds.length);
  expect(elsewhere.requests).toEqual([]);
});

test('a .env that other users can read causes a warning, and one that they cannot read does not', ({ aside }) => {
  const file = join(aside, '.env');
  writeFileSync(file, 'RUN_NAME=one\n');
  for (const [mode, warnings] of [
    [0o644, 1],
    [0o640, 1],
    [0o604, 1],
    [0o600, 0],
    [0o400, 0],
  ] as const) {
    chmodSync(file, mode);
    expect(readEnvironment({}, aside).warnings, mode.toString(8)).toHaveLength(warnings);
  }
});
