/** The matrix of the proof: what each host came to on each requirement, whether that is what its folder says, and all of it as Markdown. */
import type { Verdict } from '../src/judge/check.ts';
import { verdictWords } from '../src/report/headline.ts';
import type { Conformance } from '../src/report/model.ts';

export interface Row {
  /** `violates/<requirement>/<name>`, `conforms/…` or `inconclusive/…`. */
  readonly id: string;
  readonly why: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Requirements that it cannot help breaking besides. */
  readonly also?: readonly string[];
}

/** The name of the attachment that carries a row. */
export const rowName = 'row of the matrix';

/** A test hands its row over as an attachment. */
export const rowOf = (
  { requirements }: Conformance,
  about: Omit<Row, 'verdicts'>,
): { readonly body: string; readonly contentType: string } => ({
  body: JSON.stringify({ ...about, verdicts: Object.fromEntries(requirements.map((each) => [each.id, each.verdict])) } satisfies Row),
  contentType: 'application/json',
});

/** Whether a host came to what its folder says: it is blamed for the promise that it breaks and no other, for nothing, or nobody can tell. */
export function isTold({ id, verdicts, also = [] }: Row): boolean {
  const [folder, requirement = ''] = id.split('/');
  const all = Object.values(verdicts);
  if (folder === 'violates') {
    const deserved = [requirement, ...also];
    const others = Object.entries(verdicts).filter(([each]) => !deserved.includes(each));
    return /^(violates|noted)$/.test(verdicts[requirement] ?? '') && others.every(([, verdict]) => verdict !== 'violates');
  }
  if (all.includes('violates')) return false;
  return all.includes('inconclusive') === (folder === 'inconclusive') && (folder === 'inconclusive' || all.includes('conforms'));
}

export const symbolOf = (verdict: Verdict): string => verdictWords[verdict].symbol;
export const legend = [
  ['violates', 'violates'],
  ['inconclusive', 'could not be determined'],
  ['noted', 'noted'],
  ['conforms', 'conforms'],
  ['not-run', 'not run'],
] as const;

export const inOrder = (rows: readonly Row[]): readonly Row[] => [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));
export const columns = (rows: readonly Row[]): readonly string[] => Object.keys(rows[0]?.verdicts ?? {});

const kinds = { violates: 'break a promise', conforms: 'keep every promise', inconclusive: 'cannot be judged' } as const;

/** How many hosts of each folder came to what it says. */
export const summary = (rows: readonly Row[]): readonly string[] =>
  Object.entries(kinds).map(([folder, kind]) => {
    const all = rows.filter(({ id }) => id.startsWith(`${folder}/`));
    return `${all.filter(isTold).length} of ${all.length} that ${kind}`;
  });

export function asMarkdown(rows: readonly Row[]): string {
  const ids = columns(rows);
  const lines = inOrder(rows).map(
    ({ id, verdicts }) => `| \`${id}\` | ${ids.map((each) => symbolOf(verdicts[each] ?? 'not-run')).join(' | ')} |`,
  );
  return [
    '# Can the suite tell?',
    '',
    `${rows.length} hosts, and what each requirement came to on them. The folder is what had to come out. ${legend.map(([verdict, words]) => `${symbolOf(verdict)} ${words}`).join(', ')}.`,
    `Correctly identified: ${summary(rows).join(', ')}.`,
    '',
    `| host | ${ids.join(' | ')} |`,
    `|---|${ids.map(() => '---|').join('')}`,
    ...lines,
    '',
  ].join('\n');
}
