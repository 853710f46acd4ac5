/** The table of `verify-reset`: a row for each product, and below it what to do. */
import type { Watched } from '../../ask/reset-by-hand.ts';
import type { RefusalNote } from '../../judge/failure.ts';
import type { Answered } from '../../recording/reset.ts';
import type { ProductId } from '../../specifications/model.ts';
import { refusesAll } from './ending.ts';
import { type LoginPages, placeToLogIn } from './login-pages.ts';

export interface Clock {
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** When the waiting ends, on that clock. */
  readonly endsAt: number;
}

/** What is unusual about how a product refuses the old key. */
export type NoteOf = (product: ProductId) => string | undefined;

export interface TableOptions {
  readonly pages: LoginPages;
  readonly clock: Clock;
  /** In characters: no line is wider. */
  readonly width: number;
  readonly noteOf?: NoteOf;
  /** What else there is to know, below the table. */
  readonly warning?: string | undefined;
}

export function table(
  products: readonly Watched[],
  { pages, clock: { now, endsAt }, width, noteOf = () => undefined, warning }: TableOptions,
): string {
  const titleWidth = Math.max(...products.map(({ title }) => title.length));
  const indent = ' '.repeat(titleWidth + 2);
  const rows = products.flatMap((each, index) => {
    const { state, next } = whatNow(each, products, index + 1, pages, now());
    const cells = `${each.title.padEnd(titleWidth)}  old key ${cell(each.old)}  new key ${cell(each.new)}`;
    const isWide = cells.length + 2 + state.length > width;
    const below = [isWide ? state : undefined, next, noteOf(each.product)].filter((line) => line !== undefined);
    return [isWide ? cells.trimEnd() : `${cells}  ${state}`, ...below.flatMap((line) => wrapped(line, indent, width))];
  });
  const isOpen = products.some(({ switched, over }) => !switched && !over);
  const minutes = Math.max(0, Math.ceil((endsAt - now()) / 60_000));
  const footer = [`Waits ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}. Press q to leave; start again to continue.`];
  const below = [...(isOpen ? footer : []), ...(warning === undefined ? [] : [warning])].flatMap((line) => wrapped(line, '', width));
  return ['', ...rows, ...(below.length === 0 ? [] : ['', ...below])].map((line) => line.slice(0, width)).join('\n');
}

/** The first difference from the documented refusal, in a sentence. */
export function noteIn([first]: readonly RefusalNote[]): string | undefined {
  const [difference] = first?.checks ?? [];
  return difference === undefined
    ? undefined
    : `The refusal differs from the documentation: expected ${difference.expected}, got ${difference.actual}`;
}

const words = { accepted: '✓ accepted', refused: '✗ refused', neither: '✗ refused', nothing: '? no answer' } as const;
const cellWidth = 11;

/** What a product answers to a key. */
export const cell = (answered: Answered | undefined): string =>
  (answered === undefined ? '- not asked' : words[answered.answer]).padEnd(cellWidth);

function whatNow(
  watched: Watched,
  all: readonly Watched[],
  digit: number,
  pages: LoginPages,
  now: number,
): { readonly state: string; readonly next?: string } {
  const { product, title, old, new: fresh, switched, over, saidAt, nextAt } = watched;
  if (switched) return { state: over ? 'switched' : 'switched, checking' };
  if (over) return { state: old?.answer === 'accepted' && fresh?.answer === 'accepted' ? 'accepts both' : 'not switched' };
  const seconds = nextAt === undefined ? 0 : Math.max(0, Math.ceil((nextAt - now) / 1000));
  // Without the old key nothing is asked until somebody has logged in.
  const check = nextAt === undefined ? ' Checking now.' : seconds > 3600 ? '' : ` Next check in ${seconds} s.`;
  const cause = old?.cause ?? fresh?.cause;
  if (cause !== undefined) return { state: 'waiting', next: `No usable answer (${cause}).${check}` };
  if (fresh === undefined) return { state: 'checking' };
  const doubt = refusesAll(watched, all) ? 'The new key may be wrong: if it is mistyped or cut short, press q and start again. ' : '';
  if (saidAt !== undefined) return { state: 'waiting', next: `${doubt}You logged in, but it has not switched yet.${check}` };
  const logIn = `og in to ${placeToLogIn(title, pages[product])}, then press ${digit}.${check}`;
  return { state: 'waiting', next: doubt === '' ? `L${logIn}` : `${doubt}Otherwise, l${logIn}` };
}

/** Words of more than a line go on below it. */
function wrapped(text: string, indent: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
