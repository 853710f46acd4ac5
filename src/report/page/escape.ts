/** Escapes untrusted text, such as an answer of a host, so that it cannot become markup. */
import { visible } from '../visible.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Text in HTML or XML, also between quotes. What cannot be seen stays as it is. */
export const inert = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each);

/** The same, with what cannot be seen spelled out. */
export const escaped = (text: string): string => inert(visible(text));

/** The same for samples; line breaks stay. */
export const escapedLines = (text: string): string => text.split(/\r?\n/).map(escaped).join('\n');

/** Our own words, in which backticks mark code. */
export const code = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
