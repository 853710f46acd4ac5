/** Other spellings of paths: for which resources they are sent, byte for byte, and only once. */
import { expect } from '@playwright/test';
import { accepted } from '../src/ask/accepted.ts';
import { createAsker } from '../src/ask/asker.ts';
import { spellings } from '../src/ask/cases/spellings.ts';
import { none } from '../src/ask/credentials.ts';
import { createPace } from '../src/ask/pace.ts';
import { refused } from '../src/ask/refused.ts';
import { neverIssued, type Subject } from '../src/ask/subject.ts';
import type { Request } from '../src/http/client.ts';
import { loadProduct } from '../src/specifications/load.ts';
import type { Operation } from '../src/specifications/model.ts';
import { type Answer, hostOf, jsonOf, response, silence, those } from './histories.ts';
import { rightKey, test } from './small-hosts.ts';

const list = jsonOf('array');

test.describe('a path in another spelling', () => {
  const given = { text: '00ab', literal: false };
  const word = (text: string) => ({ text, literal: true });
  const all = (...segments: { readonly text: string; readonly literal: boolean }[]) => spellings.map(({ respell }) => respell(segments));
  test('has every kind of spelling', () =>
    expect(all(word('flows'))).toEqual(['/flows/', '//flows', '/Flows', '/%66lows', '/./flows', '/flows%2F']));
  test('keeps its ids', () =>
    expect(all(given, word('Validate'))).toEqual([
      '/00ab/Validate/',
      '//00ab/Validate',
      '/00ab/validate',
      '/00ab/%56alidate',
      '/./00ab/Validate',
      '/00ab/Validate%2F',
    ]));
  test('changes a letter if there is one', () => {
    expect(all(word('2024'), given).slice(2, 4)).toEqual([undefined, undefined]);
    expect(all(word('2024'), word('%7Ea')).slice(2, 4)).toEqual(['/2024/%7EA', '/2024/%7E%61']);
  });
});

const bringsKey = ({ credentials }: Request): boolean => /^Basic .* : key$/i.test(credentials);

interface Asked extends Partial<Omit<Subject, 'spec' | 'asker'>> {
  readonly operations?: readonly Operation[];
  /** Replaces the documented answers for requests where it returns one. */
  readonly instead?: (request: Request) => Answer | undefined;
}

/** Asks both histories of a host that keeps its promises but answers undocumented paths with `odd`. */
async function ask(
  odd: (request: Request) => Answer,
  { operations = loadProduct('leadconduit').operations, instead = () => undefined, ...differences }: Asked = {},
) {
  const spec = { ...loadProduct('leadconduit'), operations };
  const documented = new Set(operations.map(({ path }) => path.replaceAll(/\{\w+\}/g, '0'.repeat(24))));
  const isOdd = ({ path }: Request): boolean => !documented.has(path.replace(/\?.*/, ''));
  const host = hostOf((request) => (isOdd(request) ? odd(request) : (instead(request) ?? (bringsKey(request) ? list : 401))));
  const asker = createAsker({ client: host.client, pace: createPace({ perSecond: undefined, atOnce: 10 }), pauseMs: 1 });
  const keys = { key: rightKey, otherKey: neverIssued(rightKey, 1) };
  const own = { keys, seed: 7, embedded: false, resetsKey: false, gentle: false, unsafeMethods: false, ids: {} };
  const subject: Subject = { spec, asker, ...own, ...differences };
  const history = await accepted(subject);
  const recorded = { first: history, second: await refused(subject, history) };
  return { ...recorded, recorded, subject, sent: host.sent, odd: host.sent.filter(isOdd) };
}

const operation = (path: string, differences: Partial<Operation> = {}): Operation => ({
  ...(loadProduct('leadconduit').operations[0] as Operation),
  id: `GET ${path}`,
  path,
  ...differences,
});
const flows = operation('/flows');
const id = { name: 'id', in: 'path', required: true, example: '0'.repeat(24) } as const;
const limit = { name: 'limit', in: 'query', required: false, example: '1' } as const;

test.describe('what is sent', () => {
  const ofFlows = ['/flows/', '//flows', '/Flows', '/%66lows', '/./flows', '/flows%2F'];
  const paths = (requests: readonly Request[]) => requests.map(({ path }) => path);

  test('off loopback: the control’s spellings, once each, without credentials', async () => {
    const { odd } = await ask(() => 404, { gentle: true });
    expect(paths(odd)).toEqual(ofFlows);
    expect(odd.every(({ method, authorization }) => method === 'GET' && authorization === undefined)).toBe(true);
  });
  test('on loopback: the spellings of every resource that can be read with the right key', async () => {
    const { odd, first, subject } = await ask(() => 404);
    const read = subject.spec.operations.filter(({ id }) => first.rows.some((each) => each.about === 'operation' && each.operation === id));
    expect(read.length).toBeGreaterThan(10);
    expect(odd).toHaveLength(read.length * spellings.length);
    expect(paths(odd)).toContain('/Events/stats');
  });
  test('on the embedded host: also paths with ids, which are never changed', async () => {
    const { odd } = await ask(() => 404, { embedded: true });
    expect(paths(odd)).toContain(`/Flows/${'0'.repeat(24)}/fields`);
    expect(
      paths(odd).filter((each) => /sources/i.test(each)),
      'what has side effects',
    ).toEqual([]);
  });
  test('with an unchanged query', async () => {
    const { odd } = await ask(() => 404, { operations: [operation('/events', { parameters: [limit] })] });
    expect(paths(odd)).toEqual(
      ['/events/', '//events', '/Events', '/%65vents', '/./events', '/events%2F'].map((each) => `${each}?limit=1`),
    );
  });
  test('none if the path has no literal segment, or if the right key got no 2xx', async () => {
    const operations = [
      flows,
      operation('/'),
      operation('/{id}', { parameters: [id] }),
      operation('/declared'),
      operation('/gone'),
      operation('/closed'),
    ];
    const answers: Readonly<Record<string, Answer>> = {
      '/declared': response(404, { shape: { declared: true } }),
      '/gone': 404,
      '/closed': 401,
    };
    const instead = (request: Request) => (bringsKey(request) ? answers[request.path] : undefined);
    const { odd, first } = await ask(() => 404, { operations, instead, embedded: true });
    expect(paths(odd)).toEqual(ofFlows);
    const accepting = first.rows.filter((each) => each.about === 'operation' && each.trial.outcome.kind === 'accepted');
    expect(accepting.map(({ name }) => name)).toEqual(['GET /flows', 'GET /', 'GET /{id}', 'GET /declared']);
  });
  test('a made-up sibling, once, if an answer looks like the accepted one', async () => {
    const looks = await ask(({ path }) => (/-7x$/.test(path) ? 404 : list), { gentle: true });
    expect(paths(looks.odd)).toEqual([...ofFlows, '/flows-7x', '/']);
    expect(looks.odd.every(({ authorization }) => authorization === undefined)).toBe(true);
    const differs = await ask(() => jsonOf('object'), { gentle: true });
    expect(paths(differs.odd)).toEqual(ofFlows);
  });
  test('a sibling again if its answer is unusable', async () => {
    const { odd, recorded } = await ask(({ path }) => (path === '/flows-7x' ? 503 : path === '/flows/' ? list : 404), { gentle: true });
    expect(paths(odd)).toEqual([...ofFlows, '/flows-7x', '/flows-7x']);
    expect(those('violates', recorded)).toEqual(['auth-required']);
  });
  test('no retries, and a host is never unstable because of spellings', async () => {
    for (const answer of [403, 503, 429, 423, silence('unreachable')]) {
      const { odd, second, subject, recorded } = await ask(() => answer);
      expect(odd.length % spellings.length).toBe(0);
      expect(new Set(paths(odd)).size).toBe(odd.length);
      expect(second).toMatchObject({ unstable: false, givenUp: undefined, unaskedSpellings: 0 });
      expect(subject.asker.tally.askedAgain).toBe(0);
      expect([...those('violates', recorded), ...those('inconclusive', recorded)]).toEqual([]);
    }
  });
  test('only a few timeouts on a host that does not answer them', async () => {
    const { odd, recorded } = await ask(() => silence('timeout'));
    expect(odd.length).toBeLessThanOrEqual(9);
    expect([...those('violates', recorded), ...those('inconclusive', recorded)]).toEqual([]);
  });
  test('nothing that counts as a call or as a wrong key', async () => {
    const { subject, second, sent } = await ask(() => 404, { gentle: true });
    const { tally } = subject.asker;
    expect(tally.requests).toBe(sent.length);
    expect(tally.calls).toBe(sent.length - (second?.spellings.length ?? 0));
  });
  test('byte for byte, below the base URL', async ({ host, askerOf }) => {
    const { url, requests } = await host((_request, answer) => answer.end());
    const asker = askerOf(new URL('/api', url));
    const odd = ['/flows/', '//flows', '/%66lows', '/./flows', '/a/../flows', '/flows%2F'];
    for (const path of odd) await asker.once({ operation: flows, method: 'GET', credentials: none, path });
    expect(requests.map((each) => each.url)).toEqual(odd.map((path) => `/api${path}`));
  });
});

test('a host that locks the account out because of odd paths is judged by its earlier answers', async () => {
  let probes = 0;
  const { odd, second, recorded } = await ask(
    () => {
      probes += 1;
      return 404;
    },
    { instead: (request) => (probes > 9 && bringsKey(request) ? 401 : undefined) },
  );
  expect(second).toMatchObject({ givenUp: 'locked-out', unasked: 0 });
  expect(second?.unaskedSpellings).toBeGreaterThan(50);
  expect(odd.length).toBeLessThanOrEqual(18);
  expect(those('inconclusive', recorded)).toEqual(['auth-required']);
});
