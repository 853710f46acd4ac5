/** How the first two histories are asked of a host in memory: in which order, how many calls, and what ends them. */
import { randomBytes } from 'node:crypto';
import { accepted, isUnstable } from '../src/ask/accepted.ts';
import { createAsker } from '../src/ask/asker.ts';
import { createPace } from '../src/ask/pace.ts';
import { refused } from '../src/ask/refused.ts';
import { neverIssued, type Subject } from '../src/ask/subject.ts';
import type { Request } from '../src/http/client.ts';
import { Secret } from '../src/keys/secret.ts';
import { loadProduct } from '../src/specifications/load.ts';
import { type ProductId, type ProductSpec, productIds } from '../src/specifications/model.ts';
import { type Answer, hostOf, html, judged, noting, refusalWith, response, silence, those } from './histories.ts';
import { expect, test } from './test.ts';

const key = new Secret(randomBytes(20).toString('hex'));

/** Numbers from 0 to 1, the same for the same seed (the minimal standard generator of Park and Miller). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const bringsKey = ({ credentials }: Request): boolean => /^Basic .* : key$/i.test(credentials);
const under =
  (username: string) =>
  (request: Request): boolean =>
    request.credentials.startsWith(`Basic ${username} : `);
const asDocumented = (request: Request): Answer => (bringsKey(request) ? 200 : 401);
const isPublic = ({ method, path }: Request, spec: ProductSpec): boolean =>
  spec.operations.some(
    (each) => !each.protected && each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}(\\?|$)`).test(path),
  );

interface Asked extends Partial<Omit<Subject, 'spec' | 'asker'>> {
  readonly product?: ProductId;
  readonly atOnce?: number;
}

/** Asks both histories of a user's own host, by default on loopback. Public operations are always answered. */
async function ask(
  answer: (request: Request, before: number) => Answer,
  { product = 'leadconduit', atOnce = 10, ...differences }: Asked = {},
) {
  const spec = loadProduct(product);
  const host = hostOf((request, before) => (isPublic(request, spec) ? 200 : answer(request, before)));
  const asker = createAsker({ client: host.client, pace: createPace({ perSecond: undefined, atOnce }), pauseMs: 1 });
  const keys = { key, otherKey: neverIssued(key, 1) };
  const own = { keys, seed: 1, embedded: false, resetsKey: false, gentle: false, unsafeMethods: false, ids: { cert_id: 'a'.repeat(40) } };
  const subject: Subject = { spec, asker, ...own, ...differences };
  const first = await accepted(subject);
  const inFirst = host.sent.length;
  const second = await refused(subject, first);
  return { first, second, subject, sent: host.sent, sentInSecond: host.sent.slice(inFirst) };
}

/** Answers like this from this number of bad credentials on. */
function after(number: number, then: (request: Request, wrong: number) => Answer): (request: Request) => Answer {
  let wrong = 0;
  return (request) => {
    if (!bringsKey(request)) wrong += 1;
    return wrong < number ? asDocumented(request) : then(request, wrong);
  };
}

test('a host that keeps its promises conforms, product by product', async () => {
  for (const product of productIds) {
    const { first, second } = await ask(asDocumented, { product });
    expect([...those('violates', { first, second }), ...those('inconclusive', { first, second })], product).toEqual([]);
  }
});

test.describe('the first history', () => {
  test('a host that never answers costs one call, sent twice', async () => {
    const { first, second, sent } = await ask(() => silence('timeout'));
    expect(sent).toHaveLength(2);
    expect(second).toBeUndefined();
    expect(judged('auth-required', { first, second })).toMatchObject({ verdict: 'inconclusive', causes: ['timeout'] });
  });
  test('a host without any usable answer costs only a few calls', async () => {
    const { first, second, sent } = await ask(() => 503);
    expect(sent.length).toBeLessThan(10);
    expect(judged('failure-body', { first, second })).toMatchObject({ verdict: 'inconclusive', causes: ['unreachable'] });
  });
  test('a key that is refused everywhere is not followed by wrong ones', async () => {
    const { first, second, sent } = await ask(() => 401);
    expect(sent.every(bringsKey)).toBe(true);
    expect(judged('bad-key-refused', { first, second })).toMatchObject({ verdict: 'inconclusive', causes: ['key-refused'] });
  });
  test('the control is the first operation that accepts the key, in the specification’s order', async () => {
    const { first } = await ask((request) => (request.path === '/flows' ? 503 : asDocumented(request)));
    expect(first.control).toEqual({ operation: 'GET /fields', username: 'API' });
  });
  test('if the key is accepted only with X, the control uses X', async () => {
    const { first, second } = await ask((request) => (bringsKey(request) && under('X')(request) ? 200 : 401));
    expect(first.control).toEqual({ operation: 'GET /flows', username: 'X' });
    expect(those('violates', { first, second })).toEqual(['username-ignored']);
  });
  test('a 401 to the right key is followed immediately by a plain control and the same call', async () => {
    const odd = (request: Request) => under('42')(request);
    const { sent } = await ask((request) => (odd(request) ? 401 : asDocumented(request)), { atOnce: 1 });
    const at = sent.findIndex(odd);
    expect(sent.slice(at, at + 3).map(({ path, credentials }) => `${path} ${credentials}`)).toEqual([
      '/flows Basic 42 : key',
      '/flows Basic API : key',
      '/flows Basic 42 : key',
    ]);
  });
  test('another definite answer to the right key is followed by a plain control', async () => {
    const odd = (request: Request) => under('42')(request);
    const { first, second, sent } = await ask((request) => (odd(request) ? 403 : asDocumented(request)), { atOnce: 1 });
    const at = sent.findIndex(odd);
    expect(sent.slice(at, at + 3).map(({ credentials }) => credentials)).toEqual(['Basic 42 : key', 'Basic 42 : key', 'Basic API : key']);
    expect(those('violates', { first, second })).toEqual(['username-ignored']);
  });
  test('a host that answers every call like this from then on does not violate', async () => {
    const { first, second } = await ask((request, before) => (before < 30 ? asDocumented(request) : 403));
    expect(those('violates', { first, second })).toEqual([]);
    expect(judged('username-ignored', { first, second })).toMatchObject({ verdict: 'inconclusive', causes: ['no-control'] });
  });
  test('a host with one intermittent 401 gets no more calls', async () => {
    let flapped = false;
    const { first, second, sentInSecond } = await ask((request) => {
      if (!under('42')(request) || flapped) return asDocumented(request);
      flapped = true;
      return 401;
    });
    expect(sentInSecond).toEqual([]);
    expect(those('violates', { first, second })).toEqual([]);
    expect(judged('key-for-all-calls', { first, second }).causes).toEqual(['unstable']);
  });
  test('usernames that a firewall answers do not hide that other calls need retries', async () => {
    const blocked = (request: Request): boolean => /["']/.test(request.credentials);
    const answer = (request: Request, before: number): Answer =>
      blocked(request) ? html(403) : before % 12 === 5 ? 503 : asDocumented(request);
    expect((await ask(answer)).first.unstable).toBe(true);
  });
  test('a host that needs a retry in more than one of twenty calls gets no more calls', async () => {
    const { first, second, sentInSecond } = await ask((request, before) => (before % 12 === 5 ? 503 : asDocumented(request)));
    expect(first.unstable).toBe(true);
    expect(sentInSecond).toEqual([]);
    expect(judged('bad-key-refused', { first, second }).causes).toEqual(['unstable']);
  });
});

for (const gentle of [false, true])
  test(`a firewall that drops a few usernames hides no violation, ${gentle ? 'off' : 'on'} loopback`, async () => {
    const dropped = (request: Request): boolean => /['<>]/.test(request.credentials) && bringsKey(request);
    const answer = (request: Request): Answer =>
      dropped(request) ? silence('unreachable') : bringsKey(request) ? 200 : response(401, { body: '{"error":"authentication failed"}\n' });
    const { first, second } = await ask(answer, { product: 'suppressionlist', gentle });
    expect(first.rows.filter(({ trial }) => trial.outcome.kind === 'unusable').length).toBeGreaterThan(2);
    expect(those('violates', { first, second })).toEqual(['failure-body']);
    expect(those('inconclusive', { first, second })).toEqual(['username-ignored']);
  });

test('if one node of three refuses every call, no username is blamed', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = randomOf(seed);
    const { first, second } = await ask((request) => (random() < 1 / 3 ? 401 : asDocumented(request)), { product: 'suppressionlist' });
    expect(
      those('violates', { first, second }).filter((id) => id !== 'key-for-all-calls'),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

test('five of a hundred calls may be retried, but not six', () => {
  expect(isUnstable({ askedAgain: 5, calls: 100 })).toBe(false);
  expect(isUnstable({ askedAgain: 6, calls: 100 })).toBe(true);
  expect(isUnstable({ askedAgain: 0, calls: 0 })).toBe(false);
});

test.describe('the second history', () => {
  test('has at most nine refusals between two controls', async () => {
    const { sentInSecond } = await ask(asDocumented);
    const runs = sentInSecond
      .map((each) => (bringsKey(each) ? '|' : '.'))
      .join('')
      .split('|')
      .map(({ length }) => length);
    expect(Math.max(...runs)).toBeLessThanOrEqual(9);
    expect(runs.at(0)).toBe(0);
    expect(runs.at(-1)).toBe(0);
  });
  test('leaves out usernames with which the key is not accepted', async () => {
    const { sentInSecond } = await ask((request) => (under('42')(request) && bringsKey(request) ? 401 : asDocumented(request)));
    expect(sentInSecond.length).toBeGreaterThan(100);
    expect(sentInSecond.filter(under('42'))).toEqual([]);
  });
  test('sends the follow-up of a call that was accepted only when retried', async () => {
    const cut = 'key, reversed';
    let times = 0;
    const takesOnce = (request: Request): Answer =>
      request.credentials.endsWith(cut) ? ([403, 200][times++] ?? 401) : asDocumented(request);
    const { first, second } = await ask(takesOnce, { gentle: true });
    const letIn = second?.attempts.find(({ credential }) => credential === cut);
    expect(second?.attempts.at(-1)).toMatchObject({ kind: 'another key', username: letIn?.username });
    expect(those('violates', { first, second })).toEqual(['bad-key-refused']);
  });
  test.describe('sends to the control, with If-None-Match,', () => {
    const sentTo = async (etagOf: (request: Request) => string | undefined, gentle: boolean) => {
      const { sentInSecond } = await ask((request) => (bringsKey(request) ? 200 : refusalWith('ETag', etagOf(request))), { gentle });
      return sentInSecond.flatMap(({ method, path, credentials, headers = [] }) =>
        headers
          .filter(([name]) => name === 'If-None-Match')
          .map(([, value]) => `${method} ${path} ${credentials.replace(/^Basic .* : /, '')} ${value}`),
      );
    };
    const etags = (request: Request): string => (request.credentials === 'none' ? 'W/"21-none"' : '"wrong"');
    for (const gentle of [true, false])
      test(`no credentials and another key, with the ETag of their 401 and with *${gentle ? ', off loopback too' : ''}`, async () => {
        expect(await sentTo(etags, gentle)).toEqual([
          'GET /flows none W/"21-none"',
          'GET /flows none *',
          'GET /flows another key "wrong"',
          'GET /flows another key *',
        ]);
      });
    for (const [name, etag] of [
      ['if the 401 has no ETag', undefined],
      ['if its ETag cannot be sent', 'a b'],
    ] as const)
      test(`both with only * ${name}`, async () => {
        expect(await sentTo(() => etag, false)).toEqual(['GET /flows none *', 'GET /flows another key *']);
      });
  });
  test('sends no If-None-Match with credentials that are accepted without it', async () => {
    const letsIn = (request: Request): Answer => (request.credentials === 'none' || bringsKey(request) ? 200 : 401);
    const { sentInSecond } = await ask(letsIn);
    const conditional = sentInSecond.filter(({ headers = [] }) => headers.some(([name]) => name === 'If-None-Match'));
    expect(conditional.map(({ credentials }) => credentials)).toEqual(['Basic API : another key', 'Basic API : another key']);
  });
  for (const value of ['*', 'the ETag of its 401'])
    test(`a 304 to If-None-Match with ${value} violates failure-status`, async () => {
      const isIt = ({ headers = [] }: Request): boolean =>
        headers.some(([name, sent]) => name === 'If-None-Match' && (sent === '*') === (value === '*'));
      const { first, second } = await ask((request) => (isIt(request) ? 304 : asDocumented(request)));
      expect(those('violates', { first, second })).toEqual(['failure-status']);
    });
  test('sends an old key on ten connections, under as many usernames, and to every other resource', async () => {
    const keys = { key, otherKey: neverIssued(key, 1), oldKey: neverIssued(key, 3) };
    const { second, subject } = await ask(asDocumented, { keys });
    const attempts = (second?.attempts ?? []).filter(({ owner }) => owner === 'old-key-stops');
    const asked = attempts.map(({ resource }) => resource);
    const names = new Set(attempts.filter(({ resource }) => resource === 'GET /flows').map(({ username }) => username));
    expect(names.size).toBeGreaterThanOrEqual(10);
    for (const name of ['API', 'X', 'empty']) expect([...names]).toContain(name);
    expect(asked.filter((each) => each === 'GET /flows').length).toBeGreaterThanOrEqual(10);
    const gets = subject.spec.operations.filter((each) => each.protected && each.method === 'GET' && !each.sideEffects);
    for (const { id } of gets) expect(asked).toContain(id);
  });
});

test.describe('bad keys that get 502', () => {
  test('all of them: retried until the product is clearly unstable, and not after that', async () => {
    const { first, second, sentInSecond, subject } = await ask((request) => (bringsKey(request) ? 200 : 502));
    const attempts = second?.attempts ?? [];
    const { calls, askedAgain } = subject.asker.tally;
    expect(second).toMatchObject({ unstable: true, unasked: 0, givenUp: undefined });
    expect(askedAgain, 'calls that needed a retry are counted, whether they were retried or not').toBe(attempts.length);
    const again = attempts.filter(({ trial }) => trial.exchanges.length > 1).length;
    // One in twenty, plus the calls already under way in a block of nine.
    expect(again).toBeGreaterThan(calls / 20);
    expect(again).toBeLessThan((calls * 1.1) / 20 + 9);
    expect(sentInSecond.length).toBeLessThan((attempts.length + (second?.spellings.length ?? 0)) * 1.3);
    for (const id of ['auth-required', 'bad-key-refused', 'failure-status', 'failure-body'] as const)
      expect(judged(id, { first, second }), id).toMatchObject({ verdict: 'inconclusive', causes: ['unstable'] });
  });
  for (const gentle of [false, true])
    test(`some of them, ${gentle ? 'off' : 'on'} loopback: the product is unstable if it is more than one call in twenty`, async () => {
      const { subject } = await ask(asDocumented, { gentle });
      const limit = Math.floor(subject.asker.tally.calls / 20);
      for (const number of [limit - 1, limit, limit + 1, limit + 9]) {
        const seen = new Set<string>();
        // The first answer to each of `number` different calls; retries are answered as documented.
        const other = await ask(
          (request) => {
            const call = `${request.method} ${request.path} ${request.credentials}`;
            if (bringsKey(request) || seen.has(call) || seen.size >= number) return asDocumented(request);
            seen.add(call);
            return 502;
          },
          { gentle },
        );
        expect(other.subject.asker.tally.askedAgain).toBe(number);
        expect(other.second?.unstable, `${number} of ${other.subject.asker.tally.calls}`).toBe(number > limit);
      }
    });
  test('accepted bad credentials are still found on such a host', async () => {
    const { first, second } = await ask((request) =>
      bringsKey(request) ? 200 : request.credentials.endsWith('key, reversed') ? 200 : 502,
    );
    expect(those('violates', { first, second })).toEqual(['bad-key-refused']);
  });
  test('and some 429, which are still retried: the second in a row ends it', async () => {
    let wrong = 0;
    const { second } = await ask((request) => (bringsKey(request) ? 200 : wrong++ < 200 ? 502 : 429));
    expect(second?.givenUp).toBe('throttled');
  });
});

test.describe('the second history is ended by', () => {
  const endings = [
    ['423', after(15, (request) => (bringsKey(request) ? 200 : 423)), 'locked-out'],
    ['429, and again', after(15, () => 429), 'throttled'],
    ['the right key refused twice in a row', after(15, () => 401), 'locked-out'],
    ['the right key without a usable answer twice in a row', after(15, (request) => (bringsKey(request) ? 503 : 401)), 'unreachable'],
    ['the right key neither accepted nor refused twice in a row', after(15, (request) => (bringsKey(request) ? 403 : 401)), 'no-control'],
  ] as const;
  for (const [name, answer, cause] of endings)
    test(name, async () => {
      const { first, second, sent, subject } = await ask(answer);
      expect(second).toMatchObject({ givenUp: cause });
      expect(second?.unasked).toBeGreaterThan(100);
      expect(judged('auth-required', { first, second }).verdict).toBe('inconclusive');
      expect(judged('basic-scheme', { first, second }).causes, 'what is in the rest').toContain(cause);
      expect(those('violates', { first, second })).toEqual([]);
      const before = sent.length;
      await refused(subject, first);
      expect(sent, 'that product gets no more requests').toHaveLength(before);
    });
  test('none of these: the right key refused once', async () => {
    let refusals = 0;
    const { first, second } = await ask(after(15, (request) => (bringsKey(request) && refusals++ === 0 ? 401 : asDocumented(request))));
    expect(second).toMatchObject({ givenUp: undefined, unasked: 0 });
    expect(those('violates', { first, second })).toEqual([]);
    expect(judged('bad-key-refused', { first, second }).verdict, 'next to the control that was refused').toBe('inconclusive');
  });
  test('none of these: a control without a usable answer, once', async () => {
    let failures = 0;
    const { first, second } = await ask(after(15, (request) => (bringsKey(request) && failures++ < 2 ? 503 : asDocumented(request))));
    expect(second).toMatchObject({ givenUp: undefined, unasked: 0 });
    expect(judged('bad-key-refused', { first, second }).causes, 'next to it').toEqual(['unreachable']);
    expect(those('violates', { first, second })).toEqual([]);
  });
  test('none of these: 429 once', async () => {
    let throttled = 0;
    const { second } = await ask(after(15, (request) => (throttled++ === 0 ? 429 : asDocumented(request))));
    expect(second).toMatchObject({ givenUp: undefined, unasked: 0 });
  });
  test('none of these: a firewall that answers one bad key', async () => {
    const { second } = await ask((request) =>
      request.credentials.endsWith("the page's example 1234567890") ? 407 : asDocumented(request),
    );
    expect(second).toMatchObject({ givenUp: undefined, unasked: 0 });
  });
});

test.describe('calls that cannot be sent with the right key', () => {
  const unsafe = ({ method }: Request) => method !== 'GET' && method !== 'HEAD';
  test('are never sent with it', async () => {
    const { sent } = await ask(asDocumented, { unsafeMethods: true });
    expect(sent.filter(unsafe).length).toBeGreaterThan(10);
    expect(sent.filter((each) => unsafe(each) && bringsKey(each))).toEqual([]);
    expect(
      sent.filter((each) => each.path.includes('0'.repeat(24)) && bringsKey(each)),
      'with an id that is not the account’s',
    ).toEqual([]);
  });
  test('are not sent at all unless the user allows it', async () => {
    expect((await ask(asDocumented)).sent.filter(unsafe)).toEqual([]);
  });
  for (const status of [404, 422])
    test(`unsafe methods that answer ${status} before they check credentials: noted`, async () => {
      const { first, second } = await ask((request) => (unsafe(request) ? status : asDocumented(request)), { unsafeMethods: true });
      expect([...those('violates', { first, second }), ...those('inconclusive', { first, second })]).toEqual([]);
      expect(noting({ first, second })).toEqual(['failure-status']);
    });
  test('unsafe methods that accept a bad key: violates', async () => {
    const { first, second } = await ask((request) => (unsafe(request) ? 200 : asDocumented(request)), { unsafeMethods: true });
    expect(those('violates', { first, second })).toEqual(['auth-required']);
  });
  test('made-up ids that are looked up before credentials are checked: noted', async () => {
    const { first, second } = await ask((request) => (request.path.includes('0'.repeat(24)) ? 404 : asDocumented(request)));
    expect([...those('violates', { first, second }), ...those('inconclusive', { first, second })]).toEqual([]);
  });
});

test.describe('off loopback', () => {
  for (const product of productIds)
    test(`${product}: about 170 requests and 60 wrong keys`, async () => {
      const { sent, sentInSecond, subject } = await ask(asDocumented, { product, gentle: true });
      expect(sent.length).toBeLessThanOrEqual(170);
      expect(subject.asker.tally.wrongKeys).toBeLessThanOrEqual(60);
      const onControl = sentInSecond.filter(
        ({ path, credentials }) => path === sent[0]?.path && !/: key$/.test(credentials) && credentials !== 'none',
      );
      expect(new Set(onControl.map(({ credentials }) => credentials)).size, 'each once').toBe(onControl.length);
      expect(sent.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
      expect(sent.filter((each) => each.path.startsWith('/credentials') && bringsKey(each))).toEqual([]);
    });
});
