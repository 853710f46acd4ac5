/** Color and line breaks. */

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Paint = (color: keyof typeof codes, text: string) => string;

/** With the escape sequences of a terminal. */
export const paint: Paint = (color, text) => `\u001b[${codes[color]}m${text}\u001b[0m`;
/** Where colors are not wanted. */
export const plain: Paint = (_color, text) => text;

/** Breaks `text` between words, and inside words that are wider than a line. Width in characters. */
export function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const room = Math.max(width, 20);
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((each) => pieces(each, room))) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

const pieces = (word: string, room: number): string[] => word.match(new RegExp(`.{1,${room}}`, 'gsu')) ?? [''];

/** Indented by two characters, and further lines by four. */
export const hanging = (text: string, width: number): string[] =>
  wrapped(text, width - 4).map((line, index) => (index === 0 ? '  ' : '    ') + line);

/** A label and its text; further lines are indented like the first. */
export function labelled(label: string, text: string, width: number, indent = 2): string[] {
  const lead = `${' '.repeat(indent)}${label.padEnd(labelWidth)}`;
  return wrapped(text, width - lead.length).map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line);
}

const labelWidth = 10;
