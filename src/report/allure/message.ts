/** What a test tells Allure's reporter: one message, as one attachment. Allure's own functions would make seven of it in each other report. */
import type { Description } from './description.ts';
import type { Step } from './steps.ts';

/** By this content type Allure's reporter knows a message. */
export const messageType = 'application/vnd.allure.message+json';

/** The name of the chart as an attachment. */
export const chartName = 'which key was accepted when';

/** A metadata message: Allure reads the members that it knows, `reporter.ts` the rest. Exchanges and chart are attachments of their own. */
export function messageOf(description: Description): string {
  const { chart: _, ...said } = description;
  const withoutEvidence = (step: Step): Step => ({ ...step, evidence: [], steps: step.steps.map(withoutEvidence) });
  return JSON.stringify({
    type: 'metadata',
    data: { ...said, displayName: description.name, steps: description.steps.map(withoutEvidence) },
  });
}
