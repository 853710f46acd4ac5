/** What stands on the first page beside the results: how to read them, and with what the run was made. */
import type { AllureReport } from '@allurereport/core';
import type { Documentation } from '../../specifications/model.ts';
import { count, recordedNote, summary, verdictWords } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { visible } from '../visible.ts';

type Categories = NonNullable<ConstructorParameters<typeof AllureReport>[0]['categories']>;

export const categories: Categories = [
  { name: `Violated: ${verdictWords.violates.meaning}`, matchers: { statuses: ['failed'] }, groupBy: [{ label: 'story' }], expand: true },
  { name: 'Inconclusive: could not be determined', matchers: { statuses: ['broken'] }, groupBy: [{ label: 'cause' }], expand: true },
  { name: 'Noted: breaks no promise', matchers: { labels: { tag: '^noted$' } }, groupBy: [{ label: 'story' }], groupByMessage: false },
];

/** Allure's words for statuses and severities, and what they stand for here: one line each. */
export const legend = {
  statuses: 'failed: violates a promise · broken: could not be determined · passed: conforms, or noted (see its tag) · skipped: not run',
  severities: 'critical: required by the page · minor: asked by a standard · trivial: shown by an example · only critical ones can fail',
} as const;

interface Item {
  readonly name: string;
  readonly values: readonly string[];
}

/** The effective configuration, and the figures of the run. */
export function environment({
  run,
  conformance,
  documentation,
}: {
  run: Run;
  conformance: Conformance;
  documentation: Documentation;
}): Item[] {
  const { versions } = conformance;
  const note = recordedNote(run);
  const items: readonly (readonly [name: string, value: string])[] = [
    ['verdict', summary(conformance)],
    ...(note === undefined ? [] : [['recording', note] as const]),
    ...Object.entries(run.target.products).map(([product, base]) => [product, base] as const),
    ['checks', count(conformance.checks)],
    ['requests', `${count(run.requests)}, ${count(run.wrongKeys)} of them with wrong keys`],
    ['duration', `${(run.durationMs / 1000).toFixed(1)} s`],
    ['seed', String(run.seed)],
    ...run.configuration,
    ['documentation', `${documentation.page}, SHA-256 ${documentation.sha256.slice(0, 12)}…`],
    ['versions', `suite ${versions.suite}, Node.js ${versions.node}`],
  ];
  return items.map(([name, value]) => ({ name: visible(name), values: [visible(value)] }));
}
