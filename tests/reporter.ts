/** Hears what the tests came to. For the command that started this process it passes each result on; without one it says what to ask. */
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import type { Judgement } from '../src/judge/check.ts';
import { isRequirementId, type Selected } from '../src/judge/judges.ts';
import type { Message } from '../src/report/message.ts';
import { isProductId } from '../src/specifications/model.ts';
import { resultName } from './show.ts';

const isCommanded = (): boolean => process.env.CONFORMANCE_COMMAND === '1' && process.send !== undefined;
const tell = (message: Message): void => void process.send?.(message);

/** Which requirement a test judges on what: its title begins with the one, and the other is a tag. */
function selectedBy({ title, tags }: TestCase): Selected | undefined {
  const [requirement = ''] = title.split(' › ');
  const product = tags.map((tag) => tag.slice(1)).find((tag) => tag === 'account' || isProductId(tag));
  return isRequirementId(requirement) && product !== undefined ? { requirement, product: product as Selected['product'] } : undefined;
}

export default class ConformanceReporter implements Reporter {
  onBegin(_config: FullConfig, suite: Suite): void {
    const selected = suite.allTests().flatMap((test) => selectedBy(test) ?? []);
    // Inherited by the workers, which fail as expected where this reporter is there to count it as a failure.
    process.env.CONFORMANCE_REPORTER = '1';
    if (!isCommanded()) {
      // Loaded where it is wanted: it brings with it all that sends. (Without an extension, since packed it is JavaScript.)
      const { begin } = require('./setup') as typeof import('./setup.ts');
      begin(selected);
      return;
    }
    // A command that was killed takes the tests with it.
    process.once('disconnect', () => process.exit(1));
    tell({ type: 'selected', selected });
  }

  /** The first of the reporters: those after it, and Playwright itself, see a test that should have passed. */
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

  onEnd(_result: FullResult): void {
    if (!isCommanded())
      console.log('\nThis run had no exit codes of the suite, no search for keys and no page. All of them: npm run conformance');
  }

  printsToStdio(): boolean {
    return isCommanded();
  }
}
