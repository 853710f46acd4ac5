/** Findings in full: the promise, expected and got, what to do next. */
import { type Cause, causeAnchor, causes } from '../../recording/causes.ts';
import type { Documentation } from '../../specifications/model.ts';
import { addedBy, type FindingGroup, groupsOf, placeOf, promiseOf } from '../findings.ts';
import { counting, verdictWords } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { callOf, replayLines } from '../replay.ts';
import { shortened, visible } from '../visible.ts';
import { hanging, labelled, type Paint, wrapped } from './paint.ts';

/** Longer values are cut; the Allure report shows them whole. In characters. */
const valueLimit = 400;
/** How many names are shown; the rest are counted. */
const namesLimit = 3;

export interface Printing {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  readonly paint: Paint;
  /** Width of a line, in characters. */
  readonly width: number;
}

/** The groups of findings that may change the verdict: what is broken, then what could not be determined, each in the page's order. */
export function findings(printing: Printing): string[] {
  const { run, conformance } = printing;
  const groups = [...groupsOf(run, conformance, ['violates']), ...groupsOf(run, conformance, ['inconclusive'])];
  const news = groups.filter(({ finding }) => !finding.known);
  const known = groups.filter(({ finding }) => finding.known);
  return [
    ...news.flatMap((group, index) => ['', ...inFull(group, news[index - 1], printing)]),
    ...(known.length === 0
      ? []
      : ['', 'Known differences, left out of the verdict:', ...known.flatMap((group) => inShort(group, printing))]),
  ];
}

const inShort = (group: FindingGroup, { width }: Printing): string[] =>
  wrapped(
    `${verdictWords[group.finding.verdict].symbol} ${group.requirements.join(', ')} on ${placeOf(group)}: ${visible(shortened(group.finding.message, valueLimit))}`,
    width - 2,
  ).map((line) => `  ${line}`);

function inFull(group: FindingGroup, before: FindingGroup | undefined, { run, documentation, paint, width }: Printing): string[] {
  const { requirements, finding } = group;
  const { symbol, word } = verdictWords[finding.verdict];
  const line = (label: string, text: string | undefined): string[] => (text === undefined ? [] : labelled(label, text, width));
  const value = (text: string | undefined): string | undefined => text && shortened(visible(text), valueLimit);
  const cause = finding.cause;
  const subject = requirements.length > namesLimit ? `${requirements.length} requirements` : requirements.join(', ');
  const title = `${symbol} ${subject}: ${word} on ${placeOf(group)}`;
  return [
    ...wrapped(`${title} (${counting(group.count, 'check', 'checks')})`, width).map((each) =>
      paint(finding.verdict === 'violates' ? 'red' : 'yellow', each),
    ),
    ...line('promise', promiseOf(group, before, documentation)?.requirement.statement),
    ...line('about', requirements.length > namesLimit ? requirements.join(', ') : undefined),
    ...line('checks', names(group.checks)),
    ...line('expected', value(finding.expected)),
    ...line('got', value(finding.actual)),
    ...line('finding', value(addedBy(finding))),
    ...(cause === undefined ? [] : line('next', nextStep(cause, finding.message))),
    ...replayLines(group, run).flatMap(({ kind, line: text, warning }) => [...line('warning', warning), ...unbroken(kind, text)]),
    ...unbroken('curl', callOf(group, run)),
  ];
}

/** What to do, unless the finding says it, and where the documentation says more. */
const nextStep = (cause: Cause, message: string): string =>
  message.includes(causes[cause]) ? `${cause}: ${causeAnchor(cause)}` : `${causes[cause]} (${cause}: ${causeAnchor(cause)})`;

/** One entry per group, for what breaks no promise. */
export function notes({ run, conformance, paint, width }: Printing): string[] {
  const groups = groupsOf(run, conformance, ['noted']);
  if (groups.length === 0) return [];
  const entries = groups.flatMap((group) => {
    const { requirements, finding, count, checks } = group;
    const how = count === 1 ? `(${visible(checks[0] ?? '')})` : `(${counting(count, 'check', 'checks')})`;
    const text = `~ ${requirements.join(', ')} on ${placeOf(group)}: ${shortened(visible(finding.message), valueLimit / 2)} ${how}`;
    return hanging(text, width);
  });
  return ['', 'Noted (breaks no promise):', ...entries].map((line) => (line === '' ? line : paint('dim', line)));
}

const names = (checks: readonly string[]): string =>
  [...checks.slice(0, namesLimit).map(visible), ...(checks.length > namesLimit ? [`and ${checks.length - namesLimit} more`] : [])].join(
    '; ',
  );

/** A line for a shell is never broken. */
const unbroken = (label: string, text: string | undefined): string[] =>
  text === undefined ? [] : labelled(label, text, Number.POSITIVE_INFINITY);
