// What the terminal shows when a run has ended, as one text.

import { grouped } from '../../grouped.ts';
import { causes } from '../../recording/causes.ts';
import { loadProducts } from '../../specifications/load.ts';
import type { Documentation } from '../../specifications/model.ts';
import { coverageInWords, coverageOf } from '../coverage.ts';
import { count, counting, headline, recordedNote } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
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
  /** Whether colours may be used; nothing is told by colour alone. */
  readonly colour: boolean;
  /** Of the terminal, in characters. */
  readonly width: number;
}

/** Verdict first, then the table, then the findings, then where to read on. Ends without a line feed. */
export function printout({ run, conformance, documentation, reports, colour, width }: PrintoutOptions): string {
  const told: Told = { run, conformance, documentation, paint: colour ? paint : plain, width };
  return [
    ...first(told),
    ...notRun(told),
    '',
    ...table(conformance, documentation, told.paint, width),
    ...findings(told),
    ...notes(told),
    ...logins(told),
    '',
    ...reports.flatMap(([what, path]) => labelled(what, path, Number.POSITIVE_INFINITY, 0)),
    ...coverage(told).map((line) => told.paint('dim', line)),
    ...wrapped(figures(conformance), width).map((line) => told.paint('dim', line)),
  ].join('\n');
}

function first({ run, conformance, paint, width }: Told): string[] {
  const colour = ({ conforms: 'green', violates: 'red', inconclusive: 'yellow' } as const)[conformance.verdict];
  const verdict = wrapped(visible(headline(conformance)), width).map((line) => paint('bold', paint(colour, line)));
  const nothing = conformance.verdict === 'inconclusive' && conformance.checks === 0;
  return [
    ...verdict,
    ...(nothing ? wrapped(causes['no-check'], width) : []),
    ...[run.name, recordedNote(run)].flatMap((line) => (line === undefined ? [] : wrapped(visible(line), width))),
  ];
}

/** What was not run and why, for each reason once. */
function notRun({ conformance, width }: Told): string[] {
  const left = conformance.requirements.filter(({ needs }) => needs !== undefined);
  return [...grouped(left, ({ needs }) => needs ?? '')].flatMap(([needs, entries]) =>
    wrapped(`Not run (${visible(needs)}): ${entries.map(({ id }) => id).join(', ')}.`, width),
  );
}

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
