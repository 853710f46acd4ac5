/** What a person sees while products are watched: a table that is kept up to date, or, without a terminal, a line for each change. */
import { createLogUpdate } from 'log-update';
import type { Watch } from '../../ask/reset-by-hand.ts';
import type { ProductId } from '../../specifications/model.ts';
import { cell, type NoteOf } from './table.ts';

export interface Screen {
  update(): void;
  /** Leaves what is shown where it is; nothing is written afterwards. */
  end(): void;
}

/** What is needed of a terminal: standard output, where it is one. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** A text, rewritten in place every second, whenever something has changed, and when the terminal gets another size. */
export function tableScreen(textFor: (width: number) => string | undefined, terminal: Terminal = process.stdout): Screen {
  const rewrite = createLogUpdate(terminal as NodeJS.WriteStream);
  let shown: readonly string[] = [];
  let size = '';
  let ended = false;
  const show = (): void => {
    if (ended) return;
    const { columns = 80, rows = 24 } = terminal;
    const text = textFor(columns);
    if (text === undefined) return;
    const lines = text.split('\n');
    // It writes what has changed, and leaves lines behind where there are more or fewer of them than before.
    if (lines.length !== shown.length || size !== `${columns} ${rows}`) {
      eraseWrapped(shown, columns);
      rewrite.clear();
    }
    [shown, size] = [lines, `${columns} ${rows}`];
    rewrite(text);
  };
  /** A terminal that became narrower has broken lines in two, which `clear` does not know of. */
  const eraseWrapped = (lines: readonly string[], columns: number): void => {
    const more = lines.reduce((sum, line) => sum + Math.max(0, Math.ceil(line.length / columns) - 1), 0);
    terminal.write('\u001b[2K\u001b[1A'.repeat(more));
  };
  const ticking = setInterval(show, 1000);
  terminal.on('resize', show);
  return {
    update: show,
    end() {
      clearInterval(ticking);
      terminal.off('resize', show);
      show();
      ended = true;
      rewrite.done();
    },
  };
}

/** A line whenever an answer, or what it comes to, is another than before. */
export function lineScreen(watch: () => Watch | undefined, noteOf: NoteOf, write: (line: string) => void): Screen {
  const said = new Map<ProductId, string>();
  return {
    update() {
      for (const each of watch()?.products ?? []) {
        // Once the old key has died, what the new one was answered before that says nothing.
        const isOutdated =
          each.old?.answer !== 'accepted' && each.new?.answer === 'refused' && each.new.at < (each.old?.at ?? 0) && !each.over;
        const answers = `old key ${cell(each.old).trim()}, new key ${isOutdated ? 'not asked again yet' : cell(each.new).trim()}`;
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
