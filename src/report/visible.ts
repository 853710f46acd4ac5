/** Makes untrusted text safe to look at: no character can act on a terminal or hide from the reader. */

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Control, format, private and unassigned characters, half surrogates, and every blank except the ordinary space. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return short[character] ?? (code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`);
};

/** Unseen characters as escapes: a line feed as `\n`, an escape character as `\u001b`. */
export const visible = (text: string): string => text.replaceAll(unseen, escaped);

/** The same for text of several lines; line breaks stay. */
export const visibleLines = (text: string): string => text.replaceAll(unseen, (each) => (each === '\n' ? each : escaped(each)));

/** `text`, cut after `limit` characters, with the number of characters that were cut off. */
export function shortened(text: string, limit: number): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit).join('')}… (${(characters.length - limit).toLocaleString('en')} more characters)`;
}
