// What the terminal shows when a run has ended, as one text.

import { causes } from '../../recording/causes.ts';
import { loadProducts } from '../../specifications/load.ts';
import type { Documentation } from '../../specifications/model.ts';
import { coverageInWords, coverageOf } from '../coverage.ts';
import { count, counting, headline, notSelected, recordedNote } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { notRunIn } from '../not-run.ts';
import { inWords } from '../timeline.ts';
import { visible } from '../visible.ts';
import { findings, notes, type Told } from './findings.ts';
import { labelled, paint, plain, wrapped } from './paint.ts';
import { table } from './table.ts';

export interface PrintoutOptions {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  /** Where reports were written, by what they are. */
  readonly reports: readonly (readonly [what: string, path: string])[];
  /** What to try first, in lines. */
  readonly advice?: readonly string[];
  /** Whether colours may be used; nothing is told by colour alone. */
  readonly colour: boolean;
  /** Of the terminal, in characters. */
  readonly width: number;
}

/** The verdict stands last, where a terminal shows it without scrolling; above it the paths of the reports. Ends without a line feed. */
export function printout({ run, conformance, documentation, reports, advice = [], colour, width }: PrintoutOptions): string {
  const told: Told = { run, conformance, documentation, paint: colour ? paint : plain, width };
  return [
    ...table(conformance, documentation, told.paint, width),
    ...findings(told),
    ...notes(told),
    ...logins(told),
    ...advice,
    '',
    ...coverage(told).map((line) => told.paint('dim', line)),
    ...wrapped(figures(conformance), width).map((line) => told.paint('dim', line)),
    ...reports.flatMap(([what, path]) => labelled(what, path, Number.POSITIVE_INFINITY, 0)),
    '',
    ...notRun(told),
    ...verdict(told),
  ].join('\n');
}

function verdict({ run, conformance, paint, width }: Told): string[] {
  const colour = ({ conforms: 'green', violates: 'red', inconclusive: 'yellow' } as const)[conformance.verdict];
  const nothing = conformance.verdict === 'inconclusive' && conformance.checks === 0;
  return [
    ...[run.name, recordedNote(run)].flatMap((line) => (line === undefined ? [] : wrapped(visible(line), width))),
    ...(nothing ? wrapped(causes['no-check'], width) : []),
    ...wrapped(visible(headline(conformance)), width).map((line) => paint('bold', paint(colour, line))),
  ];
}

/** Names of what the user left out that are told; more than these are counted. */
const leftOutNamed = 6;

/** What was not run and why, for each reason once. */
const notRun = ({ run, conformance, width }: Told): string[] =>
  notRunIn(run, conformance).flatMap(({ needs, reason, requirements }) => {
    const isCounted = needs === notSelected && requirements.length > leftOutNamed;
    const what = isCounted ? `${requirements.length} of ${conformance.requirements.length} requirements` : requirements.join(', ');
    return wrapped(`${visible(reason)}: ${what}.`, width);
  });

/** Of a run that was to check whatever can be: what a person's reset looks at is no measure. */
const coverage = ({ run, width }: Told): readonly string[] =>
  run.command === 'conformance' ? wrapped(coverageInWords(coverageOf(run, loadProducts())), width) : [];

/** When which key was taken around a login: the measure of "at once". */
const logins = ({ run: { timelines }, width }: Told): readonly string[] =>
  timelines.length === 0
    ? []
    : ['', 'After the reset:', ...timelines.flatMap((each) => wrapped(inWords(each), width - 2).map((line) => `  ${line}`))];

function figures({ checks, requests, wrongKeys, durationMs, seed }: Conformance): string {
  const seconds = (durationMs / 1000).toFixed(1);
  return `${counting(checks, 'check', 'checks')}, ${counting(requests, 'request', 'requests')}, ${count(wrongKeys)} of them with wrong keys, in ${seconds} s. SEED=${seed} asks the same again.`;
}
