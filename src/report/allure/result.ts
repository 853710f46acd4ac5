/** A requirement on a product as a test result of Allure: its checks are steps, the exchanges behind its findings attachments. */

import { createHash } from 'node:crypto';
import { type Attachment, ContentType, LabelName, Severity, Stage, Status, type StepResult, type TestResult } from 'allure-js-commons';
import { alike } from '../../judge/alike.ts';
import { type Check, type Result, type Verdict, verdictOf } from '../../judge/check.ts';
import type { KnownDifference } from '../../known/known.ts';
import { causeAnchor, causes } from '../../recording/causes.ts';
import type { Exchange } from '../../recording/exchange.ts';
import type { Level, Requirement, Section } from '../../specifications/model.ts';
import { chart } from '../chart.ts';
import { counting, levelWords } from '../headline.ts';
import { subjectOf } from '../subject.ts';
import { inWords, type Timeline } from '../timeline.ts';
import { shortened, visible } from '../visible.ts';
import { exchangeName, httpExchange } from './evidence.ts';

/** Equal findings that are shown with their evidence; the rest is counted. */
const equalLimit = 10;
/** Exchanges that are shown of a result; the rest is counted. A page with all of them takes long to write and to open. */
const exchangesLimit = 30;
/** Of a message, in characters. */
const messageLimit = 2000;

export interface AllureResult {
  readonly result: TestResult;
  /** Contents of the attachments, by the name under which the result refers to them. */
  readonly files: ReadonlyMap<string, string>;
}

export const statuses: Readonly<Record<Verdict, Status>> = {
  violates: Status.FAILED,
  inconclusive: Status.BROKEN,
  noted: Status.PASSED,
  conforms: Status.PASSED,
  'not-run': Status.SKIPPED,
};

export const severities: Readonly<Record<Level, Severity>> = {
  required: Severity.CRITICAL,
  standard: Severity.MINOR,
  illustrative: Severity.TRIVIAL,
};

export type Told = Exclude<Result['judgement'], { kind: 'not-applicable' }>;

const uuidOf = (requirement: string, product: Result['product']): string =>
  createHash('sha256').update(`${requirement} on ${product}`).digest('hex').slice(0, 32);

/** What stands behind the `#` in the address of a result in the report: Allure makes it of the result's own id. */
export const resultAnchor = (requirement: string, product: Result['product']): string =>
  createHash('md5').update(uuidOf(requirement, product)).digest('hex');

/** `start` in ms since 1970: results stand in the order of their starts. */
export function allureResult(
  section: Section,
  requirement: Requirement,
  product: Result['product'],
  judgement: Told,
  start: number,
  { timeline, known }: { readonly timeline?: Timeline | undefined; readonly known?: KnownDifference | undefined } = {},
): AllureResult {
  const { id, level } = requirement;
  const uuid = uuidOf(id, product);
  const verdict = verdictOf(judgement, level);
  const checks = judgement.kind === 'checked' ? judgement.checks : [];
  const evidence = new Evidence(uuid);
  const span = spanOf(checks);
  const worst = checks.find((check) => check.verdict === verdict);
  const tags = [
    ...(verdict === 'noted' || checks.some((check) => check.verdict === 'noted') ? ['noted'] : []),
    ...(known ? ['known'] : []),
  ];
  const result: TestResult = {
    uuid,
    name: product === 'account' ? id : `${id} on ${product}`,
    fullName: `${section.title} › ${id}`,
    testCaseId: id,
    titlePath: [section.title, id],
    status: statuses[verdict],
    statusDetails: judgement.kind === 'not-run' ? { message: visible(`not run: ${judgement.needs}`) } : detailsOf(worst, checks.length),
    stage: Stage.FINISHED,
    description: [
      descriptionOf(section, requirement, worst),
      ...(timeline === undefined ? [] : [inWords(timeline)]),
      ...(known === undefined ? [] : [`**Known difference**, until ${known.expires}: ${visible(known.reason)}`]),
    ].join('\n\n'),
    parameters: product === 'account' ? [] : [{ name: 'product', value: product }],
    labels: [
      { name: LabelName.FEATURE, value: section.title },
      { name: LabelName.STORY, value: id },
      { name: LabelName.SEVERITY, value: severities[level] },
      ...tags.map((value) => ({ name: LabelName.TAG, value })),
      ...(worst?.verdict === 'inconclusive' ? [{ name: 'cause', value: worst.cause }] : []),
    ],
    links: [{ name: `${section.title}, as published`, url: section.link, type: 'link' }],
    steps: stepsOf(checks, evidence),
    attachments: timeline === undefined ? [] : [evidence.chartOf(timeline)],
    start,
    stop: start + span.stop - span.start,
  };
  return { result, files: evidence.files };
}

function descriptionOf({ title, link }: Section, { level, statement, restsOn }: Requirement, worst: Check | undefined): string {
  const next =
    worst?.verdict === 'inconclusive'
      ? [`**What to do next**: ${causes[worst.cause]} (${worst.cause}: \`${causeAnchor(worst.cause)}\`)`]
      : [];
  return [statement, `**${level}**: ${levelWords[level]}.`, `Rests on: ${restsOn.join('; ')}. [Read “${title}”](${link})`, ...next].join(
    '\n\n',
  );
}

function detailsOf(check: Check | undefined, checks: number): TestResult['statusDetails'] {
  if (checks === 0) return { message: 'no check was made', trace: causes['no-check'] };
  if (check === undefined || check.verdict === 'conforms' || check.verdict === 'noted') return {};
  const message = shortened(visible(check.message), messageLimit);
  if (check.verdict === 'inconclusive') return { message, trace: causes[check.cause] };
  return {
    message,
    trace: message,
    expected: shortened(visible(check.expected), messageLimit),
    actual: shortened(visible(check.actual), messageLimit),
  };
}

/** Findings first, equal ones together, the worst on top; then what was kept, with one exchange as an example. */
function stepsOf(checks: readonly Check[], evidence: Evidence): StepResult[] {
  const having = (verdict: Verdict): Check[] => checks.filter((check) => check.verdict === verdict);
  const findings = (['violates', 'inconclusive', 'noted'] as const)
    .flatMap((verdict) => alike(having(verdict)))
    .map((equal) => (equal.length === 1 ? finding(equal[0], evidence) : group(equal, evidence)));
  const example = having('conforms').find((check) => check.evidence.length > 0);
  const shown = example && subjectOf(example.evidence);
  const kept = having('conforms').map((check) =>
    step(check.name, [check], { attachments: check === example && shown !== undefined ? evidence.of([shown]) : [] }),
  );
  const omission = evidence.omitted === 0 ? [] : [step(`${counting(evidence.omitted, 'exchange is', 'exchanges are')} not shown`, [])];
  return [...findings, ...kept, ...omission];
}

function group(equal: readonly [Check, ...Check[]], evidence: Evidence): StepResult {
  const shown = equal.slice(0, equalLimit).map((check) => step(check.name, [check], { attachments: evidence.of(check.evidence) }));
  const rest = equal.slice(equalLimit);
  return step(`${counting(equal.length, 'check', 'checks')}: ${messageOf(equal[0])}`, equal, {
    steps: [...shown, ...(rest.length === 0 ? [] : [step(`and ${rest.length} more with the same finding`, rest)])],
  });
}

const finding = (check: Check, evidence: Evidence): StepResult =>
  step(check.verdict === 'noted' ? `${check.name}: ${messageOf(check)}` : check.name, [check], {
    attachments: evidence.of(check.evidence),
    statusDetails: detailsOf(check, 1),
  });

const messageOf = (check: Check): string => ('message' in check ? shortened(check.message, 200) : '');

/** One step for checks that came to the same. */
function step(name: string, checks: readonly Check[], more: Partial<StepResult> = {}): StepResult {
  return {
    name: visible(name),
    status: statuses[checks[0]?.verdict ?? 'conforms'],
    statusDetails: {},
    stage: Stage.FINISHED,
    steps: [],
    attachments: [],
    parameters: [],
    ...spanOf(checks),
    ...more,
  };
}

/** From the first request to the last answer that the checks rest on, in ms on the clock of the run. */
function spanOf(checks: readonly Check[]): { start: number; stop: number } {
  const exchanges = checks.flatMap((check) => check.evidence);
  const start = exchanges.reduce((min, each) => Math.min(min, each.startedAt), exchanges[0]?.startedAt ?? 0);
  const stop = exchanges.reduce((max, each) => Math.max(max, each.startedAt + each.durationMs), start);
  return { start: Math.round(start), stop: Math.round(start) + Math.round(stop - start) };
}

/** Collects the exchanges that a result shows. */
class Evidence {
  readonly files = new Map<string, string>();
  /** How many were left out. */
  omitted = 0;
  readonly #uuid: string;

  constructor(uuid: string) {
    this.#uuid = uuid;
  }

  chartOf(timeline: Timeline): Attachment {
    const source = `${this.#uuid}-chart-attachment.svg`;
    this.files.set(source, chart(timeline));
    return { name: 'which key was accepted when', type: ContentType.SVG, source };
  }

  of(exchanges: readonly Exchange[]): Attachment[] {
    const shown = exchanges.slice(0, Math.max(0, exchangesLimit - this.files.size));
    this.omitted += exchanges.length - shown.length;
    return shown.map((exchange) => {
      const source = `${this.#uuid}-${this.files.size}-attachment.httpexchange`;
      this.files.set(source, JSON.stringify(httpExchange(exchange)));
      return { name: exchangeName(exchange), type: ContentType.HTTP_EXCHANGE, source };
    });
  }
}
