/** Shows a judgement as a test: a step for each check, the exchanges of findings inside their steps, and the worst check as the outcome. */
import { type TestInfo, test } from '@playwright/test';
import { alike } from '../src/judge/alike.ts';
import type { Check, Judgement, Verdict } from '../src/judge/check.ts';
import type { Exchange } from '../src/recording/exchange.ts';
import { exchangeName, httpExchange } from '../src/report/allure/evidence.ts';

/** The attachment that carries the result to the reporter, which takes it out again. */
export const resultName = 'judgement';

/** Equal findings that are shown one by one; the rest is counted. */
const equalLimit = 10;
/** Exchanges that come with a check, and with a test: whoever reads more opens the recording. */
const exchangesLimit = { check: 4, test: 30 };

export async function show(judgement: Judgement, testInfo: TestInfo): Promise<void> {
  await testInfo.attach(resultName, { body: JSON.stringify(withLessEvidence(judgement)), contentType: 'application/json' });
  if (judgement.kind === 'not-applicable') test.skip(true, 'says nothing about this product');
  else if (judgement.kind === 'not-run') test.skip(true, `needs ${judgement.needs}`);
  else await showChecks(judgement.checks, testInfo);
}

/** Findings first, equal ones together, the worst on top; then what was kept, with one exchange as an example. */
async function showChecks(checks: readonly Check[], testInfo: TestInfo): Promise<void> {
  // A check stands where its test does. To find out where would cost more than to judge it.
  const { file, line, column } = testInfo;
  const step = (name: string, body: () => Promise<void>): Promise<void> =>
    test.step(name, body, { location: { file, line, column } }).catch(isFinding);
  let left = exchangesLimit.test;
  const attach = async (exchanges: readonly Exchange[]): Promise<void> => {
    const shown = exchanges.slice(0, Math.min(exchangesLimit.check, left));
    left -= shown.length;
    for (const each of shown)
      await testInfo.attach(exchangeName(each), {
        body: JSON.stringify(httpExchange(each)),
        contentType: 'application/vnd.allure.http+json',
      });
  };
  const finding = (check: Check): Promise<void> =>
    step(check.verdict === 'noted' ? `${check.name}: ${check.message}` : check.name, async () => {
      await attach(check.evidence);
      if (fails(check)) throw new Finding(sentenceOf(check));
    });
  const group = ([first, ...others]: readonly [Check, ...Check[]]): Promise<void> => {
    if (others.length === 0) return finding(first);
    const all = [first, ...others];
    const rest = all.length - equalLimit;
    return step(`${all.length} checks: ${sentenceOf(first)}`, async () => {
      for (const each of all.slice(0, equalLimit)) await finding(each);
      if (rest > 0) await step(`and ${rest} more with the same finding`, async () => {});
      if (fails(first)) throw new Finding(sentenceOf(first));
    });
  };

  const having = (verdict: Verdict): readonly Check[] => checks.filter((check) => check.verdict === verdict);
  for (const verdict of ['violates', 'inconclusive', 'noted'] as const) for (const equal of alike(having(verdict))) await group(equal);
  const kept = having('conforms');
  for (const check of kept) await step(check.name, async () => (check === kept[0] ? attach(check.evidence.slice(0, 1)) : undefined));

  for (const { message } of noted(checks)) testInfo.annotations.push({ type: 'noted', description: message });
  const failures = checks.filter(fails);
  if (checks.length > 0 && failures.length === 0) return;
  // After an unexpected failure Playwright starts another worker, which takes longer than the test. The reporter expects it to pass again.
  if (process.env.CONFORMANCE_REPORTER === '1' && process.env.CONFORMANCE_TRACE !== '1') testInfo.expectedStatus = 'failed';
  throw new Finding(checks.length === 0 ? 'no check was made' : summary(failures));
}

const noted = (checks: readonly Check[]) => checks.flatMap((check) => (check.verdict === 'noted' ? [check] : []));
const fails = ({ verdict }: Check): boolean => verdict === 'violates' || verdict === 'inconclusive';

const sentenceOf = (check: Check): string =>
  check.verdict === 'conforms' ? '' : check.verdict === 'inconclusive' ? `cannot tell (${check.cause}): ${check.message}` : check.message;

/** Each finding once, the first of equal checks by its name. */
function summary(failures: readonly Check[]): string {
  const lines = alike(failures).map(
    ([first, ...others]) => `${first.name}${others.length === 0 ? '' : ` and ${others.length} more`}: ${sentenceOf(first)}`,
  );
  return [...lines.slice(0, equalLimit), ...(lines.length > equalLimit ? [`and ${lines.length - equalLimit} more findings`] : [])].join(
    '\n',
  );
}

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

/** What conforms needs no evidence but an example, and nobody reads more than some exchanges of a finding. */
function withLessEvidence(judgement: Judgement): Judgement {
  if (judgement.kind !== 'checked') return judgement;
  const example = judgement.checks.find(({ verdict }) => verdict === 'conforms');
  const checks = judgement.checks.map((check) => ({
    ...check,
    evidence: check.verdict === 'conforms' && check !== example ? [] : check.evidence.slice(0, exchangesLimit.check),
  }));
  return { kind: 'checked', checks };
}
