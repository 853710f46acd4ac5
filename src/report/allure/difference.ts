/** Where two texts differ, marked for a reader who sees each of them in one line. */
import type { Literals } from '../../judge/check.ts';
import { visible } from '../visible.ts';

/** Characters that are shown before the first difference, so that a telephone shows it, and after it; what is cut off is marked. */
const before = 20;
const after = 24;

/**
 * Three lines for a font whose characters are equally wide: what was expected, what was sent, and a mark under the first difference.
 * Unseen characters are escaped. Undefined where the two are the same.
 */
export function difference({ expected, actual }: Literals): string | undefined {
  const [wanted, sent] = [expected, actual].map((text) => [...text].map(visible)) as [string[], string[]];
  const longer = wanted.length > sent.length ? wanted : sent;
  const at = longer.findIndex((_, index) => wanted[index] !== sent[index]);
  if (at === -1) return undefined;
  const from = Math.max(at - before, 0);
  const cut = from === 0 ? '' : '…';
  const line = (characters: readonly string[]): string =>
    `${cut}${characters.slice(from, at + after).join('')}${characters.length > at + after ? '…' : ''}`;
  const indent = ' '.repeat([...cut, ...wanted.slice(from, at)].join('').length);
  const mark = '^'.repeat((sent[at] ?? wanted[at] ?? '').length);
  return [
    `expected  ${line(wanted)}`,
    `got       ${sent.length === 0 ? '(nothing)' : line(sent)}`,
    `          ${indent}${mark} first difference: character ${at + 1}`,
  ].join('\n');
}
