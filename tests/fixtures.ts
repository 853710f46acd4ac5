/**
 * The words that the tests are written in. A test sends nothing and judges nothing: the process that asked does, once, and the test shows
 * it, a step for each check.
 */
import { get } from 'node:http';
import { _baseTest, type TestInfo, test as withBrowsers } from '@playwright/test';
import type { Check, Judgement } from '../src/judge/check.ts';
import type { RequirementId } from '../src/judge/judges.ts';

const traced = process.env.CONFORMANCE_TRACE === '1';
// Nothing here needs a browser, and setting up the forty fixtures of one for each test costs more than the tests do. Traces are theirs.
export const test = traced ? withBrowsers : _baseTest;

/**
 * The body of a requirement's test: has it judged over what was recorded of the project's product, and makes a step of each check. The
 * worst check decides; what is not run is skipped with what it needs.
 */
export const judged =
  (id: RequirementId) =>
  async ({}, testInfo: TestInfo): Promise<void> => {
    const judgement = await judgementOf(id, testInfo.project.name);
    if (judgement.kind === 'not-applicable') test.skip(true, 'says nothing about this product');
    else if (judgement.kind === 'not-run') test.skip(true, `needs ${judgement.needs}`);
    else await showChecks(judgement.checks, testInfo);
  };

async function showChecks(checks: readonly Check[], testInfo: TestInfo): Promise<void> {
  const failures: string[] = [];
  let shown = 0;
  const { file, line, column } = testInfo;
  const location = { file, line, column };
  for (const check of checks) {
    const fails = check.verdict === 'violates' || check.verdict === 'inconclusive';
    if (fails) failures.push(`${check.name}: ${sentenceOf(check)}`);
    if (check.verdict === 'noted') testInfo.annotations.push({ type: 'noted', description: sentenceOf(check) });
    const attach = check.evidence.length > 0 && (fails ? shown++ < findingsShown : check === checks[0]);
    const show = async (): Promise<void> => {
      if (attach)
        await testInfo.attach('exchanges', { body: JSON.stringify(check.evidence, undefined, 2), contentType: 'application/json' });
      if (fails) throw new Finding(sentenceOf(check));
    };
    // A check stands where its test does. To find out where would cost more than to judge it.
    await test.step(check.name, show, { location }).catch(isFinding);
  }
  if (failures.length === 0) return;
  // After an unexpected failure Playwright starts another worker, which takes longer than the test. The reporter expects it to pass again.
  if (process.env.CONFORMANCE_REPORTER === '1' && !traced) testInfo.expectedStatus = 'failed';
  throw new Finding(summary(failures));
}

/** Findings of a test that come with evidence; the rest is counted. */
const findingsShown = 10;

const sentenceOf = (check: Check): string =>
  check.verdict === 'conforms' ? '' : check.verdict === 'inconclusive' ? `cannot tell (${check.cause}): ${check.message}` : check.message;

const summary = (failures: readonly string[]): string =>
  [...failures.slice(0, findingsShown), ...(failures.length > findingsShown ? [`and ${failures.length - findingsShown} more`] : [])].join(
    '\n',
  );

/** The host's failure, not ours: no stack of ours helps with it. */
class Finding extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Finding';
    this.stack = message;
  }
}

/** What a check finds is kept, and the test goes on; any other error is ours. */
function isFinding(error: unknown): void {
  if (!(error instanceof Finding)) throw error;
}

/** Has the process that asked judge it, once all that it needs has been asked. */
function judgementOf(requirement: RequirementId, product: string): Promise<Judgement> {
  const path = `/judgement?${new URLSearchParams({ requirement, product })}`;
  return new Promise((resolve, reject) => {
    get({ socketPath: process.env.CONFORMANCE_SOCKET, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(text));
      });
    }).on('error', reject);
  });
}
