/** Helpful findings: one cause is one finding in every report, and a difference only in white space or letter case is reported as such. */
import type { Change } from '../src/host/behavior.ts';
import { type Check, conforms, inconclusive, letIn, noted, violates } from '../src/judge/check.ts';
import type { Response } from '../src/recording/exchange.ts';
import { descriptionOf } from '../src/report/allure/description.ts';
import { fold } from '../src/report/fold.ts';
import { annotations } from '../src/report/machine/github.ts';
import { junit } from '../src/report/machine/junit.ts';
import { summary } from '../src/report/machine/summary.ts';
import type { Conformance } from '../src/report/model.ts';
import { printout } from '../src/report/terminal/printout.ts';
import { validateConformance } from '../src/specifications/conformance.ts';
import { attempt, judged, refusalWith, response, second, trial } from './histories.ts';
import { checked, documentation, runOf, versions } from './report-runs.ts';
import { embedded, runAgainst } from './run.ts';
import { expect, test } from './test.ts';

const refusedBy = (answer: Response) => ({ second: second([attempt('another key', trial(answer))]) });
const container = 'the web server or framework under the application may have changed it';

test.describe('a difference in spelling only', () => {
  const contentTypes = [
    ['application/json;charset=utf-8', 'only white space differs'],
    ['application/json; charset=UTF-8', 'only letter case differs'],
    ['Application/JSON; Charset=utf-8', 'only letter case differs'],
    ['application/json;charset=UTF-8', 'only white space and letter case differ'],
    ['application/json', undefined],
    ['application/json; charset="utf-8"', undefined],
    ['application/json; charset=utf8', undefined],
    [undefined, undefined],
  ] as const;
  const text = '{"error":"authentication failed"}';
  const bodies = [
    ['{"error": "authentication failed"}', 'only white space differs'],
    [`${text}\n`, 'only white space differs'],
    ['{\r\n\t"error": "authentication failed"\r\n}', 'only white space differs'],
    [text.toUpperCase(), undefined],
    ['{"error": "authentication refused"}', undefined],
    [`\ufeff${text}`, undefined],
    ['', undefined],
  ] as const;
  const rows = [
    ...contentTypes.map(([value, says]) => ['failure-content-type', value, refusalWith('Content-Type', value), says] as const),
    ...bodies.map(([body, says]) => ['failure-body', body, response(401, { body }), says] as const),
  ];
  for (const [id, value, answer, says] of rows)
    test(`${id}, ${JSON.stringify(value) ?? 'none'}: ${says ?? 'not mentioned'}`, () => {
      const { verdict, messages } = judged(id, refusedBy(answer));
      expect(verdict).toBe('violates');
      if (says === undefined) expect(messages.join()).not.toMatch(/white space|case differ|container/);
      else expect(messages.join()).toContain(`; ${says}; ${container}`);
    });
  test('is not mentioned for a body that was cut', () => {
    const cut = response(401, { body: `${text} `, bodyBytes: 8 * 1024 * 1024, cut: true });
    expect(judged('failure-body', refusedBy(cut)).messages.join()).not.toContain('white space');
  });
  test('the terminal and the summary mention it once, below the expected and actual values', () => {
    const message = `expected this, got THIS; only letter case differs; ${container}`;
    const run = runOf([checked('failure-body', 'leadconduit', [violates('nothing', [], 'this', 'THIS', message)])]);
    const conformance = fold(run, documentation, versions);
    const text = printout({ run, conformance, documentation, reports: [], color: false, width: 200 });
    expect(text).toContain(`  got       THIS\n  finding   only letter case differs; ${container}\n`);
    expect(summary(run, conformance, documentation)).toContain('- only letter case differs; the web server or framework');
  });
  test('a reason phrase in another case is noted with this remark', () => {
    const { verdict, messages } = judged('failure-headers', refusedBy(response(401, { reason: 'UNAUTHORIZED' })));
    expect(verdict).toBe('noted');
    expect(messages.join()).toContain('only letter case differs');
  });
});

const nul = (name: string, status = '200 OK'): Check =>
  letIn(name, [], 'key, followed by NUL', status, `key, followed by NUL was accepted: expected a refusal, got ${status}`);
const usernames = Array.from({ length: 12 }, (_, index) => `username no. ${index + 1}`);
const spread: readonly Check[] = [
  nul('key, followed by NUL'),
  conforms('key, doubled', []),
  ...usernames.map((name) => nul(name, '201 Created')),
  letIn('key, reversed', [], 'key, reversed', '200 OK', 'key, reversed was accepted: expected a refusal, got 200 OK'),
  violates('GET /a', [], 'this', 'that'),
  violates('GET /b', [], 'this', 'that'),
  violates('GET /c', [], 'this', 'something else'),
  inconclusive('GET /d', [], 'timeout', 'no answer'),
  inconclusive('GET /e', [], 'timeout', 'no answer'),
  inconclusive('GET /f', [], 'unstable', 'no answer'),
  noted('GET /g', [], 'this', 'that'),
  noted('GET /h', [], 'this', 'that'),
];

test.describe('one cause is one finding', () => {
  const run = runOf([
    checked('failure-body', 'leadconduit', spread),
    checked('failure-body', 'trustedform', [nul('key, followed by NUL')]),
  ]);
  const conformance = fold(run, documentation, versions);
  const entry = conformance.requirements.find(({ id }) => id === 'failure-body');
  const all = '13 checks: key, followed by NUL; username no. 1; username no. 2; and 10 more';

  test('in conformance.json, with the number of checks and some of their names', () => {
    expect(entry?.findings.map(({ product, check, verdict }) => `${product} ${verdict}: ${check}`)).toEqual([
      `leadconduit violates: ${all}`,
      'leadconduit violates: key, reversed',
      'leadconduit violates: 2 checks: GET /a; GET /b',
      'leadconduit violates: GET /c',
      'leadconduit inconclusive: 2 checks: GET /d; GET /e',
      'leadconduit inconclusive: GET /f',
      'leadconduit noted: 2 checks: GET /g; GET /h',
      'trustedform violates: key, followed by NUL',
    ]);
    expect(entry?.checks).toBe(spread.length + 1);
    expect(validateConformance(conformance)).toEqual([]);
  });
  test('in the terminal, also across products', () => {
    const text = printout({ run, conformance, documentation, reports: [], color: false, width: 120 });
    expect(text).toContain('✗ failure-body: violates on leadconduit, trustedform (14 checks)');
    expect(text).toContain('  checks    key, followed by NUL; username no. 1; username no. 2; and 10 more\n');
    expect(text.match(/followed by NUL was accepted/g)).toHaveLength(1);
  });
  test('in the summary and the annotations', () => {
    const markdown = summary(run, conformance, documentation);
    expect(markdown).toContain('violates on leadconduit, trustedform (14 checks)');
    expect(markdown).toContain('username no. 2; and 10 more');
    expect(markdown.match(/followed by NUL was accepted/g)).toHaveLength(1);
    expect(annotations(run, conformance).filter((line) => line.includes('followed by NUL'))).toHaveLength(1);
  });
  test('in JUnit', () => {
    const xml = junit({}, conformance, documentation);
    expect(xml).toContain(`${all}: key, followed by NUL was accepted`);
    expect(xml).not.toContain('username no. 3');
  });
  test('in Allure, with every check under it', () => {
    const context = { startedAt: run.startedAt, documentation, known: [] };
    const { steps } = descriptionOf(checked('failure-body', 'leadconduit', spread), context);
    const about = steps.filter(({ name }) => name.includes('followed by NUL'));
    expect(about).toHaveLength(1);
    expect(about[0]?.name).toMatch(/^13 checks: /);
    expect(about[0]?.steps.map(({ name }) => name)).toContain('username no. 9');
  });
});

test.describe('of a host', () => {
  const findingsOf = async (behavior: Change, id: string): Promise<Conformance['requirements'][number]['findings']> =>
    (await runAgainst(embedded, { behavior, only: 'leadconduit' })).requirements.find((each) => each.id === id)?.findings ?? [];

  test('a key followed by NUL that is accepted everywhere is one finding', async () => {
    const untilNul: Change = ({ matches }) => ({ matches: (password, key) => matches(password.replace(/\0.*$/s, ''), key) });
    const findings = await findingsOf(untilNul, 'bad-key-refused');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      check: expect.stringMatching(/^\d+ checks: key, followed by NUL; /),
      message: expect.stringMatching(/^key, followed by NUL was accepted: expected a refusal, got 200/),
    });
  });
  test('a username with which any key is accepted is named', async () => {
    const openFor: Change = ({ admits }) => ({
      admits: (attempt, account) => admits(attempt, account) || attempt.credentials?.username === 'admin',
    });
    const findings = await findingsOf(openFor, 'bad-key-refused');
    expect(findings.map(({ check, message }) => `${check}: ${message}`).join('\n')).toContain('admin');
  });
  test('a header that is missing from every refusal is noted once', async () => {
    const withoutTag: Change = ({ refuse }) => ({
      refuse: (attempt) => {
        const answer = refuse(attempt);
        return { ...answer, headers: answer.headers.filter(([name]) => name !== 'ETag') };
      },
    });
    const findings = await findingsOf(withoutTag, 'failure-headers');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ verdict: 'noted', check: expect.stringMatching(/^\d{2,} checks: /) });
  });
});
