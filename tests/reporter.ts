/** Tells the asking which tests were selected, and prints little: verdict, reports and exit code are the command's. */

import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';
import type { Selected } from '../src/judge/judges.ts';
import { isRequirementId } from '../src/judge/judges.ts';
import { isProductId } from '../src/specifications/model.ts';
import { beginWith, isCommanded } from './telling.ts';

export default class ConformanceReporter implements Reporter {
  onBegin(_config: FullConfig, suite: Suite): void {
    const selected = suite.allTests().flatMap((test): Selected[] => {
      const product = test.parent.project()?.name ?? '';
      return isRequirementId(test.title) && (product === 'account' || isProductId(product)) ? [{ requirement: test.title, product }] : [];
    });
    // Inherited by the workers, which fail as expected where this reporter is there to count it as a failure.
    process.env.CONFORMANCE_REPORTER = '1';
    beginWith(selected);
  }

  /** The first of the reporters: those after it, and Playwright itself, see a test that should have passed. */
  onTestEnd(test: TestCase): void {
    if (test.expectedStatus === 'failed') test.expectedStatus = 'passed';
  }

  onError(error: TestError): void {
    if (isCommanded()) process.stderr.write(`${error.message ?? error.value ?? 'an error outside of the tests'}\n`);
  }

  onEnd(_result: FullResult): void {
    if (!isCommanded())
      console.log('\nThis run had no exit codes of the suite, no leak gate and no Allure page. All of them: npm run conformance');
  }

  printsToStdio(): boolean {
    return isCommanded();
  }
}
