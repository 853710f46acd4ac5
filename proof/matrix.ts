/** The matrix of the proof: each host's verdict on each requirement, whether it matches the host's folder, and the whole as Markdown. */
import type { Verdict } from '../src/judge/check.ts';
import { verdictWords } from '../src/report/headline.ts';
import type { Conformance } from '../src/report/model.ts';

export interface Row {
  /** `violates/<requirement>/<name>`, `conforms/…` or `inconclusive/…`. */
  readonly id: string;
  readonly why: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Requirements that it unavoidably breaks as well. */
  readonly also?: readonly string[];
}

/** The name of the attachment that carries a row. */
export const rowName = 'row of the matrix';

/** The row as an attachment, which is how a test passes it to the reporter. */
export const rowOf = (
  { requirements }: Conformance,
  about: Omit<Row, 'verdicts'>,
): { readonly body: string; readonly contentType: string } => ({
  body: JSON.stringify({ ...about, verdicts: Object.fromEntries(requirements.map((each) => [each.id, each.verdict])) } satisfies Row),
  contentType: 'application/json',
});

/** Whether a host's verdicts match its folder: it violates exactly the promise that it breaks, or nothing, or it is inconclusive. */
export function isIdentified({ id, verdicts, also = [] }: Row): boolean {
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

/** How many hosts of each folder were correctly identified. */
export const summary = (rows: readonly Row[]): readonly string[] =>
  Object.entries(kinds).map(([folder, kind]) => {
    const all = rows.filter(({ id }) => id.startsWith(`${folder}/`));
    return `${all.filter(isIdentified).length} of ${all.length} that ${kind}`;
  });

export function asMarkdown(rows: readonly Row[]): string {
  const ids = columns(rows);
  const lines = inOrder(rows).map(
    ({ id, verdicts }) => `| \`${id}\` | ${ids.map((each) => symbolOf(verdicts[each] ?? 'not-run')).join(' | ')} |`,
  );
  return [
    '# Can the suite tell?',
    '',
    `${rows.length} hosts, with the verdict on each requirement. A host’s folder is the expected verdict. ${legend.map(([verdict, words]) => `${symbolOf(verdict)} ${words}`).join(', ')}.`,
    `Correctly identified: ${summary(rows).join(', ')}.`,
    '',
    `| host | ${ids.join(' | ')} |`,
    `|---|${ids.map(() => '---|').join('')}`,
    ...lines,
    '',
  ].join('\n');
}
