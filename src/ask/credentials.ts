/** Credentials, and what reports call them. */
import { Secret } from '../keys/secret.ts';
import type { Credentials } from './call.ts';

/** A user-id or password with its name in reports. Keys go by a name, other words by themselves. */
export interface Named {
  readonly label: string;
  readonly value: Secret;
}

export const named = (label: string, value: Secret): Named => ({ label, value });

/** A word that is no secret. It is shown as it is, unseen characters escaped, long ones by their length. */
export function word(text: string): Named {
  const bytes = Buffer.byteLength(text);
  const shown = bytes > 40 ? `(${bytes.toLocaleString('en')} bytes)` : text === '' ? '(empty)' : visible(text);
  return { label: shown, value: new Secret(text) };
}

/** Sends no Authorization header. */
export const none: Credentials = { label: 'none', header: undefined, wrongKey: false };

/** An Authorization header with this value, which is not the right key: where it happens to hold a pair in base64, it is a wrong one. */
export const header = (label: string, value: Secret): Credentials => ({
  label,
  header: value.map(asHeaderValue),
  wrongKey: value.is((raw) => /^Basic [A-Za-z0-9+/]+=*$/.test(raw) && readsAsPair(raw)),
});

/** Whether a lenient decoder of base64 finds a pair behind the scheme: it skips other characters, which RFC 4648 section 3.3 has rejected. */
export const readsAsPair = (value: string): boolean => Buffer.from(value.slice('Basic '.length), 'base64').includes(':');

/** RFC 7617 section 2: user-id, colon and password, in UTF-8, in base64. `key` tells whether the password is the right one. */
export function basic(username: Named, password: Named, key: Secret, scheme = 'Basic'): Credentials {
  return {
    label: `${scheme} ${username.label} : ${password.label}`,
    header: username.value.combine(password.value, (user, pass) => `${scheme} ${base64(`${user}:${pass}`)}`),
    wrongKey: !password.value.equals(key),
  };
}

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A header value holds bytes: what is not ASCII goes as UTF-8, and what would end the header is left out. */
const asHeaderValue = (text: string): string => Buffer.from(text.replaceAll(/[\r\n\0]/g, ''), 'utf8').toString('latin1');

/** Blanks at the ends and characters that cannot be seen are made visible. */
const visible = (text: string): string => {
  const shown = text.replaceAll(/[\p{C}\u2028\u2029]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
  return shown.trim() === shown ? shown : `"${shown}"`;
};
