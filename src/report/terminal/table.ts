/** Requirements by product: the page's order, a heading for each section, readable without color. */
import type { Verdict } from '../../judge/check.ts';
import { type Documentation, type ProductId, productIds } from '../../specifications/model.ts';
import { count, notSelected, verdictWords } from '../headline.ts';
import type { Conformance } from '../model.ts';
import { type Entry, isKnownOn, isOfAccount, verdictOn } from '../places.ts';
import type { Paint } from './paint.ts';

const colors = { violates: 'red', inconclusive: 'yellow', noted: 'cyan', conforms: 'green', 'not-run': 'dim' } as const;

/** Between two columns, in characters. */
const gap = 2;
const indent = 2;

/** If the table does not fit, the number of checks goes first, then the words beside the symbols. */
const forms = [
  { words: true, checks: true },
  { words: true, checks: false },
  { words: false, checks: true },
  { words: false, checks: false },
] as const;

interface Layout {
  readonly words: boolean;
  readonly checks: boolean;
  readonly products: readonly ProductId[];
  /** Of the columns: ids with their indentation, each product, checks. In characters. */
  readonly widths: { readonly id: number; readonly products: readonly number[]; readonly checks: number };
}

/** In lines no wider than `width`, if that is possible at all. */
export function table(conformance: Conformance, documentation: Documentation, paint: Paint, width: number): string[] {
  const layout = layoutFor(conformance, width);
  // What was not selected is listed below, with everything else that was not run.
  const entries = new Map(conformance.requirements.map((entry) => [entry.id, entry]));
  return [
    paint('dim', header(layout)),
    ...documentation.sections.flatMap(({ title, requirements }) => {
      const selected = requirements.flatMap(({ id }) => entries.get(id) ?? []).filter(({ needs }) => needs !== notSelected);
      return selected.length === 0 ? [] : [paint('bold', title), ...selected.map((entry) => row(entry, layout, paint))];
    }),
  ];
}

function layoutFor({ requirements, target }: Conformance, width: number): Layout {
  const products = productIds.filter(
    (id) => target.products[id] !== undefined || requirements.some((entry) => entry.products[id] !== undefined),
  );
  const layouts = forms.map((form): Layout => {
    const cells = (id: ProductId): string[] =>
      requirements.flatMap(({ products: { [id]: verdict } }) => (verdict ? cell(verdict, form.words) : []));
    return {
      ...form,
      products,
      widths: {
        id: indent + longest(requirements.map(({ id }) => id)),
        products: products.map((id) => longest([...cells(id), form.words ? id : shortened(id, products)])),
        checks: form.checks ? longest(['checks', ...requirements.map(({ checks }) => count(checks))]) : 0,
      },
    };
  });
  return layouts.find((layout) => total(layout) <= width) ?? (layouts.at(-1) as Layout);
}

const total = ({ widths, checks }: Layout): number =>
  widths.id + widths.products.reduce((sum, each) => sum + gap + each, 0) + (checks ? gap + widths.checks : 0);

/** The id without its end: at least five characters, and enough to tell it from the others. */
function shortened(id: string, ids: readonly string[]): string {
  const others = ids.filter((each) => each !== id);
  const length = [...id].findIndex((_, end) => end >= 5 && !others.some((each) => each.startsWith(id.slice(0, end))));
  return length < 0 ? id : id.slice(0, length);
}

function header({ products, widths, words, checks }: Layout): string {
  const names = products.map((id, index) => (words ? id : shortened(id, products)).padEnd(widths.products[index] ?? 0));
  return joined([' '.repeat(widths.id), ...names, ...(checks ? ['checks'.padStart(widths.checks)] : [])]);
}

function row(entry: Entry, layout: Layout, paint: Paint): string {
  const { widths, words } = layout;
  const colored = (verdict: Verdict, text: string, width: number): string =>
    paint(colors[verdict], text) + ' '.repeat(Math.max(0, width - text.length));
  const id = `${' '.repeat(indent)}${entry.id}`.padEnd(widths.id);
  const checks = layout.checks && entry.checks > 0 ? [paint('dim', count(entry.checks).padStart(widths.checks))] : [];
  if (isOfAccount(entry)) {
    // A requirement of the account, or one that was not run, has one verdict over all columns.
    const room = widths.products.reduce((sum, each) => sum + gap + each, -gap);
    const account = words && entry.verdict !== 'not-run' ? ' (the account)' : '';
    return joined([id, colored(entry.verdict, `${cell(entry.verdict, words, isKnownOn(entry, 'account'))}${account}`, room), ...checks]);
  }
  const cells = layout.products.map((product, index) => {
    const verdict = verdictOn(entry, product);
    const width = widths.products[index] ?? 0;
    return verdict === undefined ? ' '.repeat(width) : colored(verdict, cell(verdict, words, isKnownOn(entry, product)), width);
  });
  return joined([id, ...cells, ...checks]);
}

function cell(verdict: Verdict, words: boolean, known = false): string {
  const { symbol, word } = verdictWords[verdict];
  return words ? `${symbol} ${known ? 'known' : word}` : symbol;
}

const joined = (cells: readonly string[]): string => cells.join(' '.repeat(gap)).trimEnd();
const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
