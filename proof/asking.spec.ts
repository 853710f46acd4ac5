/** The asker with small hosts: what it retries and when, what it counts, and when it stops. */
import type { ServerResponse } from 'node:http';
import { expect } from '@playwright/test';
import { createAsker } from '../src/ask/asker.ts';
import type { Call } from '../src/ask/call.ts';
import { type BadCredential, badCredentialsFor } from '../src/ask/cases/bad-credentials.ts';
import { basic, header, named, none, word } from '../src/ask/credentials.ts';
import { createPace } from '../src/ask/pace.ts';
import { neverIssued } from '../src/ask/subject.ts';
import { Secret } from '../src/keys/secret.ts';
import { loadProduct } from '../src/specifications/load.ts';
import type { Operation } from '../src/specifications/model.ts';
import { response as answered, hostOf, silence } from './histories.ts';
import { rightKey, test } from './small-hosts.ts';

const [flows] = loadProduct('leadconduit').operations as [Operation];
const credentials = basic(word('API'), named('key', rightKey), rightKey);
const get: Call = { operation: flows, method: 'GET', credentials };
const unlimited = createPace({ perSecond: undefined, atOnce: 10 });

/** The pause before a retry. */
const pauseMs = 300;

type Answering = (response: ServerResponse) => unknown;
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end(body);
const html = { 'Content-Type': 'text/html' };

test.describe('is asked once', () => {
  const cases: readonly (readonly [string, Answering])[] = [
    ['200', status(200)],
    ['401', status(401)],
    ['401 with an HTML document', status(401, html, '<html>')],
    ['423', status(423)],
    ['a document with 403', status(403, html, '<html>')],
    ['a document with 503', status(503, html, '<!doctype html>')],
    ["a firewall's header with 503", status(503, { 'cf-mitigated': 'challenge' })],
    ["another firewall's header with 202", status(202, { 'x-amzn-waf-action': 'challenge' })],
  ];
  for (const [name, answer] of cases)
    test(name, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response) => answer(response));
      const asker = askerOf(url, { pauseMs: 1 });
      const { exchanges } = await asker.ask(get);
      expect(exchanges).toHaveLength(1);
      expect(arrivals).toHaveLength(1);
      expect(asker.tally).toMatchObject({ calls: 1, requests: 1, askedAgain: 0 });
    });
});

test.describe('is retried once, immediately', () => {
  for (const code of [302, 403, 404, 500, 501])
    test(String(code), async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response) => status(code)(response));
      const asker = askerOf(url, { pauseMs: 2000 });
      const { outcome } = await asker.ask(get);
      expect(outcome).toEqual({ kind: 'other', status: code });
      expect(arrivals).toHaveLength(2);
      expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeLessThan(1000);
      expect(asker.tally).toMatchObject({ calls: 1, requests: 2, askedAgain: 0 });
    });
});

test.describe('is retried once, immediately, and counts as a retry if the answer differs', () => {
  for (const [one, other] of [
    [500, 200],
    [403, 404],
    [302, 503],
  ] as const)
    test(`${one}, then ${other}`, async ({ host, askerOf }) => {
      const { url } = await host((_request, response, before) => status(before === 0 ? one : other)(response));
      const asker = askerOf(url, { pauseMs: 2000 });
      expect((await asker.ask(get)).outcome).toEqual({ kind: 'unusable', cause: 'unstable' });
      expect(asker.tally).toMatchObject({ calls: 1, requests: 2, askedAgain: 1 });
    });
});

test.describe('is retried once, after the pause', () => {
  const cases: readonly (readonly [string, Answering])[] = [
    ['407', status(407)],
    ['408 on a new connection', status(408)],
    ['425', status(425)],
    ['429 without Retry-After', status(429)],
    ['429 with an invalid Retry-After', status(429, { 'Retry-After': 'soon' })],
    ['502', status(502)],
    ['503', status(503)],
    ['503, whatever its Retry-After says', status(503, { 'Retry-After': '0' })],
    ['a connection that is reset', (response) => response.socket?.resetAndDestroy()],
    ['half an answer', (response) => response.writeHead(401, { 'Content-Length': '33' }).write('{"err', () => response.destroy())],
  ];
  for (const [name, answer] of cases)
    test(name, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response, before) => (before === 0 ? answer(response) : status(200)(response)));
      const asker = askerOf(url, { pauseMs });
      const { outcome, exchanges } = await asker.ask(get);
      expect(outcome).toEqual({ kind: 'accepted' });
      expect(exchanges).toHaveLength(2);
      expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(pauseMs - 5);
      expect(asker.tally).toMatchObject({ calls: 1, requests: 2, askedAgain: 1 });
    });
  test('but not twice', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => status(503)(response));
    expect((await askerOf(url, { pauseMs: 1 }).ask(get)).outcome).toEqual({ kind: 'unusable', cause: 'unreachable' });
    expect(arrivals).toHaveLength(2);
  });
});

test.describe('after three confirmations', () => {
  /** How many requests each of `calls` calls took, on a host that answers every request with `answer`. */
  const requestsEach = async (answer: (before: number) => number, calls: number) => {
    const { client, sent } = hostOf((_request, before) => answer(before));
    const asker = createAsker({ client, pace: unlimited, pauseMs: 1 });
    const trials = [];
    for (let times = 0; times < calls; times += 1) trials.push(await asker.ask(get));
    return { asker, sent, trials, counts: trials.map(({ exchanges }) => exchanges.length) };
  };
  test('a status is not retried', async () => {
    const { counts, trials, asker } = await requestsEach(() => 403, 5);
    expect(counts).toEqual([2, 2, 2, 1, 1]);
    for (const { outcome } of trials) expect(outcome).toEqual({ kind: 'other', status: 403 });
    expect(asker.tally).toMatchObject({ calls: 5, requests: 8, askedAgain: 0 });
  });
  test('another status is retried', async () => {
    expect((await requestsEach((before) => (before < 6 ? 403 : 404), 5)).counts).toEqual([2, 2, 2, 2, 2]);
  });
  test('an unusable answer is retried', async () => {
    expect((await requestsEach((before) => (before < 6 ? 403 : 503), 5)).counts).toEqual([2, 2, 2, 2, 2]);
  });
  test('a status is retried if a retry once had a different answer', async () => {
    const { counts, asker } = await requestsEach((before) => (before === 3 ? 200 : 500), 9);
    expect(counts).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(asker.tally.askedAgain).toBe(1);
  });
});

test.describe('a call whose retry would change nothing', () => {
  const twice: readonly (readonly [string, number, requests: number, askedAgain: number])[] = [
    ['502', 502, 1, 1],
    ['408', 408, 1, 1],
    ['429', 429, 2, 1],
    ['403', 403, 2, 0],
    ['401', 401, 1, 0],
  ];
  for (const [name, code, requests, askedAgain] of twice)
    test(`${name}: ${requests === 1 ? 'not retried' : 'retried anyway'}`, async () => {
      const { client, sent } = hostOf(() => code);
      const asker = createAsker({ client, pace: unlimited, pauseMs: 1 });
      await asker.ask(get, { hasty: true });
      expect(sent).toHaveLength(requests);
      expect(asker.tally).toMatchObject({ calls: 1, askedAgain });
    });
});

test.describe('429 is retried when its Retry-After says', () => {
  const date = (ms: number) => new Date(Date.now() + ms).toUTCString();
  const cases: readonly (readonly [string, () => string, least: number, most: number])[] = [
    ['immediately', () => '0', 0, 2000],
    ['in one second', () => '1', 990, 3900],
    // HTTP dates have whole seconds.
    ['at a time two seconds from now', () => date(2000), 900, 3900],
    ['at a time in the past', () => date(-60_000), 0, 2000],
  ];
  for (const [name, value, least, most] of cases)
    test(name, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response, before) =>
        status(before === 0 ? 429 : 200, before === 0 ? { 'Retry-After': value() } : {})(response),
      );
      await askerOf(url, { pauseMs: 4000 }).ask(get);
      const waited = (arrivals[1] ?? 0) - (arrivals[0] ?? 0);
      expect(waited).toBeGreaterThanOrEqual(least);
      expect(waited).toBeLessThan(most);
    });
  test('but after ten seconds at most', async () => {
    const { client } = hostOf((_request, before) => (before === 0 ? answered(429, { headers: [['Retry-After', '3600']] }) : 200));
    const waits: number[] = [];
    const asker = createAsker({ client, pace: unlimited, wait: async (ms) => waits.push(ms) });
    expect((await asker.ask(get)).outcome).toEqual({ kind: 'accepted' });
    expect(waits).toEqual([10_000]);
  });
});

test.describe('a call with side effects is never retried', () => {
  for (const method of ['GET', 'POST'] as const)
    for (const code of [403, 429, 503])
      test(`${method}, ${code}`, async ({ host, askerOf }) => {
        const { url, arrivals } = await host((_request, response) => status(code)(response));
        const asker = askerOf(url, { pauseMs: 1 });
        await asker.ask({ ...get, method, operation: { ...flows, method, sideEffects: true } });
        expect(arrivals).toHaveLength(1);
        expect(asker.tally.requests).toBe(1);
      });
  for (const method of ['POST', 'PUT', 'DELETE'] as const)
    test(`${method}, whatever its documentation says`, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response) => status(503)(response));
      await askerOf(url, { pauseMs: 1 }).ask({ ...get, method, operation: { ...flows, method } });
      expect(arrivals).toHaveLength(1);
    });
  test('even if its connection was closed', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response, before) =>
      before === 0 ? status(200)(response) : response.socket?.destroy(),
    );
    const pinned = askerOf(url, { pauseMs: 1 }).pinned();
    await pinned.ask(get);
    const { exchanges } = await pinned.ask({ ...get, operation: { ...flows, sideEffects: true } });
    pinned.closeIdle();
    expect(exchanges).toHaveLength(1);
    expect(arrivals).toHaveLength(2);
  });
});

test.describe('a reused connection', () => {
  const cases: readonly (readonly [string, Answering])[] = [
    ['that is closed', (response) => response.socket?.destroy()],
    ['that is answered 408', status(408, { Connection: 'close' })],
  ];
  for (const [name, answer] of cases) {
    test(`${name}: retried immediately, and not counted as a retry`, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response, before) => (before === 1 ? answer(response) : status(200)(response)));
      const asker = askerOf(url, { pauseMs: 2000 });
      const pinned = asker.pinned();
      await pinned.ask(get);
      const { outcome, exchanges } = await pinned.ask(get);
      pinned.closeIdle();
      expect(exchanges[0]?.reusedConnection).toBe(true);
      expect(outcome).toEqual({ kind: 'accepted' });
      expect((arrivals[2] ?? 0) - (arrivals[1] ?? 0)).toBeLessThan(1000);
      expect(asker.tally).toMatchObject({ calls: 2, requests: 3, askedAgain: 0 });
    });
    test(`${name}: the next answer is retried like any other`, async ({ host, askerOf }) => {
      const { url, arrivals } = await host((_request, response, before) =>
        before === 1 ? answer(response) : status(before === 0 ? 200 : 403)(response),
      );
      const pinned = askerOf(url, { pauseMs: 1 }).pinned();
      await pinned.ask(get);
      expect((await pinned.ask(get)).outcome).toEqual({ kind: 'other', status: 403 });
      pinned.closeIdle();
      expect(arrivals).toHaveLength(4);
    });
  }
  test('stays the same connection, which other calls do not use', async ({ host, askerOf }) => {
    const { url } = await host((_request, response) => status(200)(response));
    const asker = askerOf(url);
    const pinned = asker.pinned();
    const trials = [await pinned.ask(get), await asker.ask(get), await pinned.ask(get)];
    pinned.closeIdle();
    const [one, other, again] = trials.map(({ exchanges }) => exchanges[0]);
    expect(again?.connection).toBe(one?.connection);
    expect(other?.connection).not.toBe(one?.connection);
    expect([one, other, again].map((each) => each?.reusedConnection)).toEqual([false, false, true]);
  });
});

test.describe('a key that is also base64 of a username and password', () => {
  const pairKey = new Secret(Buffer.from('a name: and a word').toString('base64'));
  const rowsOf = (key: Secret) => {
    const keys = { key, otherKey: neverIssued(key, 1) };
    const sent = ({ credentials, ...row }: BadCredential) => ({ ...row, wrongKey: credentials(keys, word('API')).wrongKey });
    return Object.fromEntries(badCredentialsFor(keys).map((row) => [row.name, sent(row)]));
  };
  test('is still sent unencoded, as another wrong key', () => {
    const row = 'Basic key, not in base64';
    expect(rowsOf(pairKey)[row]).toMatchObject({ owner: 'bad-key-refused', readsAsPair: true, wrongKey: true });
    expect(rowsOf(rightKey)[row]).toMatchObject({ owner: 'basic-scheme', wrongKey: false });
    expect(rowsOf(rightKey)[row]).not.toHaveProperty('readsAsPair');
  });
  test('after a username is recognized, and does not decode', () => {
    // "API" shifts the key by three characters, so a different byte has to be the colon.
    const shifted = new Secret(Buffer.from('xxa name: and a word').toString('base64').slice(3));
    const row = 'Basic API:key, not in base64';
    expect(rowsOf(shifted)[row]).toMatchObject({ owner: 'basic-scheme', readsAsPair: true, wrongKey: false });
    expect(rowsOf(rightKey)[row]).not.toHaveProperty('readsAsPair');
  });
  test('adds no row and takes none away', () => expect(Object.keys(rowsOf(pairKey))).toEqual(Object.keys(rowsOf(rightKey))));
});

test.describe('wrong keys are counted the way a host would count them', () => {
  /** Basic credentials that decode (RFC 7617 section 2) and whose password is not the key. */
  const isWrong = (value: string | undefined): boolean => {
    const token = /^basic +([a-z0-9+/]+=*)$/i.exec(value ?? '')?.[1];
    const text = Buffer.from(token ?? '', 'base64').toString('utf8');
    return text.includes(':') && text.slice(text.indexOf(':') + 1) !== rightKey.reveal();
  };
  const keys = { key: rightKey, otherKey: neverIssued(rightKey, 1), oldKey: neverIssued(rightKey, 3) };
  const rows = [
    ...badCredentialsFor(keys).map((row) => [row.name, row.credentials(keys, word('API'))] as const),
    ['the right key', credentials] as const,
    ['the right key, basic', basic(word('API'), named('key', rightKey), rightKey, 'basic')] as const,
    ['another key, BASIC', basic(word('API'), named('other', keys.otherKey), rightKey, 'BASIC')] as const,
    ['none', none] as const,
    ['no scheme', header('key', rightKey)] as const,
    ['the key as both', basic(named('key', rightKey), named('key', rightKey), rightKey)] as const,
  ];
  test('call by call', async ({ host, askerOf }) => {
    const { url, requests } = await host((_request, response) => status(401)(response));
    const asker = askerOf(url);
    for (const [name, sent] of rows) {
      const before = asker.tally.wrongKeys;
      await asker.ask({ ...get, credentials: sent });
      expect(asker.tally.wrongKeys - before, name).toBe(isWrong(requests.at(-1)?.headers.authorization) ? 1 : 0);
    }
    expect(asker.tally.wrongKeys).toBeGreaterThan(15);
    expect(asker.tally).toMatchObject({ requests: requests.length, calls: rows.length });
  });
  test('again for each retry', async ({ host, askerOf }) => {
    const { url } = await host((_request, response) => status(403)(response));
    const asker = askerOf(url);
    await asker.ask({ ...get, credentials: basic(word('API'), named('other', new Secret('another-key')), rightKey) });
    expect(asker.tally).toMatchObject({ requests: 2, wrongKeys: 2, calls: 1 });
  });
});

test('a missing answer is returned, not thrown', async () => {
  const { client } = hostOf(() => silence('tls'));
  await expect(createAsker({ client, pace: unlimited, pauseMs: 1 }).ask(get)).resolves.toMatchObject({
    outcome: { kind: 'unusable', cause: 'tls' },
  });
});
