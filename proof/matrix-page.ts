/** The matrix as a self-contained page: no scripts, nothing loaded, readable in black and white and on paper. */
import { standAlone } from '../src/report/page/document.ts';
import { escaped } from '../src/report/page/escape.ts';
import { columns, inOrder, isIdentified, legend, type Row, summary, symbolOf } from './matrix.ts';

export function asPage(rows: readonly Row[]): string {
  const ids = columns(rows);
  const groups = new Map<string, Row[]>();
  for (const row of inOrder(rows)) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  const missed = inOrder(rows).filter((row) => !isIdentified(row));
  const body = `<main><!--site--><h1>Can the suite tell?</h1>
<p>${rows.length} hosts, with the verdict on each requirement. Correctly identified: <strong>${summary(rows).join('</strong>, <strong>')}</strong>.
${missed.length === 0 ? '' : `Not identified: ${missed.map(({ id }) => `<a href="#${escaped(id)}">${escaped(id)}</a>`).join(', ')}.`}</p>
<p>A host’s folder is the expected verdict. For hosts in <code>violates/</code>, the requirement that must be violated is framed.</p>
<ul class="legend">${legend.map(([verdict, words]) => `<li><b class="${verdict}">${symbolOf(verdict)}</b> ${words}</li>`).join('')}</ul>
<div class="matrix" tabindex="0" role="region" aria-label="Hosts by requirements">
<table>
<thead><tr><th scope="col">host</th>${ids.map((id) => `<th scope="col"><span>${id}</span></th>`).join('')}</tr></thead>
${[...groups].map(([group, members]) => bodyOf(group, members, ids)).join('\n')}
</table>
</div></main>`;
  return standAlone({ title: 'Can the suite tell?', icon: missed.length === 0 ? 'conforms' : 'violates', style, body });
}

const groupOf = ({ id }: Row): string => id.slice(0, id.lastIndexOf('/'));

function bodyOf(group: string, rows: readonly Row[], ids: readonly string[]): string {
  const heading = `<tr class="group"><th scope="rowgroup">${escaped(group)}</th><td colspan="${ids.length}"></td></tr>`;
  return `<tbody>\n${[heading, ...rows.map((row) => rowOf(row, ids))].join('\n')}\n</tbody>`;
}

function rowOf(row: Row, ids: readonly string[]): string {
  const [folder, blamed] = row.id.split('/');
  const cells = ids.map((id) => {
    const verdict = row.verdicts[id] ?? 'not-run';
    const own = folder === 'violates' && blamed === id ? ' own' : '';
    return `<td class="${verdict}${own}" title="${id}: ${verdict}">${symbolOf(verdict)}</td>`;
  });
  const name = `${escaped(row.id.slice(row.id.lastIndexOf('/') + 1))}${isIdentified(row) ? '' : ' <strong>(not identified)</strong>'}`;
  return `<tr id="${escaped(row.id)}"><th scope="row">${name}<small>${escaped(row.why)}</small></th>${cells.join('')}</tr>`;
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; background: var(--paper); color: var(--ink); }
h1, p { margin: 0 0 .5rem; max-width: 60rem; }
a { color: inherit; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding: 0; margin: 0 0 .75rem; list-style: none; }
.matrix { overflow: auto; max-height: 85vh; width: fit-content; max-width: 100%; border: 1px solid var(--line); }
table { border-collapse: separate; border-spacing: 0; font-size: .8125rem; line-height: 1.3; }
th, td { padding: .15rem .4rem; border-bottom: 1px solid var(--line); background: var(--paper); }
td { text-align: center; min-width: 1.4rem; color: var(--soft); }
tr:hover > * { background: var(--card); }
tbody th { position: sticky; left: 0; text-align: left; font-weight: 500; min-width: 16rem; max-width: 26rem; border-right: 1px solid var(--line); }
.group > * { background: var(--card); }
.group th { font-weight: 700; border-right: 0; }
th small { display: block; color: var(--soft); font-weight: 400; }
thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; }
thead th:first-child { left: 0; z-index: 2; text-align: left; }
thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-weight: 500; }
td { color: var(--soft); } td.violates { color: var(--violates); font-weight: 700; } td.conforms { color: var(--conforms); }
td.inconclusive { color: var(--inconclusive); } td.noted { color: var(--noted); }
.own { outline: 2px solid currentColor; outline-offset: -3px; }
@media (max-width: 600px) { tbody th { min-width: 9rem; max-width: 9rem; overflow-wrap: anywhere; } th small { display: none; } }
@media print { .matrix { max-height: none; overflow: visible; border: 0; } tr { break-inside: avoid; } }
`;
