// The annotated page: beside each sentence of the authentication page the promises that rest on it, their verdicts and the evidence.
// The suite holds no text of the page: it stands there once `npm run drift` has been given the page (text.ts).
import { createHash } from 'node:crypto';
import type { Verdict } from '../../judge/check.ts';
import type { Documentation, ProductId, ProductSpec, Requirement, Section, Sentence } from '../../specifications/model.ts';
import { resultAnchor } from '../allure/description.ts';
import { type Coverage, coverageOf } from '../coverage.ts';
import { unique } from '../findings.ts';
import { count, counting, headline, levelWords, recordedNote, titleOf, verdictWords } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { shortened } from '../visible.ts';
import { code, escaped } from './escape.ts';
import { style } from './style.ts';
import { placeFor, placeForAdded, placeForSource } from './text.ts';

export interface AnnotatedOptions {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
}

interface Told extends AnnotatedOptions {
  readonly entries: ReadonlyMap<string, Conformance['requirements'][number]>;
}

/** Findings of a requirement that are told; the rest is in the Allure report. */
const findingsShown = 3;
const messageLimit = 300;

export function annotatedPage(options: AnnotatedOptions): string {
  const { run, conformance, documentation, products } = options;
  const told: Told = { ...options, entries: new Map(conformance.requirements.map((entry) => [entry.id, entry])) };
  const title = escaped(titleOf(run, conformance));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digestOf(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} – the page, sentence by sentence</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#promises">Skip to the promises</a>
<header>
<h1>The authentication page, sentence by sentence</h1>
<p class="headline ${conformance.verdict}">${escaped(headline(conformance))}</p>
${[run.name, recordedNote(run)].map((line) => (line === undefined ? '' : `<p>${escaped(line)}</p>`)).join('')}
<p>${count(conformance.checks)} checks, ${escaped(run.startedAt.slice(0, 16).replace('T', ' '))} UTC. <a href="allure/index.html">Report with all evidence</a> ·
<a href="${escaped(documentation.page)}">The page as published</a></p>
${run.command === 'conformance' ? coverageTable(coverageOf(run, products)) : ''}
<p class="source">${placeForSource}</p>
<nav aria-label="Sections"><ul>${documentation.sections.map(({ title: name }, index) => `<li><a href="#section-${index + 1}">${escaped(name)}</a></li>`).join('')}</ul></nav>
</header>
<main id="promises" tabindex="-1">
${documentation.sections.map((section, index) => sectionOf(section, index + 1, told)).join('\n')}
${placeForAdded('*')}
</main>
<footer><dl>${Object.values(verdictWords)
    .map(({ symbol, word, meaning }) => `<div><dt>${symbol} ${word}</dt><dd>${meaning}</dd></div>`)
    .join('')}</dl></footer>
</body>
</html>
`;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

function coverageTable(coverage: readonly Coverage[]): string {
  const rows = coverage.map(
    ({ title, checked, documented }) => `<tr><th scope="row">${escaped(title)}</th><td>${checked} of ${documented}</td></tr>`,
  );
  const others = coverage.flatMap(({ title, left, notServed, unchecked }) => [
    ...unchecked.map(({ id, reason }) => [title, id, reason] as const),
    ...notServed.map((id) => [title, id, 'It is not served there.'] as const),
    ...left.map((id) => [title, id, 'No check of this run has looked at it.'] as const),
  ]);
  const items = others.map(([title, id, reason]) => `<li>${escaped(title)} <code>${escaped(id)}</code>: ${code(reason)}</li>`);
  return `<table class="coverage"><caption>Documented calls that were checked</caption><tbody>${rows.join('')}</tbody></table>
${items.length === 0 ? '' : `<details><summary>${counting(items.length, 'call was not', 'calls were not')} checked: why</summary><ul>${items.join('')}</ul></details>`}`;
}

/** A requirement is told in full once, at the first sentence of its own section that bears it, and named wherever else it rests. */
function sectionOf({ title, link, sentences, requirements }: Section, number: number, told: Told): string {
  const left = new Map(requirements.map((each) => [each.id, each]));
  const rows = sentences.map((sentence, index) => {
    const own = sentence.requirements.flatMap((id) => left.get(id) ?? []);
    for (const { id } of own) left.delete(id);
    return rowOf(sentence, `${index + 1} of ${sentences.length}`, own, told);
  });
  const rest = [...left.values()].map((each) => `<li class="row"><div class="bears">${promise(each, told)}</div></li>`);
  return `<section aria-labelledby="section-${number}">
<h2 id="section-${number}">${escaped(title)}</h2>
<p><a href="${escaped(link)}">Read “${escaped(title)}”${sentences.length > 0 ? ' as published' : ''}</a></p>
<ol>
${[...rows, ...rest].join('\n')}
</ol>
${placeForAdded(title)}
</section>`;
}

function rowOf({ fingerprint, requirements, unchecked, remark }: Sentence, place: string, own: readonly Requirement[], told: Told): string {
  const others = requirements.filter((id) => !own.some((each) => each.id === id));
  const also = others.map((id) => `<a href="#${escaped(id)}">${escaped(id)}</a> ${verdict(told.entries.get(id)?.verdict ?? 'not-run')}`);
  return `<li class="row" id="s-${fingerprint}">
<div class="said"><p class="place">Sentence or sample ${place}</p>${placeFor(fingerprint)}</div>
<div class="bears">
${own.map((each) => promise(each, told)).join('\n')}
${also.length === 0 ? '' : `<p class="also">${own.length === 0 ? 'On it rests' : 'On it rests also'}: ${also.join(', ')}</p>`}
${unchecked === undefined ? '' : `<p class="unchecked"><strong>Not checked.</strong> ${code(unchecked)}</p>`}
${remark === undefined ? '' : `<p class="remark"><strong>About the page:</strong> ${code(remark)}</p>`}
</div>
</li>`;
}

function promise({ id, level, statement, restsOn, section }: Requirement, told: Told): string {
  const entry = told.entries.get(id);
  const products = Object.entries(entry?.products ?? {}) as [ProductId, Verdict][];
  const links =
    products.length === 0
      ? [came(id, 'account', 'the account', entry?.verdict ?? 'not-run')]
      : products.map(([product, each]) => came(id, product, told.products[product].title, each));
  const messages = unique(
    (entry?.findings ?? []).map(({ verdict: each, message, known }) => `${verdictWords[each].symbol} ${message}${known ? ' (known)' : ''}`),
  );
  const more = messages.length - findingsShown;
  const elsewhere = restsOn.filter((each) => each !== section);
  return `<article id="${escaped(id)}" aria-labelledby="${escaped(id)}-name">
<h3 id="${escaped(id)}-name">${escaped(id)} <span class="level" title="${escaped(levelWords[level])}">${level}</span></h3>
<p>${code(statement)}${elsewhere.length === 0 ? '' : ` <span class="rests">Rests also on: ${escaped(elsewhere.join('; '))}.</span>`}</p>
<ul class="came" aria-label="Verdicts and evidence">${links.join('')}</ul>
${entry?.needs === undefined ? '' : `<p>Not run (${escaped(entry.needs)}).</p>`}
${
  messages.length === 0
    ? ''
    : `<ul class="findings">${messages
        .slice(0, findingsShown)
        .map((each) => `<li>${escaped(shortened(each, messageLimit))}</li>`)
        .join('')}${more > 0 ? `<li>and ${count(more)} more</li>` : ''}</ul>`
}
</article>`;
}

const came = (id: string, product: ProductId | 'account', where: string, each: Verdict): string =>
  `<li>${verdict(each)} <a href="allure/index.html#${resultAnchor(id, product)}">${escaped(where)}<span class="unseen">: evidence for ${escaped(id)}</span></a></li>`;

const verdict = (each: Verdict): string => `<span class="verdict ${each}">${verdictWords[each].symbol} ${verdictWords[each].word}</span>`;
