/** A result as the files that Allure reads: those that its reporter wrote, or the same made from a description. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attachment, ContentType, Stage, type Status, type StepResult, type TestResult } from 'allure-js-commons';
import type { Exchange } from '../../recording/exchange.ts';
import type { Description } from './description.ts';
import { exchangeName, httpExchange } from './evidence.ts';
import { chartName } from './message.ts';
import type { Step } from './steps.ts';

export interface ResultFiles {
  readonly result: TestResult;
  /** Contents of the attachments, by the name under which the result refers to them. */
  readonly attachments: ReadonlyMap<string, Buffer>;
}

/** A description as Allure's result, without anything that the description does not say. */
export function resultOf(description: Description, steps: StepResult[], attachments: Attachment[]): TestResult {
  const { uuid, historyId, testCaseId, name, fullName, start, stop } = description;
  return {
    ...{ uuid, historyId, testCaseId, name, fullName, start, stop },
    titlePath: [...description.titlePath],
    status: description.status as Status,
    statusDetails: description.statusDetails,
    stage: Stage.FINISHED,
    description: description.description,
    parameters: [...description.parameters],
    labels: [...description.labels],
    links: [...description.links],
    steps,
    attachments,
  };
}

/** A step but for the steps and attachments in it. */
export const stepOf = (
  { name, status, statusDetails, parameters, start, stop }: Step,
  steps: StepResult[],
  attachments: Attachment[],
): StepResult => ({
  ...{ name, statusDetails, start, stop, steps, attachments },
  status: status as Status,
  stage: Stage.FINISHED,
  parameters: [...parameters],
});

/** Of a result that no test has judged. */
export function filesOf(description: Description): ResultFiles {
  const attachments = new Map<string, Buffer>();
  const attached = (name: string, type: ContentType, extension: string, content: string): Attachment => {
    const source = `${description.uuid}-${attachments.size}-attachment.${extension}`;
    attachments.set(source, Buffer.from(content));
    return { name, type, source };
  };
  const ofExchange = (exchange: Exchange): Attachment =>
    attached(exchangeName(exchange), ContentType.HTTP_EXCHANGE, 'httpexchange', JSON.stringify(httpExchange(exchange)));
  const written = (step: Step): StepResult => stepOf(step, step.steps.map(written), step.evidence.map(ofExchange));
  const { chart, steps } = description;
  const charts = chart === undefined ? [] : [attached(chartName, ContentType.SVG, 'svg', chart)];
  return { result: resultOf(description, steps.map(written), charts), attachments };
}

/** Of a result that Allure's reporter wrote. @throws where it wrote none. */
export function readFiles(folder: string, uuid: string): ResultFiles {
  const result = JSON.parse(readFileSync(join(folder, `${uuid}-result.json`), 'utf8')) as TestResult;
  const sources = (of: Pick<TestResult, 'attachments' | 'steps'>): readonly string[] => [
    ...of.attachments.map(({ source }) => source),
    ...of.steps.flatMap(sources),
  ];
  return { result, attachments: new Map(sources(result).map((source) => [source, readFileSync(join(folder, source))])) };
}
