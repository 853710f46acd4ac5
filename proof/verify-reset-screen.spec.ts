/** The table of `verify-reset` on a terminal: one table, whatever becomes of the terminal's width while it is shown. */
import { tableScreen } from '../src/commands/verify-reset/screen.ts';
import { FakeTerminal } from './terminal.ts';
import { expect, test } from './test.ts';

const table =
  (rows: number) =>
  (width: number): string =>
    ['', ...Array.from({ length: rows }, (_, row) => `row ${row}: ${'word '.repeat(20)}end`.slice(0, width))].join('\n');

for (const widths of [[80], [120], [50], [30], [60, 40, 20], [20, 100, 33], [79, 78, 77, 30]])
  test(`one table after the terminal went from 100 to ${widths.join(', ')} columns`, () => {
    const terminal = new FakeTerminal(100);
    terminal.write('$ verify-reset\n');
    let text = table(3);
    const screen = tableScreen((width) => text(width), terminal);
    screen.update();
    for (const width of widths) {
      terminal.resize(width);
      expect(terminal.text().trimEnd()).toBe(
        `$ verify-reset\n${text(width)}`
          .split('\n')
          .map((line) => line.trimEnd())
          .join('\n')
          .trimEnd(),
      );
      // A row less, then one more: it grows and shrinks with what there is to do.
      for (const rows of [2, 4]) {
        text = table(rows);
        screen.update();
        expect(terminal.text().trimEnd()).toMatch(new RegExp(`^\\$ verify-reset\\n\\n(row \\d[^\\n]*\\n?){${rows}}$`));
      }
    }
    screen.end();
    text = table(9);
    screen.update();
    expect(terminal.listenerCount('resize')).toBe(0);
    expect(terminal.text().match(/row 0/g)).toHaveLength(1);
    expect(terminal.text(), 'nothing is written after the end').not.toContain('row 8');
  });
