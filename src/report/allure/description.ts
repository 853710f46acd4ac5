/**
 * What Allure shows of a requirement on a product, as plain data. The test that judges it sends this to Allure's reporter and makes its
 * steps from it; for a result without a test the page is made from it directly.
 */
import { createHash } from 'node:crypto';
import type { Label, Link, Parameter, Severity, StatusDetails } from 'allure-js-commons';
import { type Check, type Result, type Verdict, verdictOf } from '../../judge/check.ts';
import type { RequirementId } from '../../judge/judges.ts';
import { type KnownDifference, knownDifferenceFor } from '../../known/known.ts';
import { causeAnchor, causes } from '../../recording/causes.ts';
import { type Documentation, type Level, productIds, type Requirement, type Section } from '../../specifications/model.ts';
import { chart } from '../chart.ts';
import { levelWords } from '../headline.ts';
import { inWords, type Timeline } from '../timeline.ts';
import { visible } from '../visible.ts';
import { detailsOf, differenceIn, type StatusName, type Step, spanOf, statuses, stepsOf } from './steps.ts';

/** What a description needs to know of the run. */
export interface RunContext {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly documentation: Documentation;
  readonly known: readonly KnownDifference[];
}

export interface Description {
  /** The result's own id: the same in each run. */
  readonly uuid: string;
  /** By which Allure finds the same result in earlier runs: made of requirement and product, so that a file may be renamed. */
  readonly historyId: string;
  readonly testCaseId: string;
  readonly name: string;
  readonly fullName: string;
  readonly titlePath: readonly string[];
  readonly status: StatusName;
  readonly statusDetails: StatusDetails;
  /** In Markdown. */
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly labels: readonly Label[];
  readonly links: readonly Link[];
  /** In ms since 1970. Allure sorts by it, so it follows the page's order. */
  readonly start: number;
  readonly stop: number;
  readonly steps: readonly Step[];
  /** When which key was accepted, as SVG. */
  readonly chart?: string;
}

const severities: Readonly<Record<Level, `${Severity}`>> = { required: 'critical', standard: 'minor', illustrative: 'trivial' };

/** The same in each run, so that Allure recognizes the result. */
export const uuidOf = (requirement: string, product: Result['product']): string =>
  createHash('sha256').update(`${requirement} on ${product}`).digest('hex').slice(0, 32);

/** How Allure makes its ids. */
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** What stands behind the `#` in the address of a result in the report: Allure makes it of the result's own id. */
export const resultAnchor = (requirement: string, product: Result['product']): string => md5(uuidOf(requirement, product));

/** These measure what the page calls "immediately". */
const measured: readonly string[] = ['old-key-stops', 'new-key-starts'] satisfies readonly RequirementId[];

/** What a description may hold beside the checks. */
export interface DescriptionExtras {
  /** For a product whose login after a reset was observed. */
  readonly timelineOf?: (product: Result['product']) => Timeline | undefined;
  /** How its finding is repeated, in paragraphs of Markdown. */
  readonly repeated?: readonly string[];
}

/** What a description is made of. */
function partsOf(
  { requirement: id, product, judgement }: Result,
  { startedAt, documentation, known }: RunContext,
  { timelineOf }: DescriptionExtras,
) {
  const { section, requirement, place } = placeOf(id, documentation);
  const verdict = judgement.kind === 'not-applicable' ? 'not-run' : verdictOf(judgement, requirement.level);
  const checks = judgement.kind === 'checked' ? judgement.checks : [];
  return {
    section,
    requirement,
    place,
    verdict,
    checks,
    worst: checks.find((check) => check.verdict === verdict),
    difference: knownDifferenceFor(known, { requirement: id, product, verdict }, startedAt.slice(0, 10)),
    timeline: measured.includes(id) ? timelineOf?.(product) : undefined,
  };
}

/** The text of a description alone, in Markdown, without the steps. */
export const proseOf = (result: Result, context: RunContext, extras: DescriptionExtras = {}): string =>
  prose(partsOf(result, context, extras), extras);

const prose = (
  { section, requirement, worst, difference, timeline }: ReturnType<typeof partsOf>,
  { repeated = [] }: DescriptionExtras,
): string =>
  [
    requirement.statement,
    ...(worst === undefined ? [] : ofFinding(worst, section, difference)),
    ...repeated,
    `**${requirement.level}**: ${levelWords[requirement.level]}. Based on: ${requirement.restsOn.join('; ')}.`,
    ...(timeline === undefined ? [] : [inWords(timeline)]),
    ...(difference === undefined ? [] : [`**Known difference**, until ${difference.expires}: ${visible(difference.reason)}`]),
  ].join('\n\n');

/** What Allure shows of a result, without the files that hold its evidence. */
export function descriptionOf(result: Result, context: RunContext, extras: DescriptionExtras = {}): Description {
  const { requirement: id, product, judgement } = result;
  const { startedAt } = context;
  const parts = partsOf(result, context, extras);
  const { section, requirement, place, verdict, checks, worst, difference, timeline } = parts;
  const uuid = uuidOf(id, product);
  const span = spanOf(checks);
  const start = Date.parse(startedAt) + place * units.length + units.indexOf(product);
  return {
    uuid,
    historyId: uuid,
    testCaseId: id,
    name: product === 'account' ? id : `${id} on ${product}`,
    fullName: `${section.title} › ${id}`,
    titlePath: [section.title, id],
    status: statuses[verdict],
    statusDetails: outcomeOf(judgement, worst),
    description: prose(parts, extras),
    parameters: product === 'account' ? [] : [{ name: 'product', value: product }],
    labels: [
      { name: 'feature', value: section.title },
      { name: 'story', value: id },
      { name: 'severity', value: severities[requirement.level] },
      ...tagsOf(verdict, checks, difference).map((value) => ({ name: 'tag', value })),
      ...(worst?.verdict === 'inconclusive' ? [{ name: 'cause', value: worst.cause }] : []),
    ],
    links: [{ name: `${section.title}, as published`, url: section.link, type: 'link' }],
    start,
    stop: start + span.stop - span.start,
    steps: stepsOf(checks),
    ...(timeline === undefined ? {} : { chart: chart(timeline) }),
  };
}

const units: readonly Result['product'][] = [...productIds, 'account'];

/** A requirement with its section, and its place among all requirements in the page's order, from 0. */
function placeOf(id: string, { sections }: Documentation): { section: Section; requirement: Requirement; place: number } {
  const all = sections.flatMap((section) => section.requirements.map((requirement) => ({ section, requirement })));
  const place = all.findIndex(({ requirement }) => requirement.id === id);
  const found = all[place];
  if (found === undefined) throw new Error(`specs/authentication.yaml has no requirement ${id}.`);
  return { ...found, place };
}

const tagsOf = (verdict: Verdict, checks: readonly Check[], difference: KnownDifference | undefined): readonly string[] => [
  ...(verdict === 'noted' || checks.some((check) => check.verdict === 'noted') ? ['noted'] : []),
  ...(difference === undefined ? [] : ['known']),
];

/** Where the answer differs, and what to do next. */
function ofFinding(check: Check, { title, link }: Section, known: KnownDifference | undefined): readonly string[] {
  const marked = differenceIn(check);
  const next = known === undefined ? nextStep(check) : undefined;
  return [
    ...(marked === undefined ? [] : [`\`\`\`text\n${marked}\n\`\`\``]),
    ...(next === undefined ? [] : [`**What to do next**: ${next} [Read “${title}”](${link})`]),
  ];
}

function nextStep(check: Check): string | undefined {
  switch (check.verdict) {
    case 'violates':
      return 'Fix the host, or list this in `known-differences.yaml` until it is fixed.';
    case 'inconclusive':
      return `${causes[check.cause]} (${check.cause}: \`${causeAnchor(check.cause)}\`)`;
    case 'noted':
    case 'conforms':
      return undefined;
    default:
      return check satisfies never;
  }
}

function outcomeOf(judgement: Result['judgement'], worst: Check | undefined): StatusDetails {
  switch (judgement.kind) {
    case 'not-run':
      return { message: visible(`not run: ${judgement.needs}`) };
    case 'not-applicable':
      return { message: 'does not apply to this product' };
    case 'checked':
      return judgement.checks.length === 0 ? { message: 'no check was made', trace: causes['no-check'] } : detailsOf(worst);
    default:
      return judgement satisfies never;
  }
}
