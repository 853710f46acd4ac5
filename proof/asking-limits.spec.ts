/** How fast requests are sent, how few go to a host that is down, and none to a product that was given up. */
import { expect } from '@playwright/test';
import { openAsking } from '../src/ask/asking.ts';
import type { Call } from '../src/ask/call.ts';
import { basic, named, word } from '../src/ask/credentials.ts';
import { gentlePerSecond } from '../src/ask/estimate.ts';
import { createPace } from '../src/ask/pace.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { loadProduct } from '../src/specifications/load.ts';
import type { Operation } from '../src/specifications/model.ts';
import { embedded } from './run.ts';
import { rightKey, test } from './small-hosts.ts';

const [flows] = loadProduct('leadconduit').operations as [Operation];
const get: Call = { operation: flows, method: 'GET', credentials: basic(word('API'), named('key', rightKey), rightKey) };
const times = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

test.describe('the pace, as the host sees it', () => {
  test('the configured number of requests per second, without bursts', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.end());
    const asker = askerOf(url, { pace: createPace({ perSecond: 25, atOnce: 10 }) });
    const begun = performance.now();
    await Promise.all(times(20).map(() => asker.ask(get)));
    // 40 ms apart from the first: a request may be late, but never early.
    for (const [index, at] of arrivals.entries()) expect(at - begun, `no. ${index}`).toBeGreaterThan(index * 40 - 5);
    expect(arrivals).toHaveLength(20);
  });
  test('retries keep to it as well', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.writeHead(403).end());
    const asker = askerOf(url, { pace: createPace({ perSecond: 25, atOnce: 10 }) });
    const begun = performance.now();
    await Promise.all(times(6).map(() => asker.ask(get)));
    expect(arrivals).toHaveLength(12);
    expect((arrivals.at(-1) ?? 0) - begun).toBeGreaterThan(11 * 40 - 5);
  });
  test('the configured number of open requests, over all connections', async ({ host, askerOf }) => {
    let open = 0;
    let most = 0;
    const { url, requests } = await host((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 15);
    });
    const asker = askerOf(url, { pace: createPace({ perSecond: undefined, atOnce: 3 }) });
    const pinned = times(4).map(() => asker.pinned());
    await Promise.all([...times(12).map(() => asker.ask(get)), ...pinned.map((each) => each.ask(get))]);
    for (const each of pinned) each.closeIdle();
    expect(requests).toHaveLength(16);
    expect(most).toBe(3);
  });
  test('one pace for two products on one host', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.end());
    const pace = createPace({ perSecond: 25, atOnce: 3 });
    const askers = [askerOf(url, { pace }), askerOf(url, { pace })];
    const begun = performance.now();
    await Promise.all(askers.flatMap((asker) => times(5).map(() => asker.ask(get))));
    expect((arrivals.at(-1) ?? 0) - begun).toBeGreaterThan(9 * 40 - 5);
  });
  test('the announced time is that of the host with the most requests', async () => {
    const announced = async (...urls: readonly [string, string]) => {
      const values = { ACTIVEPROSPECT_API_KEY: rightKey.reveal(), LEADCONDUIT_URL: urls[0], SUPPRESSIONLIST_URL: urls[1] };
      const asking = await openAsking(readConfiguration({ values, problems: [], warnings: [] }));
      await asking.close();
      return asking.estimate(() => new Set(['accepted', 'refused']));
    };
    const one = await announced('https://gateway.test/lead', 'https://gateway.test/list');
    expect(one.seconds).toBe(one.requests / gentlePerSecond);
    const two = await announced('https://lead.test', 'https://list.test');
    expect(two.requests).toBe(one.requests);
    expect(two.seconds).toBeLessThan((one.seconds as number) * 0.7);
  });
  test('the announced number includes the products that only show whom a reset reaches', async () => {
    const asking = await openAsking(embedded, { settlingMs: 0 });
    const announced = asking.estimate((product) => new Set(product === 'suppressionlist' ? ['reset'] : []));
    await asking.recorded('suppressionlist', new Set(['reset']));
    await asking.close();
    expect(asking.tally()).toEqual({ requests: announced.requests, wrongKeys: announced.wrongKeys });
  });
  test('failed work frees its slot', async () => {
    const pace = createPace({ perSecond: undefined, atOnce: 1 });
    await expect(pace.turn(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(pace.turn(async () => 'next')).resolves.toBe('next');
  });
});

test.describe('a host that is down', () => {
  test('costs only a few calls, one after another', async ({ socketHost, askerOf }) => {
    let connections = 0;
    const url = await socketHost((socket) => {
      connections += 1;
      socket.destroy();
    });
    const asker = askerOf(url, { pauseMs: 1 });
    const outcomes = [];
    for (const _ of times(30)) outcomes.push((await asker.ask(get)).outcome);
    expect(connections).toBeLessThanOrEqual(10);
    expect(outcomes.at(0)).toEqual({ kind: 'unusable', cause: 'unreachable' });
    expect(outcomes.at(-1)).toEqual({ kind: 'unasked', cause: 'unreachable' });
    expect(asker.givenUp).toBe('unreachable');
  });
  test('costs only a few timeouts, however many calls are waiting', async ({ socketHost, askerOf }) => {
    let requests = 0;
    const url = await socketHost((socket) =>
      socket.on('data', () => {
        requests += 1;
      }),
    );
    const asker = askerOf(url, { pauseMs: 1, timeoutMs: 60, pace: createPace({ perSecond: undefined, atOnce: 3 }) });
    const trials = await Promise.all(times(60).map(() => asker.ask(get)));
    expect(requests).toBeLessThanOrEqual(20);
    expect(trials.at(-1)?.outcome).toEqual({ kind: 'unasked', cause: 'timeout' });
  });
  test('is not one that drops some calls in a row and answers others, once', async ({ host, askerOf }) => {
    let dropsAll = false;
    const { url } = await host((request, response) =>
      dropsAll || request.headers['x-odd'] !== undefined ? response.socket?.destroy() : response.end(),
    );
    const dropped: Call = { ...get, headers: [['X-Odd', '1']] };
    const asker = askerOf(url, { pauseMs: 1 });
    expect((await asker.ask(get)).outcome.kind).toBe('accepted');
    for (const _ of times(5)) await asker.ask(dropped);
    expect(asker.givenUp).toBeUndefined();
    for (const _ of times(5)) await asker.ask(dropped);
    expect(asker.givenUp).toBe('unreachable');
    const another = askerOf(url, { pauseMs: 1 });
    await another.ask(get);
    dropsAll = true;
    for (const _ of times(5)) await another.ask(get);
    expect(another.givenUp, 'the accepted call is dropped too').toBe('unreachable');
  });
  test('is not one that sometimes answers', async ({ host, askerOf }) => {
    const { url } = await host((_request, response, before) => (before % 8 === 0 ? response.end() : response.socket?.destroy()));
    const asker = askerOf(url, { pauseMs: 1 });
    for (const _ of times(20)) await asker.ask(get);
    expect(asker.givenUp).toBeUndefined();
  });
});

test.describe('a host that locks the account out gets no more calls', () => {
  test('423: waiting calls are not sent', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.writeHead(423).end());
    const asker = askerOf(url, { pace: createPace({ perSecond: undefined, atOnce: 2 }) });
    const trials = await Promise.all(times(30).map(() => asker.ask(get)));
    expect(asker.givenUp).toBe('locked-out');
    expect(arrivals.length, 'no more than were open already').toBeLessThanOrEqual(3);
    expect(trials.at(-1)).toEqual({ exchanges: [], outcome: { kind: 'unasked', cause: 'locked-out' } });
    expect(asker.tally.requests).toBe(arrivals.length);
  });
  test('423: unsent calls take no time', async ({ host, askerOf }) => {
    const { url } = await host((_request, response) => response.writeHead(423).end());
    const asker = askerOf(url, { pace: createPace({ perSecond: 10, atOnce: 2 }) });
    const started = performance.now();
    await Promise.all(times(40).map(() => asker.ask(get)));
    expect(performance.now() - started).toBeLessThan(2000);
  });
  test('423: pending retries are not sent', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response, before) => response.writeHead(before === 0 ? 503 : 423).end());
    const asker = askerOf(url, { pauseMs: 1500 });
    const pausing = asker.ask(get);
    await expect.poll(() => arrivals.length).toBe(1);
    await Promise.all([pausing, asker.ask(get)]);
    expect(arrivals).toHaveLength(2);
  });
  test('423: answers that could no longer be confirmed do not count', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response, before) => {
      if (before === 0) setTimeout(() => response.writeHead(403).end(), 1000);
      else response.writeHead(423).end();
    });
    const asker = askerOf(url);
    const unconfirmed = asker.ask(get);
    await expect.poll(() => arrivals.length).toBe(1);
    await asker.ask(get);
    expect((await unconfirmed).outcome).toEqual({ kind: 'unusable', cause: 'locked-out' });
    expect(arrivals).toHaveLength(2);
  });
  test('429 twice in a row', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.writeHead(429).end());
    const asker = askerOf(url, { pauseMs: 1 });
    expect((await asker.ask(get)).outcome).toEqual({ kind: 'unusable', cause: 'throttled' });
    expect((await asker.ask(get)).outcome).toEqual({ kind: 'unasked', cause: 'throttled' });
    expect(arrivals).toHaveLength(2);
  });
  test('but not after a single 429', async ({ host, askerOf }) => {
    const { url } = await host((_request, response, before) => response.writeHead(before === 0 ? 429 : 200).end());
    const asker = askerOf(url, { pauseMs: 1 });
    await asker.ask(get);
    expect(asker.givenUp).toBeUndefined();
  });
  test('and not after a 429 that follows another answer', async ({ host, askerOf }) => {
    const { url } = await host((_request, response, before) => response.writeHead(before === 0 ? 503 : before === 1 ? 429 : 200).end());
    const asker = askerOf(url, { pauseMs: 1 });
    await asker.ask(get);
    expect(asker.givenUp).toBeUndefined();
    expect((await asker.ask(get)).outcome).toEqual({ kind: 'accepted' });
  });
  test('if its asker is stopped, for the first reason given', async ({ host, askerOf }) => {
    const { url, arrivals } = await host((_request, response) => response.end());
    const asker = askerOf(url);
    asker.giveUp('locked-out');
    asker.giveUp('unstable');
    const pinned = asker.pinned();
    for (const { ask } of [asker, pinned]) expect((await ask(get)).outcome).toEqual({ kind: 'unasked', cause: 'locked-out' });
    pinned.closeIdle();
    expect(arrivals).toEqual([]);
    expect(asker.tally).toMatchObject({ calls: 0, requests: 0 });
  });
});
