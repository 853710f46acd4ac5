/** Keys, made at run time, and every way to write them that the search must recognize. None of this uses the search's own code. */
import { inspect } from 'node:util';
import fc from 'fast-check';

export const hexDigits = [...'0123456789abcdef'];
export const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
export const foreign = [...'äéßñøЖ漢字カ😀🔑€'];

/** Of 8 to 200 characters: like real keys, with characters that often cause bugs, and in other alphabets. */
export const keys = fc.oneof(
  ...[hexDigits, printable, [...'.*+?^$(){}|[]\\%&;#"<>/u0041n'], [...foreign, ...hexDigits]].map((characters) =>
    fc.array(fc.constantFrom(...characters), { minLength: 8, maxLength: 200 }).map((all) => all.join('')),
  ),
);

const codePoint = (character: string) => character.codePointAt(0) ?? 0;
const each = (text: string, write: (character: string, index: number) => string) => [...text].map(write).join('');
export const units = (text: string, write: (unit: number) => string) =>
  Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join('');
const bytes = (text: string, write: (byte: number) => string) => Array.from(Buffer.from(text), write).join('');
export const hex = (value: number, length = 2) => value.toString(16).padStart(length, '0');
const names: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  é: 'eacute',
  '+': 'plus',
  '/': 'sol',
};

/** Reversible ways to escape a text, with built-in functions where they exist. */
export const escapings: Readonly<Record<string, (text: string) => string>> = {
  'percent, as encodeURIComponent': encodeURIComponent,
  'percent, lower case': (text) => bytes(text, (byte) => `%${hex(byte)}`),
  'percent, mixed case': (text) => bytes(text, (byte) => `%${hex(byte).replace(/[a-f]$/, (letter) => letter.toUpperCase())}`),
  'percent, every second character': (text) =>
    each(text, (character, index) => (index % 2 === 1 || character === '%' ? bytes(character, (byte) => `%${hex(byte)}`) : character)),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON, all escaped': (text) => units(text, (unit) => `\\u${hex(unit, 4)}`),
  'JSON, slashes escaped': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'JavaScript, braces': (text) => each(text, (character) => `\\u{${hex(codePoint(character))}}`),
  XML: (text) => each(text, (character) => (character in names ? `&${names[character]};` : character)),
  'XML, decimal': (text) => each(text, (character) => `&#${codePoint(character)};`),
  'XML, hex with zeros': (text) => each(text, (character) => `&#X${hex(codePoint(character), 6).toUpperCase()};`),
};

export const forms: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  reversed: (text) => [...text].reverse().join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'a printed Buffer': (text) => inspect(Buffer.from(text)).slice(8),
  'a Buffer in JSON': (text) => JSON.stringify(Buffer.from(text)),
  'a form': (text) => text.replaceAll(' ', '+'),
  'UTF-8 taken for Latin-1': (text) => Buffer.from(text).toString('latin1'),
  ...Object.fromEntries(
    ['', 'X:', 'API:', 'user:', 'Ж:'].flatMap((user) => [
      [`base64 after "${user}"`, (text: string) => Buffer.from(user + text).toString('base64')],
      [`base64url after "${user}"`, (text: string) => Buffer.from(user + text).toString('base64url')],
      [`base64 after "${user}", followed by more`, (text: string) => Buffer.from(`${user + text}, and so on`).toString('base64')],
      [`base64 after "${user}", preceded by a letter`, (text: string) => `x${Buffer.from(user + text).toString('base64')}`],
    ]),
  ),
};

/** Three kinds of escapes in turn. */
const mixed = (text: string) =>
  each(text, (character, index) => {
    if (index % 3 === 0) return units(character, (unit) => `\\u${hex(unit, 4)}`);
    return index % 3 === 1 ? bytes(character, (byte) => `%${hex(byte)}`) : `&#x${hex(codePoint(character), 9)};`;
  });

export const everyWay = { ...forms, ...escapings, 'a different escape for each character': mixed };

/** A text around a key, separated by spaces: otherwise a half-written escape in the text would absorb the key's first characters. */
export const around = fc
  .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
  .map(([before, after]) => [`${before} `, ` ${after}`] as const);
export const way = (ways: Readonly<Record<string, (text: string) => string>>) =>
  fc.constantFrom(...Object.entries(ways)).map(([name, write]) => ({ name, write }));
