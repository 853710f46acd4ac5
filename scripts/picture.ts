/**
 * Draws a terminal's text, as `tmux capture-pane -ep` prints it, as an SVG picture for the documentation:
 * `node -r ./scripts/compile.cjs dist/scripts/picture.js 'what it shows' < captured > docs/terminal.svg`
 */
import { readFileSync } from 'node:fs';
import { escaped } from '../src/report/page/escape.ts';

const [, , label = 'A terminal'] = process.argv;

/** In px: of a character, of a line, around the text, and of the window's title. */
const size = { character: 8.4, line: 18, margin: 18, title: 36 } as const;
const colors: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#f2cc60', 36: '#79c0ff', 90: '#8b949e' };

interface Look {
  readonly fill?: string;
  readonly bold?: boolean;
}

/** The look after a sequence such as `1;32`. */
function lookAfter(look: Look, sequence: string): Look {
  const codes = sequence.split(';');
  const { fill, bold } = codes.some((code) => code === '' || code === '0') ? ({} as Look) : look;
  const named = codes.map((code) => colors[code === '2' ? 90 : code]).find((each) => each !== undefined);
  const color = named ?? (codes.includes('39') ? undefined : fill);
  return { ...(color === undefined ? {} : { fill: color }), bold: bold === true || codes.includes('1') };
}

const at = (x: number): string => (size.margin + x * size.character).toFixed(1);
const length = (text: string): string => ([...text].length * size.character).toFixed(1);

let look: Look = {};
const drawn = (line: string, row: number): readonly string[] => {
  const y = size.title + size.line * (row + 1);
  let column = 0;
  return line.split('\u001b[').flatMap((part, index) => {
    const [, sequence, text = part] = index === 0 ? [] : (/^([\d;]*)m(.*)$/su.exec(part) ?? []);
    if (sequence !== undefined) look = lookAfter(look, sequence);
    // What stands apart is placed apart: no font has the width that is assumed here.
    return text.split(/( {2,})/).flatMap((piece) => {
      const start = column + (piece.length - piece.trimStart().length);
      column += [...piece].length;
      const words = piece.trim();
      if (words === '') return [];
      const style = `${look.fill === undefined ? '' : ` fill="${look.fill}"`}${look.bold ? ' font-weight="bold"' : ''}`;
      return [`<text x="${at(start)}" y="${y}" textLength="${length(words)}"${style}>${escaped(words)}</text>`];
    });
  });
};

const lines = readFileSync(0, 'utf8').trimEnd().split('\n');
const widest = Math.max(...lines.map((each) => [...each.replace(/\u001b\[[\d;]*m/gu, '')].length));
const width = Math.ceil(2 * size.margin + widest * size.character);
const height = size.title + size.line * lines.length + size.margin;
console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(label)}">
<title>${escaped(label)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<g><circle cx="20" cy="18" r="5.5" fill="#ff5f57"/><circle cx="38" cy="18" r="5.5" fill="#febc2e"/><circle cx="56" cy="18" r="5.5" fill="#28c840"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve">
${lines.flatMap(drawn).join('\n')}
</g>
</svg>`);
