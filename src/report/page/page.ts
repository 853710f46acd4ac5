/**
 * The front page of a run: the verdict, what it is worth, what broke and how to repeat it, then the details. One file of some 50 KB that
 * loads nothing; its script copies lines, and everything can be read without it.
 */
import { ofProduct, type ProductId } from '../../specifications/model.ts';
import { caveatsOf } from '../caveats.ts';
import { chart } from '../chart.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { amounts, counting, headline, minute, summary, titleOf, verdictWords } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { inWords } from '../timeline.ts';
import { script } from './copy.ts';
import { standAlone } from './document.ts';
import { code, escaped } from './escape.ts';
import { findingsOf } from './findings.ts';
import type { FrontPageOptions } from './options.ts';
import { promisesOf } from './promises.ts';
import { style } from './style.ts';
import { verdictTable } from './table.ts';

/** What a site of runs replaces by a link to its index; nothing where the page stands alone. */
export const placeForSite = '<!--site-->';

/** The text of `index.html`. */
export function frontPage(options: FrontPageOptions): string {
  const { run, conformance, products, changes } = options;
  const caveats = caveatsOf(run, conformance, products);
  const body = `<a class="skip" href="#findings">Skip to the findings</a>
<header>
${placeForSite}
<p class="kicker">ActiveProspect authentication${run.name === undefined ? '' : ` · ${escaped(run.name)}`}</p>
<h1 class="${conformance.verdict}">${verdictWords[conformance.verdict].symbol} ${escaped(run.target.kind === 'embedded' ? headline(conformance) : summary(conformance))}</h1>
${run.target.kind === 'embedded' ? '' : targetOf(options)}
<p class="figures">${escaped(figuresOf(conformance))}</p>
<nav aria-label="Files of this run"><ul>
<li><a href="allure/index.html">All evidence (Allure report)</a></li>
<li><a href="conformance.json">Results (JSON)</a></li>
<!--recording-->${recordingsOf(run)
    .map((name) => `<li><a href="recording/${name}.har">Recording of ${name} (HAR)</a></li>`)
    .join('')}<!--/recording-->
</ul></nav>
</header>
<main>
${
  caveats.length === 0
    ? ''
    : `<section class="caveats" aria-labelledby="caveats"><h2 id="caveats">Before you rely on this verdict</h2>
<ul>${caveats.map((each) => `<li>${code(each)}</li>`).join('')}</ul></section>`
}
${changes === undefined ? '' : `<section class="changes" aria-label="Changes"><p>${escaped(changes.title)}</p>${changes.items.length === 0 ? '' : `<ul>${changes.items.map((each) => `<li>${escaped(each)}</li>`).join('')}</ul>`}</section>`}
<section id="findings" tabindex="-1" aria-label="Findings">
${findingsOf(options)}
</section>
<section aria-labelledby="verdicts"><h2 id="verdicts">Requirements by product</h2>
${verdictTable(options)}
</section>
${run.timelines.length === 0 ? '' : `<section aria-labelledby="reset"><h2 id="reset">After the reset</h2>\n<div class="charts">${run.timelines.map((each) => `<figure>${chart(each)}<figcaption>${escaped(inWords(each))}</figcaption></figure>`).join('\n')}</div></section>`}
${run.command === 'conformance' ? coverageTable(coverageOf(run, products)) : ''}
<section aria-labelledby="promises"><h2 id="promises">The promises, in the order of the page</h2>
${promisesOf(options)}
</section>
</main>
<footer><dl>${Object.values(verdictWords)
    .map(({ symbol, word, meaning }) => `<div><dt>${symbol} ${word}</dt><dd>${meaning}</dd></div>`)
    .join('')}</dl></footer>`;
  return standAlone({ title: escaped(titleOf(run, conformance)), icon: conformance.verdict, style, script, body });
}

function targetOf({ run, products }: FrontPageOptions): string {
  const rows = Object.entries(run.target.products).map(
    ([product, base]) => `<div><dt>${escaped(ofProduct(products, product as ProductId).title)}</dt><dd>${escaped(base)}</dd></div>`,
  );
  return `<dl class="target">${rows.join('')}</dl>`;
}

function figuresOf(conformance: Conformance): string {
  const { startedAt, durationMs, seed, versions } = conformance;
  return `${amounts(conformance)}, ${minute(startedAt)}, ${(durationMs / 1000).toFixed(1)} s, seed ${seed}, version ${versions.suite}.`;
}

/** The files of the recording: one a product, and the account's where commands reset its key. */
const recordingsOf = ({ target, resetSince }: Run): readonly string[] => [
  ...Object.keys(target.products),
  ...(resetSince === undefined ? [] : ['account']),
];

function coverageTable(coverage: readonly Coverage[]): string {
  if (coverage.length === 0) return '';
  const rows = coverage.map(
    ({ title, checked, documented }) => `<tr><th scope="row">${escaped(title)}</th><td>${checked} of ${documented}</td></tr>`,
  );
  const others = coverage.flatMap(({ title, left, notServed, unchecked }) => [
    ...unchecked.map(({ id, reason }) => [title, id, reason] as const),
    ...notServed.map((id) => [title, id, 'The host does not serve it.'] as const),
    ...left.map((id) => [title, id, 'No check of this run looked at it.'] as const),
  ]);
  const items = others.map(([title, id, reason]) => `<li>${escaped(title)} <code>${escaped(id)}</code>: ${code(reason)}</li>`);
  return `<section aria-labelledby="coverage"><h2 id="coverage">Documented calls that were checked</h2>
<table class="coverage"><tbody>${rows.join('')}</tbody></table>
${items.length === 0 ? '' : `<details><summary>${counting(items.length, 'call was not', 'calls were not')} checked</summary><ul>${items.join('')}</ul></details>`}
</section>`;
}
