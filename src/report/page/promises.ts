/**
 * The promises by section, beside the sentences of the page that they are based on. The suite holds no text of the page: `npm run drift`
 * adds it when it is given the page (text.ts).
 */
import type { Requirement, Section, Sentence } from '../../specifications/model.ts';
import { counting, levelWords, verdictWords } from '../headline.ts';
import { code, escaped } from './escape.ts';
import type { FrontPageOptions } from './options.ts';
import { placeFor, placeForAdded, placeForSource } from './text.ts';

/** HTML: every sentence of the page in its order, with the requirements that are based on it and their verdicts. */
export const promisesOf = (
  options: FrontPageOptions,
): string => `<p class="soft">${placeForSource} <a href="${escaped(options.documentation.page)}">The page as published</a></p>
${options.documentation.sections.map((section, index) => sectionOf(section, index + 1, options)).join('\n')}
${placeForAdded('*')}`;

/** A requirement is shown at the first sentence of its section that it is based on, and only named at the others. */
function sectionOf({ title, link, sentences, requirements }: Section, number: number, options: FrontPageOptions): string {
  const left = new Map(requirements.map((each) => [each.id, each]));
  const rows = sentences.map((sentence) => {
    const own = sentence.requirements.flatMap((id) => left.get(id) ?? []);
    for (const { id } of own) left.delete(id);
    return { sentence, row: rowOf(sentence, own, options) };
  });
  const isUnchecked = ({ sentence }: (typeof rows)[number]): boolean => sentence.unchecked !== undefined;
  const unchecked = rows.filter(isUnchecked);
  const rest = [...left.values()].map((each) => `<li class="row"><div class="bears">${promise(each, options)}</div></li>`);
  return `<section aria-labelledby="section-${number}">
<h3 id="section-${number}"><a href="${escaped(link)}">${escaped(title)}</a></h3>
<ol>
${[...rows.filter((each) => !isUnchecked(each)).map(({ row }) => row), ...rest].join('\n')}
</ol>
${unchecked.length === 0 ? '' : `<details><summary>${counting(unchecked.length, 'sentence or sample is', 'sentences or samples are')} not checked</summary><ol>${unchecked.map(({ row }) => row).join('\n')}</ol></details>`}
${placeForAdded(title)}
</section>`;
}

/** A row that has nothing but the place for its sentence is hidden until the text is added. */
function rowOf({ fingerprint, requirements, unchecked, remark }: Sentence, own: readonly Requirement[], options: FrontPageOptions): string {
  const others = requirements.filter((id) => !own.some((each) => each.id === id));
  const also = others.map((id) => `<a href="#${escaped(id)}">${escaped(id)}</a>`).join(', ');
  const isBare = own.length === 0 && unchecked === undefined && remark === undefined;
  return `<li class="row${isBare ? ' bare' : ''}" id="s-${fingerprint}">
<div class="said">${placeFor(fingerprint)}${also === '' ? '' : `<p class="soft">${own.length === 0 ? 'The basis of' : 'Also the basis of'} ${also}</p>`}</div>
<div class="bears">
${own.map((each) => promise(each, options)).join('\n')}
${unchecked === undefined ? '' : `<p class="unchecked">${code(unchecked)}</p>`}
${remark === undefined ? '' : `<p class="remark"><strong>About the page itself:</strong> ${code(remark)}</p>`}
</div>
</li>`;
}

function promise({ id, level, statement, restsOn, section }: Requirement, { conformance }: FrontPageOptions): string {
  const entry = conformance.requirements.find((each) => each.id === id);
  const verdict = entry?.verdict ?? 'not-run';
  const { symbol, word } = verdictWords[verdict];
  const elsewhere = restsOn.filter((each) => each !== section);
  return `<article id="${escaped(id)}" aria-labelledby="${escaped(id)}-name">
<h4 id="${escaped(id)}-name"><code>${escaped(id)}</code> <span class="verdict ${verdict}">${symbol} ${word}</span> <span class="level" title="${escaped(levelWords[level])}">${level}</span></h4>
<p>${code(statement)}${elsewhere.length === 0 ? '' : ` <span class="soft">Also based on: ${escaped(elsewhere.join('; '))}.</span>`}</p>
</article>`;
}
