/** A terminal as a program sees it that writes to one: wraps lines, wraps them anew when it gets another width, and obeys the few sequences that are used here. */
import { EventEmitter } from 'node:events';

/** A line that was ended, by as many characters as were written to it. */
type Line = string[];

export class FakeTerminal extends EventEmitter {
  columns: number;
  readonly rows = 40;
  readonly isTTY = true;
  /** What the program ended by a line feed, whole: a width only decides how many rows each takes. */
  #lines: Line[] = [[]];
  /** Of the cursor, in rows and columns as they are on the screen. */
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    super();
    this.columns = columns;
  }

  /** As terminals do that keep what is longer than a row: the cursor stays with its text. */
  resize(columns: number): void {
    const [line, offset] = this.#place();
    this.columns = columns;
    this.#row = this.#lines.slice(0, line).reduce((sum, each) => sum + this.#rowsOf(each), 0) + Math.floor(offset / columns);
    this.#column = offset % columns;
    this.emit('resize');
  }

  readonly write = (text: string): boolean => {
    for (const [part, sequence] of text.matchAll(/\u001b\[([?0-9]*[A-Za-z])|./gsu)) {
      const [, count = '', command = ''] = /^(.*)(.)$/.exec(sequence ?? '') ?? [];
      if (command === 'A') this.#row = Math.max(0, this.#row - Number(count || 1));
      else if (command === 'B') this.#row += Number(count || 1);
      else if (command === 'G') this.#column = Number(count || 1) - 1;
      else if (command === 'K') this.#erase(count === '2' ? 0 : this.#column);
      else if (sequence !== undefined) continue;
      else if (part === '\n') this.#feed();
      else this.#put(part);
    }
    return true;
  };

  /** What is on the screen, row by row. */
  text(): string {
    return this.#lines
      .flatMap((line) => Array.from({ length: this.#rowsOf(line) }, (_, row) => line.slice(row * this.columns, (row + 1) * this.columns)))
      .map((row) => row.join('').trimEnd())
      .join('\n');
  }

  #rowsOf(line: Line): number {
    return Math.max(1, Math.ceil(line.length / this.columns));
  }

  /** The line that the cursor is on, and how many characters of it are before it. */
  #place(): readonly [line: number, offset: number] {
    let row = this.#row;
    for (const [index, line] of this.#lines.entries()) {
      const rows = this.#rowsOf(line);
      if (row < rows) return [index, row * this.columns + this.#column];
      row -= rows;
    }
    this.#lines.push(...Array.from({ length: row + 1 }, (): Line => []));
    return [this.#lines.length - 1, this.#column];
  }

  #put(character: string): void {
    const [index, offset] = this.#place();
    const line = this.#lines[index] as Line;
    while (line.length < offset) line.push(' ');
    line[offset] = character;
    this.#column += 1;
  }

  /** Behind a line that fills its row the cursor waits on that row. */
  #feed(): void {
    const full = this.#column === this.columns ? this.#column - 1 : this.#column;
    this.#column = full;
    const [index] = this.#place();
    this.#row = this.#lines.slice(0, index + 1).reduce((sum, each) => sum + this.#rowsOf(each), 0);
    this.#column = 0;
    this.#place();
  }

  /** A row from a column on. A line of several rows is broken up first: what is erased is a row of the screen. */
  #erase(from: number): void {
    const [index, offset] = this.#place();
    const line = this.#lines[index] as Line;
    const start = offset - this.#column;
    const parts = [line.slice(0, start), line.slice(start, start + from), line.slice(start + this.columns)];
    const [before, kept, after] = parts as [Line, Line, Line];
    this.#lines.splice(index, 1, ...(start > 0 ? [before] : []), kept, ...(after.length > 0 ? [after] : []));
  }
}
