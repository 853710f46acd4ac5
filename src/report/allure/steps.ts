/** The checks of a result as steps: findings first, equal ones together, then what was kept, with one exchange as an example. */
import type { Parameter, Status, StatusDetails } from 'allure-js-commons';
import { alike } from '../../judge/alike.ts';
import type { Check, Verdict } from '../../judge/check.ts';
import { causes } from '../../recording/causes.ts';
import type { Exchange } from '../../recording/exchange.ts';
import { counting } from '../headline.ts';
import { subjectOf } from '../subject.ts';
import { shortened, visible } from '../visible.ts';
import { difference } from './difference.ts';

/** Equal findings that are shown with their evidence; the rest is counted. */
const equalLimit = 10;
/** Different findings that open with the result; of the rest there is a line each. A page with 600 open steps takes 6 s to display. */
const openLimit = 20;
/** Exchanges that are shown of a check, and of a result; the rest is counted. The recording has them all. */
const exchangesLimit = { check: 4, result: 30 };
/** Of a message, in characters. */
const messageLimit = 2000;
/** Of a message in the name of a step, in characters. */
const nameLimit = 200;

/** A status by its name: the enumeration would load Allure into each worker. */
export type StatusName = `${Status}`;

export interface Step {
  readonly name: string;
  readonly status: StatusName;
  readonly statusDetails: StatusDetails;
  /** In ms on the clock of the run. */
  readonly start: number;
  readonly stop: number;
  /** Shown when the step is open, before everything else in it. */
  readonly parameters: readonly Parameter[];
  /** The exchanges that are shown in it. */
  readonly evidence: readonly Exchange[];
  readonly steps: readonly Step[];
}

export const statuses: Readonly<Record<Verdict, StatusName>> = {
  violates: 'failed',
  inconclusive: 'broken',
  noted: 'passed',
  conforms: 'passed',
  'not-run': 'skipped',
};

/** What broke or is unclear comes first, with its evidence; equal findings are one step. */
export function stepsOf(checks: readonly Check[]): readonly Step[] {
  const having = (verdict: Verdict): readonly Check[] => checks.filter((check) => check.verdict === verdict);
  const evidence = new Evidence();
  const findings = (['violates', 'inconclusive', 'noted'] as const)
    .flatMap((verdict) => alike(having(verdict)))
    .map((equal, index) => (index >= openLimit ? line(equal) : equal.length === 1 ? finding(equal[0], evidence) : group(equal, evidence)));
  const example = having('conforms').find((check) => check.evidence.length > 0);
  const subject = example && subjectOf(example.evidence);
  const kept = having('conforms').map((check) =>
    step(check.name, [check], { evidence: check === example && subject !== undefined ? evidence.of([subject]) : [] }),
  );
  const { omitted } = evidence;
  return [...findings, ...kept, ...(omitted === 0 ? [] : [step(`${counting(omitted, 'exchange is', 'exchanges are')} not shown`, [])])];
}

function group(equal: readonly [Check, ...Check[]], evidence: Evidence): Step {
  const rest = equal.slice(equalLimit);
  return step(nameOf(equal), equal, {
    statusDetails: detailsOf(equal[0]),
    parameters: parametersOf(equal[0]),
    steps: [
      ...equal.slice(0, equalLimit).map((check) => step(check.name, [check], { evidence: evidence.of(check.evidence) })),
      ...(rest.length === 0 ? [] : [step(`and ${rest.length} more with the same finding`, rest)]),
    ],
  });
}

const finding = (check: Check, evidence: Evidence): Step =>
  step(check.verdict === 'noted' ? `${check.name}: ${messageOf(check)}` : check.name, [check], {
    evidence: evidence.of(check.evidence),
    statusDetails: detailsOf(check),
    parameters: parametersOf(check),
  });

/** A step that cannot be opened: its name is all there is. */
const line = (equal: readonly [Check, ...Check[]]): Step =>
  step(equal.length === 1 ? `${equal[0].name}: ${messageOf(equal[0])}` : nameOf(equal), equal);

const nameOf = (equal: readonly [Check, ...Check[]]): string => `${counting(equal.length, 'check', 'checks')}: ${messageOf(equal[0])}`;

const messageOf = (check: Check): string => ('message' in check ? shortened(check.message, nameLimit) : '');

/** What is shown of a check that failed; of any other nothing. */
export function detailsOf(check: Check | undefined): StatusDetails {
  if (check === undefined || check.verdict === 'conforms' || check.verdict === 'noted') return {};
  const message = shortened(visible(check.message), messageLimit);
  if (check.verdict === 'inconclusive') return { message, trace: causes[check.cause] };
  // Allure offers to compare the two, which says nothing of sentences.
  if (check.literals === undefined) return { message };
  const { expected, actual } = check.literals;
  return { message, expected: shortened(visible(expected), messageLimit), actual: shortened(visible(actual), messageLimit) };
}

/** Where two texts that were compared to the letter differ; undefined for any other check. */
export const differenceIn = (check: Check): string | undefined =>
  'literals' in check && check.literals !== undefined ? difference(check.literals) : undefined;

function parametersOf(check: Check): readonly Parameter[] {
  const value = differenceIn(check);
  return value === undefined ? [] : [{ name: 'difference', value }];
}

/** One step for checks with the same outcome. */
const step = (name: string, checks: readonly Check[], more: Partial<Step> = {}): Step => ({
  name: visible(name),
  status: statuses[checks[0]?.verdict ?? 'conforms'],
  statusDetails: {},
  ...spanOf(checks),
  parameters: [],
  evidence: [],
  steps: [],
  ...more,
});

/** From the first request to the last answer that the checks rest on, in ms on the clock of the run. */
export function spanOf(checks: readonly Check[]): { readonly start: number; readonly stop: number } {
  const exchanges = checks.flatMap((check) => check.evidence);
  const start = exchanges.reduce((min, each) => Math.min(min, each.startedAt), exchanges[0]?.startedAt ?? 0);
  const stop = exchanges.reduce((max, each) => Math.max(max, each.startedAt + each.durationMs), start);
  return { start: Math.round(start), stop: Math.round(start) + Math.round(stop - start) };
}

/** Counts out the exchanges that a result shows. */
class Evidence {
  /** How many were left out. */
  omitted = 0;
  #left = exchangesLimit.result;

  of(exchanges: readonly Exchange[]): readonly Exchange[] {
    const shown = exchanges.slice(0, Math.min(this.#left, exchangesLimit.check));
    this.#left -= shown.length;
    this.omitted += exchanges.length - shown.length;
    return shown;
  }
}
