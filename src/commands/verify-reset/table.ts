/** The table of `verify-reset`: a row for each product, and below it what to do. */
import type { Watched } from '../../ask/reset-by-hand.ts';
import type { RefusalNote } from '../../judge/failure.ts';
import type { KeyAnswer } from '../../recording/reset.ts';
import { wrapped } from '../../report/terminal/paint.ts';
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

/** In lines no wider than `width`; on a narrow terminal each product takes several. */
export function table(
  products: readonly Watched[],
  { pages, clock: { now, endsAt }, width, noteOf = () => undefined, warning }: TableOptions,
): string {
  const titleWidth = Math.max(...products.map(({ title }) => title.length));
  const rows = products.flatMap((each, index) => {
    const { state, next } = whatNow(each, index + 1, pages, now());
    const cells = [each.title.padEnd(titleWidth), `old key ${cell(each.old)}`, `new key ${cell(each.new)}`];
    const more = [next, noteOf(each.product)].filter((line) => line !== undefined);
    return laidOut({ cells, state, more, indent: ' '.repeat(titleWidth + 2) }, width);
  });
  const isOpen = products.some(({ switched, over }) => !switched && !over);
  const minutes = Math.max(0, Math.ceil((endsAt - now()) / 60_000));
  const footer = [`Waiting ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}. Press q to leave; start again to continue.`];
  const below = [...(isOpen ? footer : []), ...(warning === undefined ? [] : [warning])].flatMap((line) => wrapped(line, width));
  const doubt = isOpen && products.some((each) => refusesAll(each, products)) ? ['', ...wrapped(newKeyMayBeWrong, width)] : [];
  return [...doubt, '', ...rows, ...(below.length === 0 ? [] : ['', ...below])].map((line) => line.slice(0, width)).join('\n');
}

const newKeyMayBeWrong = 'The new key may be wrong. If it is mistyped or cut short, press q and start again.';

interface Row {
  readonly cells: readonly string[];
  readonly state: string;
  /** What stands below. */
  readonly more: readonly string[];
  readonly indent: string;
}

/** In one line; else with the state below; else, where even that is too wide, each cell on a line of its own. */
function laidOut({ cells, state, more, indent }: Row, width: number): readonly string[] {
  const below = (lines: readonly string[], by: string): readonly string[] =>
    lines.flatMap((line) => wrapped(line.trimEnd(), width - by.length).map((each) => by + each));
  const row = cells.join('  ').trimEnd();
  const whole = [...cells, state].join('  ');
  if (whole.length <= width) return [whole, ...below(more, indent)];
  if (row.length <= width) return [row, ...below([state, ...more], indent)];
  const [title = '', ...others] = cells;
  return [title.trimEnd(), ...below([...others, state, ...more], '  ')];
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
export const cell = (answered: KeyAnswer | undefined): string =>
  (answered === undefined ? '- not asked' : words[answered.answer]).padEnd(cellWidth);

function whatNow(
  { product, title, old, new: fresh, switched, over, saidAt, nextAt }: Watched,
  digit: number,
  pages: LoginPages,
  now: number,
): { readonly state: string; readonly next?: string } {
  if (switched) return { state: over ? 'switched' : 'switched, checking' };
  if (over) return { state: old?.answer === 'accepted' && fresh?.answer === 'accepted' ? 'accepts both' : 'not switched' };
  const seconds = nextAt === undefined ? 0 : Math.max(0, Math.ceil((nextAt - now) / 1000));
  // Without the old key nothing is asked until someone has logged in.
  const check = nextAt === undefined ? ' Checking now.' : seconds > 3600 ? '' : ` Next check in ${seconds} s.`;
  const cause = old?.cause ?? fresh?.cause;
  if (cause !== undefined) return { state: 'waiting', next: `No usable answer (${cause}).${check}` };
  if (fresh === undefined) return { state: 'checking' };
  if (saidAt !== undefined) return { state: 'waiting', next: `You logged in, but it has not switched yet.${check}` };
  return { state: 'waiting', next: `Log in to ${placeToLogIn(title, pages[product])}, then press ${digit}.${check}` };
}
