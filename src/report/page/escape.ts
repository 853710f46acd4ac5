/** Text that nobody can make into markup: what a host answered, what a page says. */
import { visible } from '../visible.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const inert = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each);

export const escaped = (text: string): string => inert(visible(text));

/** The same, lines kept: for samples. */
export const escapedLines = (text: string): string => text.split(/\r?\n/).map(escaped).join('\n');

/** Our own words, in which backticks mark code. */
export const code = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
