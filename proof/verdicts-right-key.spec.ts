/** Calls with the right key, and calls that need none: a 401 and its follow-up, the plan, resources that are not served, the page's own call, the products. */
import { got } from '../src/judge/messages.ts';
import type { Trial } from '../src/recording/outcome.ts';
import {
  declared,
  first,
  flaps,
  html,
  judged,
  noting,
  onlyError,
  recorded,
  response,
  row,
  second,
  silence,
  stands,
  those,
  trial,
  unasked,
  without,
} from './histories.ts';
import { expect, test } from './test.ts';

const onFields = (answers: Trial, more: Partial<Parameters<typeof row>[2]> = {}) =>
  row('operation', answers, {
    operation: 'GET /fields',
    ...(answers.outcome.kind === 'refused' ? { followed: stands } : {}),
    ...more,
  });
const underOdd = (answers: Trial, followed?: typeof stands) => row('username', answers, followed === undefined ? {} : { followed });

test.describe('a 401 to the right key', () => {
  test('that is confirmed violates for the username', () => {
    expect(those('violates', { first: first([underOdd(trial(401), stands)]) })).toEqual(['username-ignored']);
  });
  test('that is confirmed violates for the resource', () => {
    expect(those('violates', { first: first([onFields(trial(401))]) })).toEqual(['key-for-all-calls']);
  });
  test('with another username on a resource violates for the username if the resource accepts the key otherwise', () => {
    const rows = [onFields(trial(200)), row('operation under a username', trial(401), { operation: 'GET /fields', followed: stands })];
    expect(those('violates', { first: first(rows) })).toEqual(['username-ignored']);
  });
  test('with another username on a resource violates for the resource if it refuses the key anyway', () => {
    const rows = [onFields(trial(401)), row('operation under a username', trial(401), { operation: 'GET /fields', followed: stands })];
    expect(those('violates', { first: first(rows) })).toEqual(['key-for-all-calls']);
  });

  const flapping = [
    ['accepted when retried', flaps],
    ['with a control that is also refused', { control: trial(401), again: trial(401) }],
  ] as const;
  for (const [name, followed] of flapping) {
    test(`${name}, once, makes the host unstable`, () => {
      const history = { first: first([underOdd(trial(401), followed)]), second: undefined };
      expect(those('violates', history)).toEqual([]);
      for (const id of ['username-ignored', 'key-for-all-calls', 'bad-key-refused', 'failure-body', 'key-private'] as const)
        expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['unstable'] });
    });
    test(`${name}, twice, violates key-for-all-calls`, () => {
      const rows = ['odd', 'odder'].map((username) => row('username', trial(401), { name: username, followed }));
      const history = { first: first(rows), second: undefined };
      expect(those('violates', history)).toEqual(['key-for-all-calls']);
      expect(judged('username-ignored', history).causes).toEqual(['unstable']);
    });
  }
  test('counts as intermittent in any row', () => {
    const rows = [row('scheme', trial(401), { followed: flaps }), onFields(trial(401), { followed: flaps })];
    expect(judged('key-for-all-calls', { first: first(rows), second: undefined }).verdict).toBe('violates');
  });
  const unfollowed = [
    ['the product had been given up', { control: unasked('locked-out'), again: unasked('locked-out') }, 'locked-out'],
    ['the host went down', { control: trial(silence('timeout')), again: trial(silence('timeout')) }, 'timeout'],
    ['the host went down after the control', { control: trial(200), again: trial(503, 503) }, 'unreachable'],
  ] as const;
  for (const [name, followed, cause] of unfollowed)
    test(`is not intermittent if ${name} before its follow-up`, () => {
      const rows = ['odd', 'odder'].map((username) => row('username', trial(401), { name: username, followed }));
      const history = { first: first(rows), second: undefined };
      expect(those('violates', history)).toEqual([]);
      expect(judged('username-ignored', history).causes).toEqual([cause]);
    });
});

test.describe('the plan', () => {
  for (const status of [401, 402, 403])
    test(`a declared ${status} means the plan`, () => {
      const rows = [onFields(status === 401 ? trial(401) : trial(status, status), { planStatuses: [status] })];
      expect(judged('key-for-all-calls', { first: first(rows) })).toMatchObject({ verdict: 'inconclusive', causes: ['entitlement'] });
    });
  test('402 means the plan, declared or not', () => {
    expect(judged('key-for-all-calls', { first: first([onFields(trial(402, 402))]) }).causes).toEqual(['entitlement']);
  });
  test('402 on every operation means the plan as well', () => {
    expect(judged('key-for-all-calls', { first: without([trial(402, 402)]) }).causes).toEqual(['entitlement']);
  });
  test('an undeclared 403 does not', () => {
    expect(judged('key-for-all-calls', { first: first([onFields(trial(403, 403))]) }).causes).toEqual(['no-control']);
  });
  test('a 401 if only 403 is declared does not', () => {
    expect(judged('key-for-all-calls', { first: first([onFields(trial(401), { planStatuses: [403] })]) }).verdict).toBe('violates');
  });
});

test.describe('a resource that is not served', () => {
  for (const status of [404, 405, 410, 501])
    test(`answers ${status} twice: noted`, () => {
      const history = { first: first([onFields(trial(status, status))]) };
      expect(judged('key-for-all-calls', history)).toMatchObject({ verdict: 'conforms' });
      expect(noting(history)).toEqual(['key-for-all-calls']);
    });
  for (const [name, answers, cause] of [
    ['404, then 405', trial(404, 405), 'unstable'],
    ['400 twice', trial(400, 400), 'no-control'],
    ['302 twice', trial(302, 302), 'no-control'],
    ['only an error, twice', trial(onlyError(200), onlyError(200)), 'no-control'],
    ['405 with an HTML document', trial(html(405)), 'challenge'],
    ['a timeout twice', trial(silence(), silence()), 'timeout'],
  ] as const)
    test(`is not one that answers ${name}`, () => {
      expect(judged('key-for-all-calls', { first: first([onFields(answers)]) })).toMatchObject({
        verdict: 'inconclusive',
        causes: [cause],
      });
    });
  test('answers 404 with the declared body: it is served', () => {
    const history = { first: first([onFields(trial(declared(404)))]) };
    expect(judged('key-for-all-calls', history).verdict).toBe('conforms');
    expect(noting(history)).toEqual([]);
  });
});

test.describe('usernames', () => {
  for (const [name, answers] of [
    ['431', trial(431, 431)],
    ['413', trial(413, 413)],
    ['401', trial(401)],
    ['a closed connection', trial(silence('unreachable'), silence('unreachable'))],
    ['503', trial(503, 503)],
  ] as const)
    test(`of more than 2,500 bytes and ${name}: noted`, () => {
      const followed = answers.outcome.kind === 'refused' ? { followed: stands } : {};
      const history = { first: first([row('username', answers, { name: 'long', usernameBytes: 4000, ...followed })]) };
      expect(judged('username-ignored', history).verdict).toBe('conforms');
      expect(noting(history)).toEqual(['username-ignored']);
    });
  test('of 2,000 bytes and 431: violates', () => {
    const rows = [row('username', trial(431, 431), { usernameBytes: 2000 })];
    expect(judged('username-ignored', { first: first(rows) }).verdict).toBe('violates');
  });
});

test.describe("the page's own call", () => {
  const own = (answers: Trial, more: Partial<Parameters<typeof row>[2]> = {}, plain = trial(200)) => ({
    first: first([
      row('documented call', answers, { ...(answers.outcome.kind === 'refused' ? { followed: stands } : {}), ...more }),
      row('operation', plain, { planStatuses: [401], ...(plain.outcome.kind === 'refused' ? { followed: stands } : {}) }),
    ]),
  });
  const cases = [
    ['2xx', own(trial(200)), 'conforms', []],
    ['401 with its username only', own(trial(401), { planStatuses: [401] }), 'violates', []],
    ['401 by the plan', own(trial(401), { planStatuses: [401] }, trial(401)), 'inconclusive', ['entitlement']],
    ['402', own(trial(402, 402), {}, trial(402, 402)), 'inconclusive', ['entitlement']],
    ['404 twice', own(trial(404, 404)), 'violates', []],
    ['302 twice', own(trial(302, 302)), 'violates', []],
    ['only an error, twice', own(trial(onlyError(200), onlyError(200))), 'violates', []],
    ['503 twice', own(trial(503, 503)), 'inconclusive', ['unreachable']],
    ['404, then 200', own(trial(404, 200)), 'inconclusive', ['unstable']],
    ['401 that is not confirmed', own(trial(401), { followed: flaps }), 'inconclusive', ['unstable']],
  ] as const;
  for (const [name, history, verdict, causes] of cases)
    test(`${name}: ${verdict}`, () => expect(judged('documented-call', history)).toMatchObject({ verdict, causes }));
  test('belongs only to LeadConduit', () => {
    const rows = [row('username', trial(200))];
    for (const product of ['trustedform', 'suppressionlist'] as const) {
      const history = first(rows, { product, rows });
      expect(judged('documented-call', { first: history }).verdict).toBe('not-applicable');
      expect(judged('documented-call', { first: without([trial(401)], { product, hasPageExample: false }) }).verdict).toBe(
        'not-applicable',
      );
    }
  });
});

test.describe('a call without credentials', () => {
  const open = (answers: Trial, placeholder = false) => ({
    first: first([row('no credentials', answers, { placeholder })], { publicOperations: 1 }),
  });
  const cases = [
    ['2xx', open(trial(200)), 'conforms', []],
    ['2xx for a made-up id', open(trial(200), true), 'conforms', []],
    ['401', open(trial(401)), 'violates', []],
    ['401 for a made-up id', open(trial(401), true), 'violates', []],
    ['404 twice for a made-up id', open(trial(404, 404), true), 'not-run', []],
    ['503 twice for a made-up id', open(trial(503, 503), true), 'not-run', []],
    ['404 twice', open(trial(404, 404)), 'inconclusive', ['no-control']],
    ['302 twice', open(trial(302, 302)), 'inconclusive', ['no-control']],
    ['503 twice', open(trial(503, 503)), 'inconclusive', ['unreachable']],
  ] as const;
  for (const [name, history, verdict, causes] of cases)
    test(`${name}: ${verdict}`, () => expect(judged('public-call', history)).toMatchObject({ verdict, causes }));
  test('does not apply if none is documented', () => expect(judged('public-call', {}).verdict).toBe('not-applicable'));
});

test.describe('products that refuse the key', () => {
  const takes = { first: first() };
  const refuses = { first: without([trial(401)], { product: 'trustedform' }), second: undefined };
  const stale = { first: without([trial(401)], { product: 'trustedform', oldKey: trial(200) }), second: undefined };
  const others = ['auth-required', 'username-ignored', 'bad-key-refused', 'failure-status', 'key-for-all-calls', 'key-private'] as const;

  test('all refuse it', () => {
    expect(judged('key-for-all-products', refuses, refuses)).toMatchObject({ verdict: 'inconclusive', causes: ['key-refused'] });
    for (const id of others) expect(judged(id, refuses), id).toMatchObject({ verdict: 'inconclusive', causes: ['key-refused'] });
  });
  test('all refuse it, but accept the old key', () => {
    expect(judged('key-for-all-products', stale, stale)).toMatchObject({ verdict: 'inconclusive', causes: ['needs-login'] });
    for (const id of others) expect(judged(id, stale), id).toMatchObject({ verdict: 'inconclusive', causes: ['needs-login'] });
  });
  test('one accepts it, the other accepts the old key', () => {
    expect(judged('key-for-all-products', takes, stale)).toMatchObject({ verdict: 'inconclusive', causes: ['needs-login'] });
  });
  test('one accepts it, the other refuses both keys', () => {
    const told = judged('key-for-all-products', takes, { ...refuses, first: { ...refuses.first, oldKey: trial(401) } });
    expect(told.verdict).toBe('violates');
  });
  test('one accepts it, the other refuses it: innocent reasons are named', () => {
    const told = judged('key-for-all-products', takes, refuses);
    expect(told.verdict).toBe('violates');
    expect(told.messages.join()).toMatch(/subscribed/);
    expect(told.messages.join()).toMatch(/logged in/);
    for (const id of others) expect(judged(id, refuses, takes).verdict, id).toBe('inconclusive');
  });
  test('one accepts it, the other does not answer', () => {
    const silent = { first: without([trial(silence('tls'), silence('tls'))]) };
    expect(judged('key-for-all-products', takes, silent)).toMatchObject({ verdict: 'inconclusive', causes: ['tls'] });
  });
  test('both accept it', () => expect(judged('key-for-all-products', takes, takes).verdict).toBe('conforms'));
  test('a single product cannot be compared', () => {
    for (const product of [takes, refuses]) expect(judged('key-for-all-products', product)).toMatchObject({ verdict: 'not-run' });
    expect(judged('key-for-all-products', takes).needs).toMatch(/two/);
  });
  test('a product that could not be tried cannot be compared either', () => {
    const untried = { first: without([], { product: 'trustedform', needsId: true }), second: undefined };
    expect(judged('key-for-all-products', takes, untried)).toMatchObject({ verdict: 'not-run' });
  });
  test('a redirect is reported with its target and where to set it', () => {
    const moved = response(301, { headers: [['Location', 'https://elsewhere.test/']] });
    const told = judged('key-for-all-calls', { first: without([trial(moved, moved)]) });
    expect(told).toMatchObject({ verdict: 'inconclusive', causes: ['no-control'] });
    expect(told.messages.join()).toMatch(/https:\/\/elsewhere\.test\/.*_URL/);
  });
  test.describe('without a certificate', () => {
    const neededIds = [{ variable: 'TRUSTEDFORM_CERTIFICATE_ID', is: 'a certificate' }];
    const made = (answers: Trial, more: Parameters<typeof without>[1] = {}) => ({
      first: without([answers], { product: 'trustedform', needsId: true, neededIds, hasPageExample: false, ...more }),
      second: undefined,
    });
    for (const answers of [trial(404, 404), trial(403, 403), trial(302, 302)])
      test(`${got(answers)} is not evidence: not run`, () => {
        for (const id of others)
          expect(judged(id, made(answers)), id).toMatchObject({
            verdict: 'not-run',
            needs: 'TRUSTEDFORM_CERTIFICATE_ID (a certificate of the account: every documented call needs one)',
          });
        expect(judged('key-for-all-products', takes, made(answers))).toMatchObject({ verdict: 'not-run' });
      });
    test('a missing answer is reported with its cause', () => {
      expect(judged('auth-required', made(trial(silence('tls'), silence('tls')))).causes).toEqual(['tls']);
    });
    const beside = (again: Trial, neverIssued: Trial) => ({ besideOldKey: { again, neverIssued } });
    const refusals = [
      ['no old key is known', {}, 'key-refused'],
      ['the old key is refused', { oldKey: trial(401) }, 'key-refused'],
      ['the old key gets 404 twice', { oldKey: trial(404, 404), ...beside(trial(404, 404), trial(401)) }, 'needs-login'],
      ['the old key gets 200 twice', { oldKey: trial(200), ...beside(trial(200), trial(401)) }, 'needs-login'],
      ['the old key gets 200, then 404', { oldKey: trial(200), ...beside(trial(404, 404), trial(401)) }, 'key-refused'],
      ['the old key gets 200, then 401', { oldKey: trial(200), ...beside(trial(401), trial(401)) }, 'key-refused'],
      [
        'a key that was never issued gets 404 as well',
        { oldKey: trial(404, 404), ...beside(trial(404, 404), trial(404, 404)) },
        'key-refused',
      ],
      ['a key that was never issued gets 200 as well', { oldKey: trial(200), ...beside(trial(200), trial(200)) }, 'key-refused'],
      ['the old key gets 403', { oldKey: trial(403, 403) }, 'key-refused'],
    ] as const;
    for (const [name, more, cause] of refusals)
      test(`the key gets 401 and ${name}: ${cause}`, () => {
        for (const id of others) expect(judged(id, made(trial(401), more)), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
        expect(judged('key-for-all-products', takes, made(trial(401), more))).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
      });
  });
});

test('a host that needed too many retries is unstable, whatever it answered', () => {
  const history = recorded({ first: first([onFields(trial(401)), underOdd(trial(401), stands)], { unstable: true }), second: undefined });
  expect(those('violates', history)).toEqual([]);
  for (const id of [
    'username-ignored',
    'documented-call',
    'key-for-all-calls',
    'rfc7617-scheme-case',
    'auth-required',
    'failure-body',
  ] as const)
    expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['unstable'] });
  expect(second().unstable).toBe(false);
});
