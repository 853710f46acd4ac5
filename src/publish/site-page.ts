/** The page that lists the runs of a site. It loads nothing, and its script only filters. */
import { changesInWords, changesSince } from '../report/changes.ts';
import { count, headline, minute, targetName, verdictWords } from '../report/headline.ts';
import type { Conformance } from '../report/model.ts';
import { standAlone } from '../report/page/document.ts';
import { escaped } from '../report/page/escape.ts';
import { isKnownOn, isOfAccount, verdictOn } from '../report/places.ts';
import { opensRun } from '../report/site-address.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type Course, coursesOf, history, type Listed } from './site-history.ts';

const names: Readonly<Record<string, string>> = {
  'index.html': 'front page',
  'allure/index.html': 'all evidence',
  // Written by earlier versions.
  'page.html': 'the page, annotated',
  'summary.md': 'summary',
  'junit.xml': 'JUnit',
  'conformance.json': 'JSON',
};

/** `runs`: the newest first. */
export function sitePage(runs: readonly Listed[], hasMatrix: boolean): string {
  const courses = coursesOf(runs);
  const latest = courses[0]?.runs[0];
  // The run before each one, on the same target.
  const earlier = new Map(courses.flatMap(({ runs: course }) => course.map((run, index) => [run, course[index + 1]] as const)));
  const body = `<main>
<h1>Conformance to the authentication page of the ActiveProspect APIs</h1>
<p class="gone" role="status" hidden>That run is no longer on this site, which keeps only the newest ones.</p>
${latest === undefined ? '<p>No run yet.</p>' : `<div class="latest ${latest.conformance.verdict}">${title(latest)}${broken(latest.conformance)}</div>`}
<p>Each run checks every promise of that page against a host.${hasMatrix ? ' <a href="matrix.html">The matrix</a> shows how the suite judges hosts that break each promise, and hosts that keep them all.' : ''}</p>
${filters(courses)}
${courses.map(history).join('\n')}
<section><h2>All runs</h2>
<ol>
${runs.map((each) => item(each, earlier.get(each))).join('\n')}
</ol></section>
</main>`;
  const icon = latest?.conformance.verdict ?? 'inconclusive';
  return standAlone({ title: pageTitle, icon, style, script, body });
}

const pageTitle = 'ActiveProspect authentication: conformance runs';

/** Whether a page was written by `sitePage`, of this version or an earlier one: by its title, as a site may be fetched without hidden files. */
export const isSitePage = (page: string): boolean => page.includes(`<title>${pageTitle}</title>`);

/** Shown by the script, which they need. */
function filters(courses: readonly Course[]): string {
  const products = productIds.filter((id) =>
    courses.some(({ runs }) => runs.some(({ conformance }) => conformance.target.products[id] !== undefined)),
  );
  const option = (value: string, words: string): string => `<option value="${value}">${words}</option>`;
  return `<form hidden>
<label>Product <select name="product">${option('', 'all')}${products.map((id) => option(id, id)).join('')}</select></label>
<label>Newest verdict <select name="verdict">${option('', 'all')}${(['violates', 'inconclusive', 'noted', 'conforms'] as const).map((each) => option(each, verdictWords[each].word)).join('')}</select></label>
</form>`;
}

const script = `
const form = document.querySelector('form');
form.hidden = false;
form.addEventListener('change', () => {
  const { product, verdict } = Object.fromEntries(new FormData(form));
  for (const row of document.querySelectorAll('tr[data-verdict]')) row.hidden = verdict !== '' && row.dataset.verdict !== verdict;
  for (const table of document.querySelectorAll('table[data-product]'))
    table.hidden = (product !== '' && table.dataset.product !== product) || table.querySelector('tr:not([hidden])') === null;
});
${opensRun}`;

const title = ({ folder, conformance, files }: Listed): string => {
  const words = `${verdictWords[conformance.verdict].symbol} ${escaped(headline(conformance))}`;
  return files.includes('index.html')
    ? `<a class="${conformance.verdict}" href="runs/${encodeURIComponent(folder)}/index.html">${words}</a>`
    : words;
};

function item(run: Listed, earlier: Listed | undefined): string {
  const { folder, conformance, files } = run;
  const { verdict, name, target, startedAt, documentation, versions, checks } = conformance;
  const hosts = target.kind === 'embedded' ? 'embedded host' : Object.values(target.products).join(', ');
  const address = (file: string): string => `runs/${encodeURIComponent(folder)}/${file}`;
  const links = files.map((file) => `<a href="${address(file)}">${escaped(names[file] ?? file)}</a>`);
  const changes = earlier && changesSince(earlier.conformance, conformance);
  const changed = changes && changesInWords(changes).items;
  const facts = [
    ...(name === targetName(target) ? [] : [['run', name] as const]),
    ['target', hosts],
    ['checks', count(checks)],
    ['documentation', documentation.sha256.slice(0, 12)],
    ['suite', versions.suite],
    ['Node.js', versions.node],
  ] as const;
  return `<li id="${escaped(folder)}">
<h3 class="${verdict}">${title(run)}</h3>
${broken(conformance)}${changed === undefined || changed.length === 0 ? '' : `<p>Since the run before: ${escaped(changed.join('; '))}</p>`}<p><time datetime="${escaped(startedAt)}">${escaped(minute(startedAt))}</time> · ${links.join(' · ')}</p>
<dl>${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>
</li>`;
}

/** Each requirement that changed the verdict, and where. */
function broken({ requirements }: Conformance): string {
  const items = requirements
    .filter(({ level, verdict }) => level === 'required' && (verdict === 'violates' || verdict === 'inconclusive'))
    .map((entry) => {
      const { id, verdict } = entry;
      const known = (place: ProductId | 'account'): string => (isKnownOn(entry, place) ? ' (known)' : '');
      const on = productIds.filter((product) => verdictOn(entry, product) === verdict).map((product) => `${product}${known(product)}`);
      const where = isOfAccount(entry) ? known('account') : ` on ${on.join(', ')}`;
      return `<span class="${verdict}">${verdictWords[verdict].symbol} ${escaped(id)}</span>${escaped(where)}`;
    });
  return items.length === 0 ? '' : `<p>${items.join('; ')}</p>\n`;
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
h3 a, .latest > a, .cells a { text-decoration: none; } h3 a:hover, .latest > a:hover, .cells a:hover { text-decoration: underline; }
a.violates { color: var(--violates); } a.inconclusive { color: var(--inconclusive); } a.conforms { color: var(--conforms); }
a.noted { color: var(--noted); } a.not-run { color: var(--not-run); }
.gone { border: 1px solid var(--line); padding: .5rem 1rem; } .gone[hidden] { display: none; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; } form[hidden] { display: none; } select { font: inherit; }
.soft, .since { color: var(--soft); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; } caption { text-align: left; font-weight: 600; }
th { text-align: left; font-weight: 400; width: 15rem; } th, td { padding: .05rem .5rem .05rem 0; vertical-align: top; border-top: 1px solid var(--line); }
.cells { line-height: 1.5rem; } .cells a { display: inline-block; width: 1.25rem; text-align: center; }
.since { width: 12rem; }
.resets { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; flex: 1 1 20rem; max-width: 30rem; } figure svg { display: block; width: 100%; height: auto; }
@media (max-width: 40rem) { tr { display: block; border-top: 1px solid var(--line); } th, td { display: block; width: auto; border: 0; } tr[hidden] { display: none; } }
.latest { border-left: .4rem solid; padding: .5rem 1rem; font-weight: 600; }
ol { list-style: none; margin: 1.5rem 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: 1rem 0; content-visibility: auto; contain-intrinsic-size: auto 9rem; }
li p { margin: .25rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; font-size: .875rem; }
dl div { display: flex; gap: .4rem; min-width: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
`;
