/** Shows a judgement as a test: a step for each check, the exchanges of findings inside their steps, and the worst check as the outcome. */
import { type TestInfo, test } from '@playwright/test';
import { alike } from '../src/judge/alike.ts';
import type { Check, Judgement } from '../src/judge/check.ts';
import type { Description } from '../src/report/allure/description.ts';
import { exchangeName, httpExchange } from '../src/report/allure/evidence.ts';
import { chartName, messageOf, messageType } from '../src/report/allure/message.ts';
import type { Step } from '../src/report/allure/steps.ts';

/** The attachment that carries the result to the reporter, which removes it. */
export const resultName = 'judgement';

/** How many findings a test's message names. */
const findingsLimit = 10;
/** How many exchanges are attached to a check. The recording has all of them. */
const exchangesLimit = 4;

/** `description` is the same judgement as Allure gets it. */
export async function show(judgement: Judgement, description: Description, testInfo: TestInfo): Promise<void> {
  for (const step of description.steps) await showStep(step, testInfo);
  if (description.chart !== undefined) await testInfo.attach(chartName, { body: description.chart, contentType: 'image/svg+xml' });
  // Last, so that a test that fails earlier is recognized as an error in the suite.
  await testInfo.attach('Allure metadata', { body: messageOf(description), contentType: messageType });
  // Without a step and after all others: steps refer to attachments by number, so none may change when the reporter takes this one away.
  const body = Buffer.from(JSON.stringify(withLessEvidence(judgement)));
  testInfo.attachments.push({ name: resultName, body, contentType: 'application/json' });
  if (judgement.kind === 'not-applicable') test.skip(true, 'does not apply to this product');
  else if (judgement.kind === 'not-run') test.skip(true, `needs ${judgement.needs}`);
  else end(judgement.checks, testInfo);
}

function showStep({ name, status, statusDetails, evidence, steps }: Step, testInfo: TestInfo): Promise<void> {
  // A check gets its test's location. Finding its own would take longer than judging it.
  const { file, line, column } = testInfo;
  const body = async (): Promise<void> => {
    for (const each of evidence)
      await testInfo.attach(exchangeName(each), {
        body: JSON.stringify(httpExchange(each)),
        contentType: 'application/vnd.allure.http+json',
      });
    for (const each of steps) await showStep(each, testInfo);
    if (status === 'failed' || status === 'broken') throw new Finding(statusDetails.message ?? name);
  };
  return test.step(name, body, { location: { file, line, column } }).catch(isFinding);
}

/** @throws Finding if a check failed, or if there are no checks. */
function end(checks: readonly Check[], testInfo: TestInfo): void {
  for (const each of checks) if (each.verdict === 'noted') testInfo.annotations.push({ type: 'noted', description: each.message });
  const failures = checks.filter(({ verdict }) => verdict === 'violates' || verdict === 'inconclusive');
  if (checks.length > 0 && failures.length === 0) return;
  // After an unexpected failure Playwright starts a new worker, which takes longer than the test. The reporter reverts this expectation.
  if (process.env.CONFORMANCE_REPORTER === '1' && process.env.CONFORMANCE_TRACE !== '1') testInfo.expectedStatus = 'failed';
  throw new Finding(checks.length === 0 ? 'no check was made' : summary(failures));
}

const sentenceOf = (check: Check): string =>
  check.verdict === 'conforms'
    ? ''
    : check.verdict === 'inconclusive'
      ? `could not be determined (${check.cause}): ${check.message}`
      : check.message;

/** Each finding once, with the name of the first check that has it. */
function summary(failures: readonly Check[]): string {
  const lines = alike(failures).map(
    ([first, ...others]) => `${first.name}${others.length === 0 ? '' : ` and ${others.length} more`}: ${sentenceOf(first)}`,
  );
  const rest = lines.length - findingsLimit;
  return [...lines.slice(0, findingsLimit), ...(rest > 0 ? [`and ${rest} more findings`] : [])].join('\n');
}

/** A failure of the host, not of the suite, so the suite's stack would not help. */
class Finding extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Finding';
    this.stack = message;
  }
}

/** A finding is kept and the test continues; any other error is a failure of the suite. */
function isFinding(error: unknown): void {
  if (!(error instanceof Finding)) throw error;
}

/** Keeps one conforming check's evidence as an example, and a few exchanges for each finding. */
function withLessEvidence(judgement: Judgement): Judgement {
  if (judgement.kind !== 'checked') return judgement;
  const example = judgement.checks.find(({ verdict }) => verdict === 'conforms');
  const checks = judgement.checks.map((check) => ({
    ...check,
    evidence: check.verdict === 'conforms' && check !== example ? [] : check.evidence.slice(0, exchangesLimit),
  }));
  return { kind: 'checked', checks };
}
