/** Other spellings of a path, judged: which answers count as accepted, compared with which siblings, and what they do not affect. */
import type { Trial } from '../src/recording/outcome.ts';
import type { Respelled } from '../src/recording/refused.ts';
import { looksAccepted } from '../src/recording/spellings.ts';
import {
  attempt,
  exchange,
  first,
  html,
  jsonOf,
  judged,
  marked,
  noting,
  onlyError,
  response,
  row,
  second,
  silence,
  those,
  trial,
  unasked,
} from './histories.ts';
import { expect, test } from './test.ts';

const list = jsonOf('array');

/** A call to the control with a trailing slash. */
const spelled = (answered: Trial, siblings: readonly Trial[] = [], differences: Partial<Respelled> = {}): Respelled => ({
  spelling: 'a trailing slash',
  resource: 'GET /flows',
  path: '/flows/',
  trial: answered,
  siblings,
  ...differences,
});
const reads = (...operations: readonly string[]) => first(operations.map((each) => row('operation', trial(list), { operation: each })));
const recorded = (...calls: readonly Respelled[]) => ({ first: reads('GET /flows'), second: second([], { spellings: calls }) });
const letIn = spelled(trial(list), [trial(404)]);

test.describe('accepted', () => {
  test('violates only auth-required, with the spelling and what it was compared with', () => {
    const history = recorded(letIn);
    expect(those('violates', history)).toEqual(['auth-required']);
    expect(noting(history)).toEqual([]);
    const finding = judged('auth-required', history).checks.find(({ verdict }) => verdict === 'violates');
    expect(finding).toMatchObject({ name: 'the path with a trailing slash', message: expect.stringContaining(' at /flows/, ') });
    expect(finding?.evidence).toHaveLength(2);
  });
  test('on several resources is one finding per spelling', () => {
    const history = {
      first: reads('GET /flows', 'GET /fields'),
      second: second([], {
        spellings: [
          letIn,
          { ...letIn, resource: 'GET /fields', path: '/fields/' },
          { ...letIn, spelling: 'a dot segment', path: '/./flows' },
        ],
      }),
    };
    const { checks } = judged('auth-required', history);
    const blamed = checks.flatMap((each) => (each.verdict === 'violates' ? [each.message] : []));
    expect(blamed).toHaveLength(2);
    expect(blamed[0]).toContain('1 other');
  });
  test('as well as the plain path is reported once', () => {
    const history = { first: reads('GET /flows'), second: second([attempt('nothing', trial(200))], { spellings: [letIn] }) };
    const blamed = judged('auth-required', history).checks.filter(({ verdict }) => verdict === 'violates');
    expect(blamed.map(({ name }) => name)).toEqual(['nothing']);
  });
  test('does not affect the owner of other credentials', () => {
    const history = { first: reads('GET /flows'), second: second([attempt('another key', trial(200))], { spellings: [letIn] }) };
    expect(those('violates', history)).toEqual(['auth-required', 'bad-key-refused']);
  });
  test('counts on an unstable host too', () => {
    const history = { first: reads('GET /flows'), second: second([], { spellings: [letIn], unstable: true }) };
    expect(those('violates', history)).toEqual(['auth-required']);
  });

  const unlike: readonly (readonly [string, Trial])[] = [
    ...[204, 301, 308, 400, 401, 403, 404, 405, 423, 429, 500, 503].map((status) => [String(status), trial(status)] as const),
    ['a 401 in another form', trial(response(401, { body: 'no', headers: [] }))],
    ['an HTML document', trial(html(200))],
    ['an error with 200', trial(onlyError(200))],
    ["a firewall's header", trial(marked(200))],
    ['a declared status', trial(response(404, { headers: list.headers, shape: { json: 'array', declared: true } }))],
    ['another content type', trial(jsonOf('array', 'application/json'))],
    ['another kind of JSON', trial(jsonOf('object'))],
    ['no JSON', trial(jsonOf(undefined))],
    ['no answer', trial(silence())],
  ];
  for (const [name, answered] of unlike)
    test(`does not include: ${name}`, () => {
      const history = recorded(spelled(answered, [trial(404)]));
      expect([...those('violates', history), ...those('inconclusive', history)]).toEqual([]);
      expect(noting(history)).toEqual([]);
    });

  const shells: readonly (readonly [string, readonly Trial[]])[] = [
    ['a sibling with a similar answer', [trial(list)]],
    ['a sibling with a similar answer when retried', [trial(503, list)]],
    ['one of two siblings with a similar answer', [trial(404), trial(list)]],
    ['a sibling that was no longer asked', [unasked('locked-out')]],
    ['one of two siblings that was no longer asked', [trial(404), unasked('locked-out')]],
    ['no sibling that was asked', []],
  ];
  for (const [name, siblings] of shells)
    test(`does not count with ${name}`, () => expect(those('violates', recorded(spelled(trial(list), siblings)))).toEqual([]));

  for (const [name, answered] of [
    ...unlike.filter(([each]) => each !== 'an error with 200'),
    ['an error with 200, of another kind', trial(onlyError(200))] as const,
  ])
    test(`counts with a sibling with ${name}`, () =>
      expect(those('violates', recorded(spelled(trial(list), [answered])))).toEqual(['auth-required']));

  test('does not count with an error with 200 that is an object, like the resource', () => {
    const sibling = trial(response(200, { headers: list.headers, body: '{"error":"no"}', shape: { onlyError: true, json: 'object' } }));
    const history = {
      first: first([row('operation', trial(jsonOf('object')))]),
      second: second([], { spellings: [spelled(trial(jsonOf('object')), [sibling])] }),
    };
    expect(those('violates', history)).toEqual([]);
  });
  test('cannot be compared if the right key got no 2xx', () => expect(looksAccepted(exchange(list), undefined)).toBe(false));
});

test('spellings that could no longer be asked leave only auth-required inconclusive', () => {
  const history = second([], { spellings: [spelled(trial(404))], unaskedSpellings: 12, givenUp: 'locked-out' });
  expect(those('inconclusive', { second: history })).toEqual(['auth-required']);
  expect(judged('auth-required', { second: history }).causes).toEqual(['locked-out']);
});
