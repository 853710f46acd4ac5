/** What a person sees while products are looked at: a table that is kept up to date, or, without a terminal, a line for each change. */
import logUpdate from 'log-update';
import type { Watch, Watched } from '../../ask/reset-by-hand.ts';
import type { RefusalNote } from '../../judge/failure.ts';
import type { Answered } from '../../recording/reset.ts';
import type { ProductId } from '../../specifications/model.ts';

export interface Screen {
  update(): void;
  end(): void;
}

interface Clock {
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** When the waiting ends, on that clock. */
  readonly endsAt: number;
}

/** Where each product lives, for whoever has to log in there. */
export type Addresses = Readonly<Partial<Record<ProductId, string>>>;

/** A row for each product, and below it what there is to do. No line is wider than `width`, in characters. */
export function table(
  products: readonly Watched[],
  addresses: Addresses,
  { now, endsAt }: Clock,
  width: number,
  noteOf: NoteOf = () => undefined,
): string {
  const wide = Math.max(...products.map(({ title }) => title.length));
  const rows = products.flatMap((each, index) => {
    const { state, next } = whatNow(each, index + 1, addresses, now());
    const row = [each.title.padEnd(wide), `old key ${cell(each.old)}`, `new key ${cell(each.new)}`, state].join('  ');
    return [row, ...[next, noteOf(each.product)].flatMap((line) => (line === undefined ? [] : [`${' '.repeat(wide)}  ${line}`]))];
  });
  const open = products.some(({ switched, over }) => !switched && !over);
  const left = [
    `Waiting for ${Math.max(0, Math.ceil((endsAt - now()) / 60_000))} min more.`,
    'q or Ctrl-C leaves; a later start goes on from here.',
  ];
  return ['', ...rows, ...(open ? ['', ...left] : [])].map((line) => line.slice(0, width)).join('\n');
}

/** What there is to be said of how a product refuses the old key. */
export type NoteOf = (product: ProductId) => string | undefined;

/** The first difference from the documented refusal, in a line. */
export function noteIn([first]: readonly RefusalNote[]): string | undefined {
  const [difference] = first?.checks ?? [];
  return difference === undefined ? undefined : `not refused as documented: expected ${difference.expected}, got ${difference.actual}`;
}

const words = { accepted: '✓ accepted', refused: '✗ refused', neither: '✗ refused', nothing: '? no answer' } as const;
const cell = (answered: Answered | undefined): string => (answered === undefined ? '- not asked' : words[answered.answer]).padEnd(14);

function whatNow(
  { product, old, new: fresh, switched, over, saidAt, nextAt }: Watched,
  key: number,
  addresses: Addresses,
  now: number,
): { readonly state: string; readonly next?: string } {
  if (switched) return { state: over ? 'switched' : 'switched; looking closer' };
  if (over) return { state: 'has not switched' };
  const seconds = nextAt === undefined ? 0 : Math.max(0, Math.ceil((nextAt - now) / 1000));
  const look = nextAt === undefined ? 'looking' : seconds > 3600 ? undefined : `next look in ${seconds} s`;
  const and = look === undefined ? '' : `; ${look}`;
  const cause = old?.cause ?? fresh?.cause;
  if (cause !== undefined) return { state: 'waiting', next: `no answer that tells anything (${cause})${and}` };
  if (saidAt !== undefined) return { state: 'waiting', next: `you have logged in, and it has not switched${and}` };
  return { state: 'your turn', next: `log in at ${addresses[product]}, then press ${key}${and}` };
}

/** The table, rewritten in place. */
export function tableScreen(watch: () => Watch | undefined, addresses: Addresses, clock: Clock, noteOf: NoteOf): Screen {
  let height = 0;
  const show = (): void => {
    const seen = watch();
    if (seen === undefined) return;
    const shown = table(seen.products, addresses, clock, process.stdout.columns ?? 80, noteOf);
    const lines = shown.split('\n').length;
    // It writes what has changed, and leaves lines behind where there are more or fewer of them than before.
    if (lines !== height) logUpdate.clear();
    height = lines;
    logUpdate(shown);
  };
  const ticking = setInterval(show, 1000);
  return {
    update: show,
    end() {
      clearInterval(ticking);
      show();
      logUpdate.done();
    },
  };
}

/** A line whenever an answer, or what it comes to, is another than before. */
export function lineScreen(watch: () => Watch | undefined, noteOf: NoteOf, write: (line: string) => void): Screen {
  const said = new Map<ProductId, string>();
  return {
    update() {
      for (const each of watch()?.products ?? []) {
        const answers = `old key ${cell(each.old).trim()}, new key ${cell(each.new).trim()}`;
        const note = noteOf(each.product);
        const what = `${answers}${each.switched ? ': switched' : ''}${note === undefined ? '' : ` (${note})`}`;
        if ((each.old ?? each.new) === undefined || said.get(each.product) === what) continue;
        said.set(each.product, what);
        write(`${new Date().toISOString()} ${each.product}: ${what}`);
      }
    },
    end() {},
  };
}

/** What it came to, for whoever waits for it. */
export function inTheEnd(products: readonly Watched[], addresses: Addresses): string {
  const open = products.filter(({ switched }) => !switched);
  if (open.length === 0) return `\n${products.map(({ title }) => title).join(', ')}: switched. The new key works.`;
  const lines = open.map(({ title, product }) => `${title} has not switched: log in at ${addresses[product]}, then start again to go on.`);
  return `\n${lines.join('\n')}`;
}
