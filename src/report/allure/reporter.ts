/**
 * Allure's reporter for Playwright. It writes what each test says of itself (`description.ts`): the status by the verdict, the same identity
 * in each run, the page's order, and nothing of the machine, of the environment, or of what was printed.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite, TestCase, TestResult as TestEnd } from '@playwright/test/reporter';
import { ContentType, Status, type StepResult, type TestResult } from 'allure-js-commons';
import type { ReporterRuntime } from 'allure-js-commons/sdk/reporter';
import { AllureReporter } from 'allure-playwright';
import type { Description } from './description.ts';
import { resultOf, stepOf } from './files.ts';
import { messageType } from './message.ts';
import { resultsFolder, unusedVariables } from './settings.ts';
import type { Step } from './steps.ts';
import { ResultWriter } from './writer.ts';

/** What a result may show. Traces stay in Playwright's own folder. */
const shown: readonly string[] = [messageType, ContentType.HTTP_EXCHANGE, ContentType.SVG];

export default class ConformanceAllureReporter extends AllureReporter {
  /** What the tests have said of themselves, by history id. */
  readonly #described = new Map<string, Description>();
  #emptied = false;

  constructor() {
    for (const name of unusedVariables) {
      if (process.env[name] !== undefined) console.error(`${name} is set. It has no effect here: --grep selects tests.`);
      delete process.env[name];
    }
    // Without detail: fixtures and hooks are no checks.
    super({ detail: false, suiteTitle: false });
  }

  override onBegin(suite: Suite): void {
    super.onBegin(suite);
    this.#emptied = false;
    // Allure has no option for it.
    const { allureRuntime } = this as unknown as { readonly allureRuntime: ReporterRuntime };
    allureRuntime.writer = new ResultWriter(this.#folder(), (result) => this.#finished(result));
  }

  /** `--list` calls reporters too, so the results of an earlier run are removed only when a test begins. */
  override onTestBegin(test: TestCase): void {
    if (!this.#emptied) {
      rmSync(this.#folder(), { recursive: true, force: true });
      mkdirSync(this.#folder(), { recursive: true });
    }
    this.#emptied = true;
    super.onTestBegin(test);
  }

  #folder(): string {
    return join(this.outputDir as string, resultsFolder);
  }

  override async onTestEnd(test: TestCase, result: TestEnd): Promise<void> {
    const message = result.attachments.find(({ contentType }) => contentType === messageType)?.body;
    if (message !== undefined) {
      const { data } = JSON.parse(message.toString('utf8')) as { readonly data: Description };
      this.#described.set(data.historyId, data);
    }
    const attachments = result.attachments.filter(({ contentType }) => shown.includes(contentType));
    await super.onTestEnd(test, { ...result, attachments, stdout: [], stderr: [] });
  }

  /** A test that did not run has no result. */
  override async addSkippedResults(): Promise<void> {}

  /** A test that sent no description failed because of an error in the suite, so it counts as broken and loses its labels. */
  #finished(result: TestResult): TestResult {
    const described = this.#described.get(result.historyId ?? '');
    if (described === undefined) return { ...result, labels: [], status: Status.BROKEN };
    const { steps, attachments } = unwrapped(result);
    return resultOf(described, restored(described.steps, steps), attachments);
  }
}

/** Allure puts each attachment into a step of its own, which says nothing. */
function unwrapped<Of extends Pick<StepResult, 'steps' | 'attachments'>>(of: Of): Of {
  const isWrapper = ({ name, steps, attachments: [first, ...others] }: StepResult): boolean =>
    steps.length === 0 && others.length === 0 && first?.name === name;
  return {
    ...of,
    steps: of.steps.filter((each) => !isWrapper(each)).map(unwrapped),
    attachments: [...of.attachments, ...of.steps.filter(isWrapper).flatMap(({ attachments }) => attachments)],
  };
}

/** Playwright knows only failed and passed steps, so the test sends the outcome of each step, in the same order. */
const restored = (described: readonly Step[], steps: readonly StepResult[]): StepResult[] =>
  steps.map((step, index) => {
    const said = described[index];
    return said === undefined ? step : stepOf(said, restored(said.steps, step.steps), step.attachments);
  });
