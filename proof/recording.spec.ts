import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openAsking } from '../src/ask/asking.ts';
import { record } from '../src/ask/record.ts';
import { recordingsOf, watch } from '../src/ask/reset-by-hand.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import type { Change } from '../src/host/behavior.ts';
import { startHost } from '../src/host/host.ts';
import { judgeByHand } from '../src/judge/by-hand.ts';
import { Secret } from '../src/keys/secret.ts';
import { handedOver } from '../src/recording/handover.ts';
import { type Recorded, toHar } from '../src/recording/har.ts';
import type { HistoryKind } from '../src/recording/recording.ts';
import type { KeyReset } from '../src/recording/reset.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { type ProductId, productIds } from '../src/specifications/model.ts';
import { exchange, first, recorded as recordingOf, response, row, silence, trial, without } from './histories.ts';
import { all, expectToComeBack, facts, recordedBy, textsOf, withFacts } from './recordings.ts';
import { embedded } from './run.ts';
import { expect, test } from './test.ts';

const hurry = { pauseMs: 5, settlingMs: 20 };

test('a run on the embedded host is read back, from less than 4 MB', async () => {
  const keys: Secret[] = [];
  const asking = await openAsking(embedded, { ...hurry, onKey: (key) => keys.push(key) });
  try {
    const recorded = await recordedBy(asking);
    expect(keys.length).toBeGreaterThan(3);
    expectToComeBack(recorded, keys);
    const { account, products } = textsOf(recorded);
    expect(account).toBeUndefined();
    expect(products).toHaveLength(productIds.length);
    expect(products.reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(4_000_000);
  } finally {
    await asking.close();
  }
});

test.describe('a reset by command', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recording-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The recording of two products with one account that is reset, with a login command in JavaScript. */
  async function recordedReset(login: string): Promise<readonly Recorded[]> {
    const host = await startHost({ products: loadProducts() });
    const account = host.openAccount();
    const script = (name: string, body: string): string => {
      const file = join(folder, `${name}.js`);
      writeFileSync(file, `const at = '${host.account}/accounts/${account.id}';\n(async () => { ${body} })();`);
      return `'${process.execPath}' '${file}'`;
    };
    const values = {
      ACTIVEPROSPECT_API_KEY: account.key,
      LEADCONDUIT_URL: host.urlOf('leadconduit'),
      SUPPRESSIONLIST_URL: host.urlOf('suppressionlist'),
      RESET_COMMAND: script(
        'reset',
        `console.log(await (await fetch(at + '/reset', { method: 'POST', headers: { Accept: 'text/plain' } })).text());`,
      ),
      LOGIN_COMMAND: script('login', login),
    };
    const keys = [new Secret(account.key)];
    const configuration = readConfiguration({ values, problems: [], warnings: [] });
    const asking = await openAsking(configuration, { ...hurry, reset: true, onKey: (key) => keys.push(key) });
    try {
      const recorded = await recordedBy(asking, undefined, 'account');
      expect(keys).toHaveLength(2);
      return expectToComeBack(recorded, keys);
    } finally {
      await asking.close();
      await host.close();
    }
  }

  test('an account’s reset is read back for each product, and its calls are in one file', async () => {
    const back = await recordedReset(`await fetch(at + '/logins/' + process.env.PRODUCT, { method: 'POST' });`);
    const [one, other] = back.map(({ recording }) => recording.reset as KeyReset);
    expect(one?.product).toBe('leadconduit');
    expect(other?.product).toBe('suppressionlist');
    expect(one?.probes.length).toBeGreaterThan(100);
    expect(one?.probes).toBe(other?.probes);
    expect(one?.moments).toBe(other?.moments);
    const urls = new Set(back.flatMap((each) => toHar(each).log.entries.map(({ request }) => new URL(request.url).origin)));
    expect(urls.size, 'no file of a product holds calls to the other').toBe(2);
    for (const each of back) expect(new Set(toHar(each).log.entries.map(({ request }) => new URL(request.url).origin)).size).toBe(1);
  });

  test('a login whose command failed ends at infinity, also when read back', async () => {
    const [one] = await recordedReset('process.exitCode = 5;');
    expect(one?.recording.reset?.failed?.command).toBe('LOGIN_COMMAND');
    expect(one?.recording.reset?.moments.at(-1)?.endedAt).toBe(Number.POSITIVE_INFINITY);
  });
});

test('an error of the suite in the middle of a reset is reported, and the other products are recorded', async () => {
  const behavior: Change = () => ({
    reset: () => {
      throw new Error('a bug of ours');
    },
  });
  const asking = await openAsking(embedded, { behavior, settlingMs: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  const needs = (product: ProductId): ReadonlySet<HistoryKind> => new Set(product === 'leadconduit' ? all : ['accepted']);
  try {
    await expect(record(asking, needs, folder, facts()).ended).rejects.toThrow('a bug of ours');
    await expect(handedOver(folder, 'leadconduit')).rejects.toThrow('a bug of ours');
    expect((await handedOver(folder, 'trustedform')).recording.holds).toEqual(['accepted']);
  } finally {
    await asking.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a reset by a person is read back and judged the same', async () => {
  const host = await startHost({ products: loadProducts() });
  const account = host.openAccount();
  const fresh = new Secret(host.reset(account.id));
  host.login(account.id, 'leadconduit');
  const values = { LEADCONDUIT_URL: host.urlOf('leadconduit'), SUPPRESSIONLIST_URL: host.urlOf('suppressionlist') };
  const configuration = readConfiguration({ values, problems: [], warnings: [] }, true);
  const asking = await openAsking({ ...configuration, key: fresh }, { pauseMs: 1 });
  const { resets: watched } = watch({
    subjects: asking.subjects,
    oldKey: new Secret(account.key),
    newKey: fresh,
    waitMs: 200,
    now: () => performance.now(),
    earlier: [],
    loggedIn: {},
    everyMs: { first: 20, most: 40 },
    onChange: () => {},
  });
  const resets = await watched;
  await asking.close();
  await host.close();
  const recordings = recordingsOf(resets, { subjects: asking.subjects, oldKey: new Secret(account.key) });
  const recorded = recordings.map((recording) =>
    withFacts(recording, {
      command: 'verify-reset',
      clockZero: performance.timeOrigin,
      kind: 'own',
    }),
  );
  const back = expectToComeBack(recorded, [new Secret(account.key), fresh]).map(({ recording }) => recording);
  expect(back.map(({ reset }) => reset?.moments.at(-1)?.endedAt)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  const results = judgeByHand(recordings);
  expect(results.flatMap(({ judgement }) => (judgement.kind === 'checked' ? judgement.checks : [])).length).toBeGreaterThan(3);
  expect(isDeepStrictEqual(judgeByHand(back), results)).toBe(true);
});

test.describe('what an answer may contain', () => {
  const entryOf = (answer: Parameters<typeof exchange>[0], circumstances: Parameters<typeof exchange>[1] = {}) => {
    const recorded = withFacts(
      recordingOf({ first: first([row('operation', trial(exchange(answer, circumstances)))]), second: undefined }),
    );
    expectToComeBack([recorded]);
    const [entry] = toHar(recorded).log.entries.filter(({ _startedAt }) => _startedAt === (circumstances.startedAt ?? 0));
    if (entry === undefined) throw new Error('the call is in the file');
    return entry;
  };
  const at = { startedAt: -1234.5 };

  test('repeated headers are kept with their order, spelling and bytes', () => {
    const bytes = String.fromCharCode(...Array.from({ length: 224 }, (_, index) => index + 32));
    const headers = [
      ['set-cookie', 'b=1'],
      ['X-Odd', bytes],
      ['Set-Cookie', 'a=2'],
      ['Location', '/there'],
    ] as const;
    const { response: answered } = entryOf(response(302, { headers }), at);
    expect(answered.headers).toEqual(headers.map(([name, value]) => ({ name, value })));
    expect(answered.redirectURL).toBe('/there');
  });
  test('a dropped body has a size and no text; a kept one has both, whatever it contains', () => {
    expect(entryOf(response(200, { bodyBytes: 512 }), at).response.content).toEqual({ size: 512, mimeType: '' });
    const body = 'null \u0000 \u2028 \ud800 never';
    expect(entryOf(response(403, { body, bodyBytes: 2 ** 23, cut: true }), at).response.content).toMatchObject({
      size: 2 ** 23,
      text: body,
    });
  });
  test('no answer has status 0 and says why; an answer without a status is still one', () => {
    expect(entryOf(silence('tls'), at).response).toMatchObject({ status: 0, _silence: { cause: 'tls', detail: 'nothing came' } });
    expect(entryOf(response(0, { reason: 'odd' }), at).response).toMatchObject({ status: 0, statusText: 'odd', _answer: {} });
  });
  test('each fact about an answer is kept by itself', () => {
    for (const member of ['html', 'onlyError', 'declared'] as const)
      expect(entryOf(response(200, { shape: { [member]: true } }), at).response._answer).toEqual({ [member]: true });
    for (const json of ['object', 'array'] as const)
      expect(entryOf(response(200, { shape: { json } }), at).response._answer).toEqual({ json });
    expect(entryOf(response(200, { revealsKey: true }), at).response._answer).toEqual({ revealsKey: true });
    expect(entryOf(200, { ...at, carriesKeyRun: true }).request._carriesKeyRun).toBe(true);
    expect(entryOf(200, { ...at, reusedConnection: true })._reusedConnection).toBe(true);
  });
  test('credentials are marked as symbolic, and a call without any has no such header', () => {
    const { request } = entryOf(200, at);
    expect(request.headers).toEqual([{ name: 'Authorization', value: 'as the row says', _symbolic: true }]);
    const plain = exchange(200);
    const none = { ...plain, request: { ...plain.request, credentials: 'none', url: 'https://lead.test/../a?x=%2e&y&z=1=2', body: '{}' } };
    const recorded = withFacts(recordingOf({ first: first([], { search: [trial(none)], rows: [] }), second: undefined }));
    expectToComeBack([recorded]);
    const sent = toHar(recorded).log.entries[0]?.request;
    expect(sent).toMatchObject({ headers: [], url: 'https://lead.test/../a?x=%2e&y&z=1=2', bodySize: 2, postData: { text: '{}' } });
    expect(sent?.queryString.map(({ name, value }) => [name, value])).toEqual([
      ['x', '%2e'],
      ['y', ''],
      ['z', '1=2'],
    ]);
  });
  test('an exchange of several rows is one entry and one object, and one without a row is kept', () => {
    const shared = trial(exchange(401, at));
    const apart = exchange(204, { startedAt: 5 });
    const rows = [row('operation', shared), row('head', shared)];
    const recorded = { ...withFacts(recordingOf({ first: without([], { rows }), second: undefined })), others: [apart] };
    const [back] = expectToComeBack([recorded]);
    expect(toHar(recorded).log.entries).toHaveLength(2);
    expect(back?.recording.first.rows[0]?.trial.exchanges[0]).toBe(back?.recording.first.rows[1]?.trial.exchanges[0]);
    expect(back?.others).toEqual([apart]);
  });
  test('a value that JSON cannot represent is an error, not lost', () => {
    for (const usernameBytes of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => toHar(withFacts(recordingOf({ first: first([row('operation', trial(200), { usernameBytes })]) })))).toThrow(
        'cannot store',
      );
  });
});
