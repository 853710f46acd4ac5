/** What the Allure report says in words: its title, where two texts differ, and what a description and its steps hold. */
import { type Check, comparing, conforms, inconclusive, letIn, violates } from '../src/judge/check.ts';
import { failureBody, failureContentType, failureStatus } from '../src/judge/failure.ts';
import type { Response } from '../src/recording/exchange.ts';
import { descriptionOf } from '../src/report/allure/description.ts';
import { difference } from '../src/report/allure/difference.ts';
import { repetition } from '../src/report/allure/repetition.ts';
import { titleOf } from '../src/report/allure/title.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { attempt, recorded, refusalWith, response, second, trial } from './histories.ts';
import { accepted, brokenBody, checked, documentation, embedded, exchange, kept, notRun, runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

const nothing = 'nothing';
const broken = (id: string) => checked(id, 'leadconduit', [violates(nothing, [], 'this', 'that')]);
const unclear = (id: string) => checked(id, 'leadconduit', [inconclusive(nothing, [], 'timeout', 'no answer')]);
const whole = (id: string) => checked(id, 'leadconduit', kept(nothing));
const ids = ['failure-status', 'failure-body', 'key-for-all-calls', 'key-for-all-products'];
const known: Run['known'] = [
  { requirement: 'failure-body', verdict: 'violates', reason: 'soon', expires: '2999-12-31' } as Run['known'][number],
];

test.describe('the title', () => {
  const rows: readonly (readonly [string, Partial<Run> & Pick<Run, 'results'>])[] = [
    ['all 4 promises kept', { results: ids.map(whole) }],
    ['1 of 4 promises checked, all kept', { results: [whole('failure-body'), notRun('failure-status', 'leadconduit', 'a key')] }],
    ['none of 4 promises checked', { results: [checked('rfc9110-head', 'leadconduit', kept(nothing))] }],
    ['1 of 4 promises kept, 1 known to differ', { results: [whole('failure-status'), broken('failure-body')], known }],
    ['failure-body broken (1 of 4)', { results: [broken('failure-body'), unclear('failure-status')] }],
    ['failure-status broken (1 of 4)', { results: [broken('failure-body'), broken('failure-status')], known }],
    ['4 of 4 promises broken', { results: ids.map(broken) }],
    ['failure-status, failure-body could not be determined (2 of 4)', { results: [unclear('failure-body'), unclear('failure-status')] }],
    ['nothing could be determined', { results: [] }],
  ];
  for (const [outcome, parts] of rows)
    test(`says: ${outcome}`, () => {
      const run = runOf(parts.results, parts);
      expect(titleOf(run, fold(run, documentation, versions))).toBe(`ActiveProspect authentication: ${outcome}\nlead.test, form.test`);
    });
  test('says on the embedded host what that is worth, whatever came out, and the name of the run in one line', () => {
    for (const make of [whole, broken, unclear]) {
      const run = runOf([make('failure-body')], { target: embedded, name: 'Nightly\nrun' });
      expect(
        titleOf(run, fold(run, documentation, versions))
          .split('\n')
          .slice(1),
      ).toEqual(['EMBEDDED HOST (says nothing about the real one) – Nightly\\nrun']);
    }
  });
});

test.describe('where two texts differ', () => {
  const body = '{"error":"authentication failed"}';
  const rows: readonly (readonly [actual: string, lines: readonly string[] | undefined])[] = [
    [body, undefined],
    [
      `${body}\r\n`,
      [
        'expected  …hentication failed"}',
        'got       …hentication failed"}\\r\\n',
        '                               ^^ first difference: character 34',
      ],
    ],
    [
      '{"error" :"authentication failed"}',
      [
        'expected  {"error":"authentication failed"…',
        'got       {"error" :"authentication failed…',
        '                  ^ first difference: character 9',
      ],
    ],
    [
      `\ufeff${body}`,
      [
        'expected  {"error":"authentication…',
        'got       \\ufeff{"error":"authenticatio…',
        '          ^^^^^^ first difference: character 1',
      ],
    ],
    [
      '{"error":"auth',
      [
        'expected  {"error":"authentication failed"}',
        'got       {"error":"auth',
        '                        ^ first difference: character 15',
      ],
    ],
    ['', ['expected  {"error":"authentication…', 'got       (nothing)', '          ^ first difference: character 1']],
  ];
  for (const [actual, lines] of rows)
    test(JSON.stringify(actual), () => expect(difference({ expected: body, actual })).toBe(lines?.join('\n')));
});

test.describe('expected and actual are offered for comparison', () => {
  const context = { startedAt: '2025-01-02T03:04:05.678Z', documentation, known: [] };
  const described = (check: Check) => descriptionOf(checked('failure-body', 'leadconduit', [check]), context);
  const violated = (judge: typeof failureStatus, answer: Response): Check => {
    const judgement = judge(recorded({ second: second([attempt('another key', trial(answer))]) }));
    const found = judgement.kind === 'checked' ? judgement.checks.find(({ verdict }) => verdict === 'violates') : undefined;
    if (found === undefined) throw new Error('Nothing was violated.');
    return found;
  };
  test('where a judge compared two texts: status, content type, body', () => {
    const rows = [
      [violated(failureStatus, response(403, { reason: 'Forbidden' })), '401 Unauthorized', '403 Forbidden'],
      [violated(failureContentType, refusalWith('Content-Type', 'text/html')), 'application/json; charset=utf-8', 'text/html'],
      [violated(failureBody, response(401, { body: 'no\n' })), '{"error":"authentication failed"}', 'no\\n'],
    ] as const;
    for (const [check, expected, actual] of rows) {
      const { statusDetails, steps } = described(check);
      expect(statusDetails).toMatchObject({ expected, actual });
      expect(steps[0]).toMatchObject({ statusDetails: { expected, actual }, parameters: [{ name: 'difference' }] });
    }
  });
  test('and not where one of them is a sentence', () => {
    const missing = violated(failureContentType, refusalWith('Content-Type', undefined));
    for (const check of [missing, letIn(nothing, [], nothing, '200 OK', 'it was let in'), violates(nothing, [], 'this', 'that')]) {
      const { statusDetails, steps, description } = described(check);
      expect(statusDetails).toEqual({ message: check.verdict === 'violates' ? check.message : '' });
      expect(steps[0]).toMatchObject({ statusDetails: { message: expect.any(String) }, parameters: [] });
      expect(description).not.toContain('first difference');
    }
  });
  test('of a long body as much as a reader needs', () => {
    const [body, other] = ['x'.repeat(1_000_000), `${'x'.repeat(30)}y`];
    const check = comparing(other, body, violates(nothing, [], 'this', 'that'));
    expect(JSON.stringify(check).length).toBeLessThan(3000);
    expect(difference({ expected: other, actual: body })?.length).toBeLessThan(250);
  });
});

test.describe('a description', () => {
  const run = runOf([checked('failure-body', 'leadconduit', [brokenBody('row 1')]), unclear('failure-status')]);
  const conformance = fold(run, documentation, versions);
  const context = { startedAt: run.startedAt, documentation, known: [] };
  const [first, later] = run.results as [Run['results'][number], Run['results'][number]];
  const told = (result: Run['results'][number], of: Run = run): string =>
    descriptionOf(result, context, { repeated: repetition(result, of, conformance) }).description;

  test('has the promise, the difference, what to do next, and what repeats the finding, in this order', () => {
    const text = told(first);
    const places = [
      'A refusal has the documented body.',
      'first difference: character 34',
      '**What to do next**: Fix the host',
      '[Read “Failure to authenticate”](https://docs.test/authentication#failure)',
      '**Ask the host again**.',
      'npm run conformance -- --grep failure-body --project leadconduit\n```',
      'npm run conformance -- --from reports --grep failure-body --project leadconduit\n```',
      'Based on: a sentence of the page.',
    ].map((each) => text.indexOf(each));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBe(0);
  });
  test('has the call itself where curl can make it, and the host is still there', () => {
    const call = checked('failure-status', 'leadconduit', [
      violates('nothing', [exchange({ credentials: 'none' }, { status: 403 })], 'this', 'that'),
    ]);
    expect(told(call)).toContain("```sh\ncurl -i -H 'Accept: application/json' https://lead.test/flows\n```");
    expect(told(call, { ...run, target: embedded })).not.toContain('curl');
  });
  test('says what to do where nothing could be determined, and where that is explained', () => {
    expect(told(later)).toContain('**What to do next**: No answer within REQUEST_TIMEOUT_MS.');
    expect(told(later)).toContain('(timeout: `docs/verdicts.md#cause-timeout`) [Read “Failure to authenticate”]');
  });
  test('has none of that where nothing was found', () => {
    expect(told(whole('failure-body'))).not.toMatch(/next|```/);
  });
  test('does not ask to fix or list what is listed', () => {
    expect(descriptionOf(first, { ...context, known }).description).not.toContain('What to do next');
  });
});

test('of many different findings twenty have something to open, and the rest a line each', () => {
  const checks = [
    ...Array.from({ length: 30 }, (_, index) => violates(`row ${index}`, [accepted(), exchange()], 'this', `that ${index}`)),
    ...['one', 'two'].map((name) => inconclusive(name, [exchange()], 'timeout', 'no answer')),
    conforms('the rest', []),
  ];
  const context = { startedAt: '2025-01-02T03:04:05.678Z', documentation, known: [] };
  const { steps } = descriptionOf(checked('failure-body', 'leadconduit', checks), context);
  const opens = steps.filter(({ statusDetails, evidence, parameters, steps: inner }) =>
    [statusDetails.message ?? '', evidence, parameters, inner].some(({ length }) => length > 0),
  );
  expect(opens).toHaveLength(20);
  expect(steps.slice(29, 32).map(({ name, status }) => [name, status])).toEqual([
    ['row 29: expected this, got that 29', 'failed'],
    ['2 checks: no answer', 'broken'],
    ['the rest', 'passed'],
  ]);
});
