/** Receives the tests' outcomes. If a command started this process, passes each result on to it; otherwise tells the global setup what to ask. */
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import type { Judgement } from '../src/judge/check.ts';
import { isRequirementId, type Selected } from '../src/judge/judges.ts';
import type { Message } from '../src/report/message.ts';
import { isProductId } from '../src/specifications/model.ts';
import { resultName } from './show.ts';

const isCommanded = (): boolean => process.env.CONFORMANCE_COMMAND === '1' && process.send !== undefined;
/** Loaded only when needed, because it loads all the code that sends requests. Without an extension, because it is JavaScript in the package. */
const setup = (): typeof import('./setup.ts') => require('./setup');
/** What the command has not read yet. At the end Playwright exits, and would drop it. */
const underway: Promise<unknown>[] = [];
const tell = (message: Message): void => {
  underway.push(new Promise((resolve) => process.send?.(message, undefined, undefined, resolve)));
};

/** The requirement that a test judges, which begins its title, and the product, which is a tag. */
function selectedBy({ title, tags }: TestCase): Selected | undefined {
  const [requirement = ''] = title.split(' › ');
  const product = tags.map((tag) => tag.slice(1)).find((tag) => tag === 'account' || isProductId(tag));
  return isRequirementId(requirement) && product !== undefined ? { requirement, product: product as Selected['product'] } : undefined;
}

export default class ConformanceReporter implements Reporter {
  onBegin(_config: FullConfig, suite: Suite): void {
    const selected = suite.allTests().flatMap((test) => selectedBy(test) ?? []);
    // Workers inherit this. It tells them that a failing test may be an expected failure, because this reporter counts it as a failure.
    process.env.CONFORMANCE_REPORTER = '1';
    if (!isCommanded()) {
      setup().begin(selected);
      return;
    }
    // If the command is killed, the tests must end too.
    process.once('disconnect', () => process.exit(1));
    tell({ type: 'selected', selected });
  }

  /** This is the first reporter: to those after it, and to Playwright itself, the test was expected to pass. */
  onTestEnd(test: TestCase, result: TestResult): void {
    if (test.expectedStatus === 'failed') test.expectedStatus = 'passed';
    const place = result.attachments.findIndex(({ name }) => name === resultName);
    const [attachment] = place < 0 ? [] : result.attachments.splice(place, 1);
    const selected = selectedBy(test);
    if (!isCommanded() || selected === undefined) return;
    const judgement = attachment?.body === undefined ? undefined : (JSON.parse(attachment.body.toString('utf8')) as Judgement);
    const isOurs = result.errors.find(({ stack = '' }) => /\n +at /.test(stack));
    if (judgement === undefined || isOurs !== undefined)
      tell({ type: 'failed', ...selected, message: isOurs?.stack ?? result.error?.message ?? `it ended as ${result.status}` });
    else tell({ type: 'result', ...selected, judgement });
  }

  onError(error: TestError): void {
    if (isCommanded()) process.stderr.write(`${error.message ?? error.value ?? 'an error outside of the tests'}\n`);
  }

  async onEnd(_result: FullResult): Promise<void> {
    if (isCommanded()) {
      await Promise.all(underway);
      return;
    }
    await setup().end();
    console.log(
      '\nPlain Playwright did not search for keys, wrote no front page, and ends with an exit code of its own. For all of that: npm run conformance',
    );
  }

  printsToStdio(): boolean {
    return isCommanded();
  }
}
