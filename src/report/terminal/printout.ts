/** What the terminal shows when a run has ended, as one text. */

import { causes } from '../../recording/causes.ts';
import { loadProducts } from '../../specifications/load.ts';
import type { Documentation } from '../../specifications/model.ts';
import type { ChangesInWords } from '../changes.ts';
import { coverageInWords, coverageOf } from '../coverage.ts';
import { amounts, headline, recordedNote } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { namesOf, notRunIn } from '../not-run.ts';
import { inWords } from '../timeline.ts';
import { visible } from '../visible.ts';
import { findings, notes, type Printing } from './findings.ts';
import { hanging, labelled, paint, plain, wrapped } from './paint.ts';
import { table } from './table.ts';

export interface PrintoutOptions {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  /** Paths of the reports, by name. */
  readonly reports: readonly (readonly [what: string, path: string])[];
  /** What changed since an earlier run. */
  readonly changes?: ChangesInWords | undefined;
  /** What to try first, as lines. */
  readonly advice?: readonly string[];
  /** Whether colors may be used; nothing depends on color alone. */
  readonly color: boolean;
  /** Width of the terminal, in characters. */
  readonly width: number;
}

/** The verdict comes last, where a terminal shows it without scrolling, below the paths of the reports. Ends without a line feed. */
export function printout({ run, conformance, documentation, reports, changes, advice = [], color, width }: PrintoutOptions): string {
  const printing: Printing = { run, conformance, documentation, paint: color ? paint : plain, width };
  return [
    ...table(conformance, documentation, printing.paint, width),
    ...findings(printing),
    ...notes(printing),
    ...logins(printing),
    ...advice,
    '',
    ...coverage(printing).map((line) => printing.paint('dim', line)),
    ...wrapped(figures(conformance), width).map((line) => printing.paint('dim', line)),
    ...reports.flatMap(([what, path]) => labelled(what, path, Number.POSITIVE_INFINITY, 0)),
    '',
    ...changed(changes, width),
    ...notRun(printing),
    ...verdict(printing),
  ].join('\n');
}

function verdict({ run, conformance, paint, width }: Printing): string[] {
  const color = ({ conforms: 'green', violates: 'red', inconclusive: 'yellow' } as const)[conformance.verdict];
  const nothing = conformance.verdict === 'inconclusive' && conformance.checks === 0;
  return [
    // Without RUN_NAME, a run of verify-reset has the name of its command.
    ...[run.name === run.command ? undefined : run.name, recordedNote(run)].flatMap((line) =>
      line === undefined ? [] : wrapped(visible(line), width),
    ),
    ...(nothing ? wrapped(causes['no-check'], width) : []),
    ...wrapped(visible(headline(conformance)), width).map((line) => paint('bold', paint(color, line))),
  ];
}

const changed = (changes: ChangesInWords | undefined, width: number): readonly string[] =>
  changes === undefined
    ? []
    : [...wrapped(changes.title, width), ...changes.items.flatMap((each) => wrapped(visible(each), width - 2).map((line) => `  ${line}`))];

/** What was not run and why, each reason once. */
const notRun = ({ run, conformance, width }: Printing): string[] =>
  notRunIn(run, conformance).flatMap((each) => wrapped(`${visible(each.reason)}: ${namesOf(each, conformance)}.`, width));

/** For `conformance` only: `verify-reset` does not try to cover the documented calls. */
const coverage = ({ run, width }: Printing): readonly string[] =>
  run.command === 'conformance' ? coverageInWords(coverageOf(run, loadProducts())).flatMap((line) => wrapped(line, width)) : [];

/** When which key was accepted around a login: the measure of "at once". */
const logins = ({ run: { timelines }, width }: Printing): readonly string[] =>
  timelines.length === 0 ? [] : ['', 'After the reset:', ...timelines.flatMap((each) => hanging(inWords(each), width))];

const figures = (conformance: Conformance): string =>
  `${amounts(conformance)}, in ${(conformance.durationMs / 1000).toFixed(1)} s (SEED=${conformance.seed}).`;
