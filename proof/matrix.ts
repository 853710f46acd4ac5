/** The matrix of the proof: what each host came to on each requirement, as Markdown and as a page. */
import type { Conformance } from '../src/report/index.ts';
import type { Verdict } from '../src/verdict/index.ts';

export interface Row {
  /** `violates/<requirement>/<name>`, `conforms/…` or `inconclusive/…`. */
  readonly id: string;
  readonly why: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** The name of the attachment that carries a row. */
export const rowName = 'row of the matrix';

/** A test hands its row over as an attachment. */
export const rowOf = (id: string, why: string, { requirements }: Conformance): { readonly body: string; readonly contentType: string } => ({
  body: JSON.stringify({ id, why, verdicts: Object.fromEntries(requirements.map((each) => [each.id, each.verdict])) } satisfies Row),
  contentType: 'application/json',
});

/** Whether a host came to what its folder says: it is blamed for the promise that it breaks, it is blamed for nothing, or nobody can tell. */
export function isTold({ id, verdicts }: Row): boolean {
  const [folder, requirement = ''] = id.split('/');
  const all = Object.values(verdicts);
  if (folder === 'violates') return verdicts[requirement] === 'violates' || verdicts[requirement] === 'noted';
  if (all.includes('violates')) return false;
  return all.includes('inconclusive') === (folder === 'inconclusive') && (folder === 'inconclusive' || all.includes('conforms'));
}

const symbols: Readonly<Record<Verdict, string>> = { violates: '✗', inconclusive: '?', noted: '~', conforms: '✓', 'not-run': '-' };
const legend = '✗ violates, ? nobody can tell, ~ noted, ✓ conforms, - not run';

const inOrder = (rows: readonly Row[]): readonly Row[] => [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));
const columns = (rows: readonly Row[]): readonly string[] => Object.keys(rows[0]?.verdicts ?? {});

export function asMarkdown(rows: readonly Row[]): string {
  const ids = columns(rows);
  const lines = inOrder(rows).map(
    ({ id, verdicts }) => `| \`${id}\` | ${ids.map((each) => symbols[verdicts[each] ?? 'not-run']).join(' | ')} |`,
  );
  return [
    '# Can the suite tell?',
    '',
    `${rows.length} hosts, and what each requirement came to on them. The folder is what had to come out. ${legend}.`,
    '',
    `| host | ${ids.join(' | ')} |`,
    `|---|${ids.map(() => '---|').join('')}`,
    ...lines,
    '',
  ].join('\n');
}

export function asPage(rows: readonly Row[]): string {
  const ids = columns(rows);
  const expected = (id: string): string => id.split('/')[1] ?? '';
  const cell = (row: Row, id: string): string => {
    const verdict = row.verdicts[id] ?? 'not-run';
    const own = row.id.startsWith('violates/') && expected(row.id) === id ? ' own' : '';
    return `<td class="${verdict}${own}" title="${id}: ${verdict}">${symbols[verdict]}</td>`;
  };
  const body = inOrder(rows).map(
    (row) => `<tr><th scope="row">${escaped(row.id)}<small>${escaped(row.why)}</small></th>${ids.map((id) => cell(row, id)).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Can the suite tell?</title>
<style>${style}</style>
</head>
<body>
<h1>Can the suite tell?</h1>
<p>${rows.length} hosts, and what each requirement came to on them. The folder that a host stands in is what had to come out; of a host in
<code>violates/</code>, the requirement that had to be blamed is framed. ${legend}.</p>
<div class="matrix" tabindex="0">
<table>
<thead><tr><th scope="col">host</th>${ids.map((id) => `<th scope="col"><span>${id}</span></th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (each) => entities[each] ?? each);

const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --rule: #ccd; --violates: #b3261e; --conforms: #13652f; --other: #5a6068; }
@media (prefers-color-scheme: dark) { :root { --paper: #15181b; --ink: #e8eaed; --rule: #3a4048; --violates: #ff8a80; --conforms: #6fcf8d; --other: #a0a8b0; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; background: var(--paper); color: var(--ink); }
.matrix { overflow: auto; max-height: 85vh; border: 1px solid var(--rule); }
table { border-collapse: separate; border-spacing: 0; font-size: .8125rem; }
th, td { padding: .15rem .4rem; border-bottom: 1px solid var(--rule); background: var(--paper); }
td { text-align: center; min-width: 1.4rem; color: var(--other); }
th[scope=row] { position: sticky; left: 0; text-align: left; font-weight: 500; min-width: 16rem; max-width: 26rem; border-right: 1px solid var(--rule); }
th small { display: block; color: var(--other); font-weight: 400; }
thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; }
thead th:first-child { left: 0; z-index: 2; text-align: left; }
thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-weight: 500; }
.violates { color: var(--violates); font-weight: 700; }
.conforms { color: var(--conforms); }
.own { outline: 2px solid currentColor; outline-offset: -3px; }
@media (max-width: 600px) { th[scope=row] { min-width: 9rem; max-width: 9rem; overflow-wrap: anywhere; } th small { display: none; } }
`;
