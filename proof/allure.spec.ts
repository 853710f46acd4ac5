/** Allure's results, from plain Playwright and from the command, including what our reporter changes in the results of Allure's own. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTestStep } from '@playwright/test/reporter';
import type { StepResult, TestResult } from 'allure-js-commons';
import type { Conformance } from '../src/report/model.ts';
import { requirementIds } from '../src/specifications/load.ts';
import { productIds } from '../src/specifications/model.ts';
import { conformance, plainPlaywright } from './command.ts';
import { answering, bringsKey, contentType, follows, refusal } from './hosts.ts';
import { newKey, test } from './leak-fixtures.ts';

const resultsIn = (reports: string): readonly TestResult[] => {
  const folder = join(reports, 'playwright/allure-results');
  return readdirSync(folder)
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as TestResult)
    .sort((one, other) => (one.start ?? 0) - (other.start ?? 0));
};
const named = (results: readonly TestResult[], name: string): TestResult => {
  const found = results.filter((each) => each.name === name);
  expect(found, name).toHaveLength(1);
  return found[0] as TestResult;
};
const labels = (result: TestResult, name: string): readonly string[] =>
  result.labels.filter((label) => label.name === name).map(({ value }) => value);

interface Ended {
  readonly title: string;
  readonly ok: boolean;
  readonly steps: readonly JSONReportTestStep[];
  readonly attachments: readonly string[];
}
const testsIn = ({ suites = [], specs }: Pick<JSONReportSuite, 'suites' | 'specs'>): readonly Ended[] => [
  ...specs.map(({ title, ok, tests: [only] }) => ({
    title,
    ok,
    steps: only?.results[0]?.steps ?? [],
    attachments: only?.results[0]?.attachments.map(({ contentType: type }) => type) ?? [],
  })),
  ...suites.flatMap(testsIn),
];
const reported = (text: string): readonly Ended[] =>
  testsIn({ specs: [], suites: (JSON.parse(text.slice(text.indexOf('\n{'))) as JSONReport).suites });
const all = <Step extends { readonly steps?: readonly Step[] }>(steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => [step, ...all(step.steps ?? [])]);

const http = 'application/vnd.allure.http+json';
const message = 'application/vnd.allure.message+json';
/** Both of the suite's reporters, in an order that would be wrong if order mattered, and Playwright's JSON reporter to compare with. */
const reversed = '--reporter=./src/report/allure/reporter.ts,./tests/reporter.ts,json';

/** Follows the page, except for a line feed at the end of each refusal. */
const broken = (key: string) =>
  answering((request, response) => {
    if (bringsKey(request, key)) follows(request, response, key);
    else response.writeHead(401, { 'Content-Type': contentType }).end(`${refusal}\n`);
  })(key);

test('a plain run has a result for every test, in the page’s order, and nothing from the machine, and listing tests keeps them; Playwright’s own report has every check as a step', async ({
  reports,
  aside,
}) => {
  const stale = join(reports, 'playwright/allure-results');
  mkdirSync(stale, { recursive: true });
  writeFileSync(join(stale, 'stale-result.json'), '{}');
  const plan = join(aside, 'plan.json');
  writeFileSync(plan, JSON.stringify({ version: '1.0', tests: [{ selector: 'no such test' }] }));
  const talks = join(aside, 'talks.cjs');
  writeFileSync(talks, `if (process.argv[1]?.includes('workerProcessEntry')) setInterval(() => console.log('said by a worker'), 5);`);
  const report = join(aside, 'report.json');
  const { code, text } = await plainPlaywright(['--reporter=./src/report/allure/reporter.ts,./tests/reporter.ts,list,json'], {
    REPORTS_DIR: reports,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    NODE_OPTIONS: `--require=${talks}`,
    ALLURE_TESTPLAN_PATH: plan,
    ALLURE_TEST_MODE: '1',
    ALLURE_LABEL_owner: 'an-owner',
    ALLURE_HOST_NAME: 'some-machine',
  });
  expect(code, text).toBe(0);
  expect(text).toContain('said by a worker');
  for (const name of ['ALLURE_TESTPLAN_PATH', 'ALLURE_TEST_MODE']) expect(text).toContain(`${name} is set. It has no effect here`);
  const results = resultsIn(reports);
  // Of 23 requirements two belong to the account.
  expect(results).toHaveLength(21 * productIds.length + 2);
  expect([...new Set(results.flatMap((each) => labels(each, 'story')))]).toEqual(requirementIds());
  const first = results.slice(0, productIds.length).map(({ parameters }) => parameters);
  expect(first).toEqual(productIds.map((value) => [{ name: 'product', value }]));
  expect(new Set(results.map(({ start }) => start)).size).toBe(results.length);
  expect(new Set(results.map(({ historyId }) => historyId)).size).toBe(results.length);
  expect(new Set(results.flatMap((each) => each.labels.map(({ name }) => name)))).toEqual(new Set(['feature', 'story', 'severity', 'tag']));
  const written = readdirSync(stale).map((name) => readFileSync(join(stale, name), 'utf8'));
  for (const word of ['an-owner', 'some-machine', hostname(), 'said by a worker', 'pid-'])
    expect(written.filter((each) => each.includes(word)).length, word).toBe(0);
  expect(written).not.toContain('{}');
  expect(named(results, 'old-key-stops on leadconduit').attachments).toMatchObject([{ type: 'image/svg+xml' }]);

  const tests = reported(`\n${readFileSync(report, 'utf8')}`);
  expect(all(tests.flatMap(({ steps }) => steps)).length).toBeGreaterThan(2500);
  for (const { title, attachments } of tests)
    expect(
      attachments.filter((type) => type === message),
      title,
    ).toHaveLength(1);

  // These must never change once published, because reports use them to find earlier runs: requirement and product, not the file.
  expect(named(results, 'rfc7617-utf8 on trustedform')).toMatchObject({
    testCaseId: 'rfc7617-utf8',
    historyId: '2dd708d8aa41f727a01631d35bf5eb82',
    fullName: 'Standards › rfc7617-utf8',
    titlePath: ['Standards', 'rfc7617-utf8'],
    status: 'skipped',
  });
  await plainPlaywright(['--list'], { REPORTS_DIR: reports });
  expect(resultsIn(reports)).toEqual(results);
});

test('a finding has its evidence in each report, and statuses do not depend on the order of reporters', async ({ reports }) => {
  const key = newKey();
  const host = await broken(key);
  try {
    const target = { LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: reports };
    const { code, text } = await plainPlaywright([reversed], target);
    expect(code).toBe(1);
    const failed = reported(text).filter(({ ok }) => !ok);
    expect(failed.map(({ title }) => title)).toEqual(['failure-body › leadconduit']);
    expect(failed[0]?.attachments.filter((type) => type === http).length).toBeGreaterThanOrEqual(10);
    const results = resultsIn(reports);
    expect(results.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual(['failure-body on leadconduit']);
    expect(results.filter(({ status }) => status === 'broken')).toEqual([]);
    const body = named(results, 'failure-body on leadconduit');
    expect(body.statusDetails).toMatchObject({ expected: refusal, actual: `${refusal}\\n` });
    const [group] = body.steps;
    expect(group).toMatchObject({
      name: expect.stringMatching(/^\d+ checks: expected /),
      status: 'failed',
      parameters: [{ name: 'difference', value: expect.stringContaining('^^ first difference: character 34') }],
    });
    expect(group?.steps.at(-1)?.name).toMatch(/^and \d+ more with the same finding$/);
    expect(group?.steps).toHaveLength(11);
    for (const { name, status, attachments } of group?.steps.slice(0, 7) ?? []) {
      expect(status, name).toBe('failed');
      expect(
        attachments.map(({ type }) => type),
        name,
      ).toContain(http);
    }
    for (const each of results)
      for (const { statusDetails, name } of [each, ...all<StepResult>(each.steps)])
        expect(statusDetails?.trace ?? '', name).not.toMatch(/^ +at /m);
  } finally {
    await host.close();
  }
});

test('an inconclusive result is broken, with its cause and what to do next; a known difference has its tag and its reason', async ({
  reports,
  aside,
}) => {
  const key = newKey();
  const [silent, differs] = await Promise.all([answering((_request, response) => response.writeHead(503).end())(key), broken(key)]);
  const difference = { requirement: 'failure-body', verdict: 'violates', reason: 'until the next release', expires: '2999-12-31' };
  writeFileSync(join(aside, 'known-differences.yaml'), JSON.stringify([difference]));
  try {
    const target = { LEADCONDUIT_URL: silent.url, TRUSTEDFORM_URL: differs.url, ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: reports };
    const { code } = await plainPlaywright(['--grep', 'failure-body'], target, aside);
    expect(code).toBe(1);
    const results = resultsIn(reports);
    const inconclusive = named(results, 'failure-body on leadconduit');
    expect(inconclusive).toMatchObject({ status: 'broken', steps: [{ status: 'broken' }] });
    expect(labels(inconclusive, 'cause')).toEqual(['unreachable']);
    expect(inconclusive.description).toContain('**What to do next**');
    const known = named(results, 'failure-body on trustedform');
    expect(labels(known, 'tag')).toEqual(['known']);
    expect(known.description).toContain('**Known difference**, until 2999-12-31: until the next release');
  } finally {
    await Promise.all([silent.close(), differs.close()]);
  }
});

test('an error in the suite is broken and not a verdict', async ({ reports, aside }) => {
  const thrower = join(aside, 'thrower.cjs');
  writeFileSync(
    thrower,
    `const fs = require('node:fs'), { readFileSync } = fs;
     fs.readFileSync = (file, ...rest) => {
       if (String(file).endsWith('run-context.json')) throw new Error('an error of ours');
       return readFileSync(file, ...rest);
     };`,
  );
  const { code } = await plainPlaywright(['--grep', 'utf8 › trustedform'], { REPORTS_DIR: reports, NODE_OPTIONS: `--require=${thrower}` });
  expect(code).toBe(1);
  expect(resultsIn(reports)).toMatchObject([{ status: 'broken', labels: [], statusDetails: { message: 'Error: an error of ours' } }]);
});

const words = { violates: 'failed', inconclusive: 'broken', noted: 'passed', conforms: 'passed', 'not-run': 'skipped' };
/** Compares each product's verdict in conformance.json with the status of the same result on the page. */
function saidOf(reports: string): {
  readonly requirements: Conformance['requirements'];
  readonly wrong: readonly string[];
  /** Of each result in the page, as HTML. */
  readonly descriptions: readonly string[];
} {
  const { requirements } = JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
  const page = readFileSync(join(reports, 'allure/index.html'), 'utf8');
  const results = [...page.matchAll(/d\("data\/test-results\/[^"]+","([^"]*)"\)/g)].map(
    ([, content]) => JSON.parse(Buffer.from(content ?? '', 'base64').toString()) as TestResult & { readonly descriptionHtml: string },
  );
  const said = requirements.flatMap(({ id, products }) =>
    Object.entries(products).map(([product, verdict]) => [`${id} on ${product}`, words[verdict]] as const),
  );
  const wrong = said.filter(([name, status]) => results.find((each) => each.name === name)?.status !== status).map(([name]) => name);
  return { requirements, wrong, descriptions: results.map(({ descriptionHtml }) => descriptionHtml) };
}

test('the command publishes the page but not the results; a test, its Allure result and conformance.json agree', async ({ reports }) => {
  const key = newKey();
  const host = await broken(key);
  try {
    const target = { LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: reports };
    const { code } = await conformance(['--reporter', 'json'], target);
    expect(code).toBe(1);
  } finally {
    await host.close();
  }
  expect(readdirSync(join(reports, 'playwright'))).toEqual(['report.json']);
  const { requirements, wrong, descriptions } = saidOf(reports);
  expect(wrong).toEqual([]);
  // What only the command knows: how the run was configured.
  expect(descriptions.filter((each) => each.includes('npm run conformance'))).toEqual([
    expect.stringMatching(/LEADCONDUIT_URL=\S+ .*npm run conformance -- --grep failure-body --project leadconduit/),
  ]);
  const failed = requirements.filter(({ verdict }) => verdict === 'violates').map(({ id }) => `${id} › leadconduit`);
  expect(failed).toEqual(['failure-body › leadconduit']);
  const tests = reported(`\n${readFileSync(join(reports, 'playwright/report.json'), 'utf8')}`);
  expect(tests.filter(({ ok }) => !ok).map(({ title }) => title)).toEqual(failed);
});

test('the page also shows what the command judged after the tests: a product without any required check', async ({ reports }) => {
  const host = await answering((_request, response) => response.writeHead(404).end())('');
  try {
    const target = { TRUSTEDFORM_URL: host.url, ACTIVEPROSPECT_API_KEY: newKey(), REPORTS_DIR: reports };
    const { code } = await conformance(['--grep', '^(auth-required|failure-body)$'], target);
    expect(code).toBe(3);
  } finally {
    await host.close();
  }
  const { requirements, wrong } = saidOf(reports);
  expect(requirements.find(({ id }) => id === 'auth-required')?.products).toEqual({ trustedform: 'inconclusive' });
  expect(requirements.find(({ id }) => id === 'failure-body')?.products).toEqual({ trustedform: 'not-run' });
  expect(wrong).toEqual([]);
});
