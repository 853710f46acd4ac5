/** The table of verdicts: what an answer's status and form mean, and the verdict that follows for each kind of call. */
import type { Cause } from '../src/recording/causes.ts';
import type { Exchange } from '../src/recording/exchange.ts';
import { settle, type Trial } from '../src/recording/outcome.ts';
import {
  type Answer,
  attempt,
  declared,
  exchange,
  first,
  html,
  judged,
  marked,
  onlyError,
  response,
  row,
  second,
  silence,
  stands,
  trial,
  without,
} from './histories.ts';
import { expect, test } from './test.ts';

interface Came {
  readonly name: string;
  readonly answers: Trial;
}
const came = (name: string, ...answers: readonly (Answer | Exchange)[]): Came => ({ name, answers: trial(...answers) });
const twice = (status: number): Came => came(`${status} twice`, status, status);

const letIn: readonly Came[] = [
  ...[200, 201, 202, 204, 206, 299].map((status) => came(String(status), status)),
  came('a declared status with its declared body', declared(404)),
];

const refused: readonly Came[] = [
  came('401', 401),
  came('401 with an HTML document', html(401)),
  came('401 with nothing in it', response(401, { body: '', bodyBytes: 0, headers: [] })),
];

const otherStatuses = [
  ...[300, 301, 302, 303, 304, 307, 308],
  ...[400, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 424, 426, 428, 431, 451, 499],
  ...[500, 501, 505],
];
const other: readonly Came[] = [
  ...otherStatuses.map(twice),
  came('200 with nothing but an error, twice', onlyError(200), onlyError(200)),
  came('404 with an HTML document, twice', html(404), html(404)),
  came('500 with an HTML document, twice', html(500), html(500)),
  came('404 without the declared body, twice', 404, 404),
];

const unusable: readonly (Came & { readonly cause: Cause })[] = [
  { ...twice(407), cause: 'proxy' },
  { ...twice(408), cause: 'timeout' },
  { ...twice(421), cause: 'unreachable' },
  { ...came('423', 423), cause: 'locked-out' },
  { ...twice(425), cause: 'unreachable' },
  { ...twice(429), cause: 'throttled' },
  ...[502, 503, 504, 506, 507, 508, 510, 511, 520, 525, 599].map((status) => ({ ...twice(status), cause: 'unreachable' as const })),
  { ...came('502 with an HTML document, twice', html(502), html(502)), cause: 'unreachable' },
  ...(['unreachable', 'tls', 'proxy', 'timeout', 'malformed'] as const).map((cause) => ({
    ...came(`silence twice: ${cause}`, silence(cause), silence(cause)),
    cause,
  })),
  ...[200, 204, 403, 405, 503].map((status) => ({ ...came(`${status} with an HTML document`, html(status)), cause: 'challenge' as const })),
  ...['cf-mitigated', 'CF-Mitigated', 'x-amzn-waf-action'].flatMap((mark) =>
    [200, 202, 401, 403, 404, 503].map((status) => ({
      ...came(`${status} with ${mark}`, marked(status, mark)),
      cause: 'challenge' as const,
    })),
  ),
  { ...came('403, then 404', 403, 404), cause: 'unstable' },
  { ...came('403, then 401', 403, 401), cause: 'unstable' },
  { ...came('500, then 403', 500, 403), cause: 'unstable' },
  { ...came('200 with nothing but an error, then 403', onlyError(200), 403), cause: 'unstable' },
  { ...came('503, then 404', 503, 404), cause: 'unstable' },
];

/** A refusal between two controls, one of which got this answer. */
const beside = (control: Trial, place: 0 | 1) => ({
  second: second([], { controls: place === 0 ? [control, trial(200)] : [trial(200), control] }),
});
const badKey = (answers: Trial) => ({ second: second([attempt('another key', answers)]) });
const oddUsername = (answers: Trial) => ({
  first: first([row('username', answers, answers.outcome.kind === 'refused' ? { followed: stands } : {})]),
});

test.describe('1. accepted', () => {
  for (const { name, answers } of letIn)
    test(name, () => {
      for (const place of [0, 1] as const)
        expect(judged('failure-status', beside(answers, place)).verdict, 'as a control').toBe('conforms');
      expect(judged('bad-key-refused', badKey(answers)).verdict, 'its owner').toBe('violates');
      expect(judged('failure-status', badKey(answers)).verdict, 'how a refusal looks').toBe('conforms');
      expect(judged('username-ignored', oddUsername(answers)).verdict, 'under an odd username').toBe('conforms');
    });
});

test.describe('2. refused', () => {
  for (const { name, answers } of refused)
    test(name, () => {
      for (const place of [0, 1] as const) {
        expect(judged('auth-required', beside(answers, place)), 'as a control').toMatchObject({ verdict: 'inconclusive' });
        expect(judged('failure-body', beside(answers, place)), 'as a control').toMatchObject({ verdict: 'inconclusive' });
      }
      expect(judged('key-for-all-calls', { first: without([answers]) }).causes, 'as every control').toEqual(['key-refused']);
      expect(judged('bad-key-refused', badKey(answers)).verdict, 'its owner').toBe('conforms');
      expect(judged('failure-status', badKey(answers)).verdict, 'its status').toBe('conforms');
      expect(judged('failure-body', badKey(answers)).checks, 'its body is looked at').toContainEqual(
        expect.objectContaining({ name: 'another key' }),
      );
      expect(judged('username-ignored', oddUsername(answers)).verdict, 'under an odd username').toBe('violates');
    });
});

test.describe('3. a definite answer that is neither', () => {
  for (const { name, answers } of other)
    test(name, () => {
      for (const place of [0, 1] as const)
        expect(judged('auth-required', beside(answers, place)).verdict, 'as a control').toBe('inconclusive');
      expect(judged('key-for-all-calls', { first: without([answers]) }).verdict, 'as every control').toBe('inconclusive');
      expect(judged('bad-key-refused', badKey(answers)).verdict, 'its owner').toBe('conforms');
      expect(judged('failure-status', badKey(answers)).verdict, 'its status').toBe('violates');
      for (const id of ['failure-content-type', 'failure-body', 'failure-headers'] as const)
        expect(judged(id, badKey(answers)).verdict, id).toBe('conforms');
      expect(judged('username-ignored', oddUsername(answers)).verdict, 'under an odd username').toBe('violates');
    });
});

test.describe('4. an unusable answer', () => {
  for (const { name, answers, cause } of unusable)
    test(name, () => {
      for (const place of [0, 1] as const)
        expect(judged('auth-required', beside(answers, place)), 'as a control').toMatchObject({ verdict: 'inconclusive', causes: [cause] });
      expect(judged('key-for-all-calls', { first: without([answers]) }), 'as every control').toMatchObject({
        verdict: 'inconclusive',
        causes: [cause],
      });
      expect(judged('bad-key-refused', badKey(answers)), 'its owner').toMatchObject({ verdict: 'inconclusive', causes: [cause] });
      for (const id of ['failure-status', 'failure-content-type', 'failure-body', 'failure-headers'] as const)
        expect(judged(id, badKey(answers)).verdict, id).toBe('conforms');
      expect(judged('username-ignored', oddUsername(answers)), 'under an odd username').toMatchObject({
        verdict: 'inconclusive',
        causes: [cause],
      });
    });
});

test.describe('two answers to one call', () => {
  const closed = exchange(silence('unreachable'), { reusedConnection: true });
  const given = exchange(408, { reusedConnection: true });
  const cases: readonly (Came & { readonly gives: ReturnType<typeof settle> })[] = [
    { ...came('503, then 200', 503, 200), gives: { kind: 'accepted' } },
    { ...came('503, then 401', 503, 401), gives: { kind: 'refused' } },
    { ...came('a timeout, then 200', silence(), 200), gives: { kind: 'accepted' } },
    { ...came('429, then 401', 429, 401), gives: { kind: 'refused' } },
    { ...came('429, then 503', 429, 503), gives: { kind: 'unusable', cause: 'unreachable' } },
    { ...came('503, then 423', 503, 423), gives: { kind: 'unusable', cause: 'locked-out' } },
    { ...came('403, then 200', 403, 200), gives: { kind: 'unusable', cause: 'unstable' } },
    { ...came('403, then 503', 403, 503), gives: { kind: 'unusable', cause: 'unstable' } },
    { ...came('403, not asked again', 403), gives: { kind: 'other', status: 403 } },
    { ...came('a closed connection, then 200', closed, 200), gives: { kind: 'accepted' } },
    { ...came('a closed connection, then 401', closed, 401), gives: { kind: 'refused' } },
    { ...came('a closed connection, then 403 twice', closed, 403, 403), gives: { kind: 'other', status: 403 } },
    { ...came('a closed connection, then 403, then 404', closed, 403, 404), gives: { kind: 'unusable', cause: 'unstable' } },
    { ...came('408 on a used connection, then 403 twice', given, 403, 403), gives: { kind: 'other', status: 403 } },
    { ...came('408 on a new connection, then 200', 408, 200), gives: { kind: 'accepted' } },
    { ...came('408 on a new connection, then 403', 408, 403), gives: { kind: 'unusable', cause: 'unstable' } },
    { ...came('a used connection closed and never served', closed), gives: { kind: 'unusable', cause: 'unreachable' } },
  ];
  for (const { name, answers, gives } of cases) test(name, () => expect(settle(answers.exchanges)).toEqual(gives));
});

test('an accepted bad credential counts whenever it occurs', () => {
  for (const answers of [trial(403, 200), trial(503, 200), trial(429, 200), trial(onlyError(200), 200), trial(404, declared(404))])
    expect(judged('bad-key-refused', badKey(answers)).verdict).toBe('violates');
});

test('an accepted bad credential counts without a control', () => {
  const controls = [trial(503, 503), trial(401)];
  expect(judged('bad-key-refused', { second: second([attempt('another key', trial(200))], { controls }) }).verdict).toBe('violates');
});
