/** Requirements by product, in the order of the page; each cell links to the evidence. */
import { ofProduct, type ProductId, productIds, type Requirement } from '../../specifications/model.ts';
import { resultAnchor } from '../allure/description.ts';
import { count, verdictWords } from '../headline.ts';
import { type Entry, isKnownOn, isOfAccount, verdictOn } from '../places.ts';
import { escaped } from './escape.ts';
import type { FrontPageOptions } from './options.ts';

/** HTML. */
export function verdictTable({ conformance, documentation, products }: FrontPageOptions): string {
  const tested = productIds.filter((id) => conformance.target.products[id] !== undefined);
  const entries = new Map(conformance.requirements.map((each) => [each.id, each]));
  const rowOf = ({ id, level }: Requirement): string => {
    const entry = entries.get(id);
    const isWhole = entry === undefined || isOfAccount(entry);
    const cells = isWhole
      ? `<td colspan="${tested.length}">${cell(id, 'account', entry, ' (the account)')}</td>`
      : tested.map((product) => `<td>${entry?.products[product] === undefined ? '' : cell(id, product, entry)}</td>`).join('');
    const name = `<a href="#${escaped(id)}">${escaped(id)}</a>${level === 'required' ? '' : ` <small>${level}</small>`}`;
    return `<tr><th scope="row">${name}</th>${cells}<td class="checks">${entry?.checks ? count(entry.checks) : ''}</td></tr>`;
  };
  const head = tested.map((product) => `<th scope="col"><span>${escaped(ofProduct(products, product).title)}</span></th>`).join('');
  const bodies = documentation.sections.map(
    ({ title, requirements }) =>
      `<tbody><tr class="section"><th scope="rowgroup" colspan="${tested.length + 2}">${escaped(title)}</th></tr>${requirements.map(rowOf).join('')}</tbody>`,
  );
  return `<table class="verdicts"><thead><tr><th scope="col">requirement</th>${head}<th scope="col" class="checks">checks</th></tr></thead>
${bodies.join('\n')}
</table>`;
}

function cell(id: string, product: ProductId | 'account', entry: Entry | undefined, note = ''): string {
  const verdict = (entry && verdictOn(entry, product)) ?? 'not-run';
  const { symbol, word } = verdictWords[verdict];
  const known = entry !== undefined && isKnownOn(entry, product);
  const said = `${symbol} <span class="word">${known ? 'known' : word}${verdict === 'not-run' ? '' : note}</span>`;
  // What was not run has no evidence.
  return verdict === 'not-run'
    ? `<span class="not-run">${said}</span>`
    : `<a class="${verdict}" href="allure/index.html#${resultAnchor(id, product)}">${said}</a>`;
}
