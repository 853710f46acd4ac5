/** Credentials, and their names in reports. */
import { Secret } from '../keys/secret.ts';
import type { Credentials } from './call.ts';

/** A user-id or password with its name in reports. Keys are named; other words are shown as they are. */
export interface Named {
  readonly label: string;
  readonly value: Secret;
}

/** A value that reports call by this label. */
export const named = (label: string, value: Secret): Named => ({ label, value });

/** A word that is not secret. Reports show it with invisible characters escaped; a long one is shown by its length. */
export function word(text: string): Named {
  const bytes = Buffer.byteLength(text);
  const shown = bytes > 40 ? `(${bytes.toLocaleString('en')} bytes)` : text === '' ? '(empty)' : visible(text);
  return { label: shown, value: new Secret(text) };
}

/** Sends no Authorization header. */
export const none: Credentials = { label: 'none', header: undefined, wrongKey: false };

/** An Authorization header with this value. If the value happens to decode to a pair, it counts as a wrong key. */
export const header = (label: string, value: Secret): Credentials => ({
  label,
  header: value.map(asHeaderValue),
  wrongKey: value.is((raw) => /^Basic [A-Za-z0-9+/]+=*$/.test(raw) && readsAsPair(raw)),
});

/** Whether a lenient base64 decoder finds a pair after the scheme. It skips invalid characters, which RFC 4648 section 3.3 says to reject. */
export const readsAsPair = (value: string): boolean => Buffer.from(value.slice('Basic '.length), 'base64').includes(':');

/** RFC 7617 section 2: user-id, colon and password, in UTF-8, in base64. `key` is the right key, to recognize a wrong password. */
export function basic(username: Named, password: Named, key: Secret, scheme = 'Basic'): Credentials {
  return {
    label: `${scheme} ${username.label} : ${password.label}`,
    header: username.value.combine(password.value, (user, pass) => `${scheme} ${base64(`${user}:${pass}`)}`),
    wrongKey: !password.value.equals(key),
  };
}

/** Of the text in UTF-8 (RFC 4648 section 4). */
export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A header value consists of bytes: non-ASCII characters are sent as UTF-8, and characters that would end the header are left out. */
const asHeaderValue = (text: string): string => Buffer.from(text.replaceAll(/[\r\n\0]/g, ''), 'utf8').toString('latin1');

/** Makes leading and trailing spaces and invisible characters visible. */
const visible = (text: string): string => {
  const shown = text.replaceAll(/[\p{C}\u2028\u2029]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
  return shown.trim() === shown ? shown : `"${shown}"`;
};
