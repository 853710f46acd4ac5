/** The course of a site's runs: a table per product in which each requirement has a cell for each run. */

import { grouped } from '../grouped.ts';
import { verdictAt } from '../report/changes.ts';
import { counting, minute, targetName, verdictWords } from '../report/headline.ts';
import type { Conformance } from '../report/model.ts';
import { escaped } from '../report/page/escape.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type ResetTimes, resetTables } from './site-resets.ts';

/** A run on a site. */
export interface Listed {
  /** Below `runs/`. */
  readonly folder: string;
  readonly conformance: Conformance;
  /** Undefined for a run without a recording. */
  readonly times: ResetTimes | undefined;
  /** Of the run, relative to its folder. */
  readonly files: readonly string[];
}

/** Runs against the same target, the newest first. */
export interface Course {
  readonly name: string;
  readonly isReal: boolean;
  readonly runs: readonly [Listed, ...Listed[]];
}

/** Real hosts before the embedded one; among them the one that was tested last comes first. */
export function coursesOf(runs: readonly Listed[]): readonly Course[] {
  const courses = [...grouped(runs, ({ conformance: { target } }) => targetName(target)).entries()].map(([name, of]): Course => {
    const isReal = of[0].conformance.target.kind === 'own';
    return { name: isReal ? name : 'The embedded host, which says nothing about a real one', isReal, runs: of };
  });
  return [...courses.filter(({ isReal }) => isReal), ...courses.filter(({ isReal }) => !isReal)];
}

/** Cells in a row; older runs are in the list alone. */
const runsShown = 30;

type Verdict = Conformance['requirements'][number]['verdict'];

/** The tables of one target. */
export function history({ name, runs }: Course): string {
  const products = productIds.filter((id) => runs.some(({ conformance }) => conformance.target.products[id] !== undefined));
  const of = (product: ProductId | 'account'): string => {
    const rows = idsIn(runs).map((id) => row(id, product, runs));
    return rows.every((each) => each === '')
      ? ''
      : `<table data-product="${product}"><caption>${product === 'account' ? 'the account' : product}</caption><tbody>${rows.join('')}</tbody></table>`;
  };
  return `<section><h2>${escaped(name)}</h2>
<p class="soft">Newest run first${runs.length > runsShown ? `; the last ${runsShown} of ${runs.length}` : ''}. A cell leads to the run.</p>
${[...products, 'account' as const].map(of).join('\n')}
${resetTables(runs.map(({ conformance: { startedAt }, times }) => ({ startedAt, times })))}
</section>`;
}

/** In the page's order, which every run has. */
const idsIn = ([{ conformance }]: Course['runs']): readonly string[] => conformance.requirements.map(({ id }) => id);

function row(id: string, product: ProductId | 'account', runs: Course['runs']): string {
  const judged = runs.flatMap((run) => {
    const verdict = verdictAt(run.conformance, { requirement: id, product });
    return verdict === undefined ? [] : [{ run, verdict }];
  });
  const [newest] = judged;
  if (newest === undefined || judged.every(({ verdict }) => verdict === 'not-run')) return '';
  const cells = judged.slice(0, runsShown).map(({ run: { folder, conformance, files }, verdict }) => {
    const { symbol, word } = verdictWords[verdict];
    const title = `${minute(conformance.startedAt)}: ${word}`;
    const page = files.includes('index.html') ? `index.html#${encodeURIComponent(id)}` : 'allure/index.html';
    return `<a class="${verdict}" href="runs/${encodeURIComponent(folder)}/${page}" title="${escaped(title)}" aria-label="${escaped(title)}">${symbol}</a>`;
  });
  return `<tr data-verdict="${newest.verdict}"><th scope="row">${escaped(id)}</th><td class="cells">${cells.join('')}</td><td class="since">${since(judged)}</td></tr>`;
}

/** How long it has been broken or undetermined, over all runs that judged it. */
function since(judged: readonly { readonly run: Listed; readonly verdict: Verdict }[]): string {
  const [newest] = judged;
  if (newest?.verdict !== 'violates' && newest?.verdict !== 'inconclusive') return '';
  const end = judged.findIndex(({ verdict }) => verdict !== newest.verdict);
  const same = end < 0 ? judged : judged.slice(0, end);
  const first = same.at(-1)?.run.conformance.startedAt.slice(0, 10) ?? '';
  const what = newest.verdict === 'violates' ? 'broken' : 'not determined';
  const runs = counting(same.length, 'run', 'runs');
  const inAll = same.length === 1 ? 'in the only run' : `in all ${runs}`;
  return `<span class="${newest.verdict}">${what} ${end < 0 ? inAll : `since ${first}, for ${runs}`}</span>`;
}
