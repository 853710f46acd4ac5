/**
 * Looks for a key in what a run printed and left behind. It shares no code with `src/keys` and `src/publish`, which it checks: it unpacks in
 * other ways, undoes escapes by other rules, and looks for every run of 12 characters of the key.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

export interface Hunt {
  /** In which forms and wrappings the text contains the key; empty if it does not. */
  inText(text: string | Buffer): readonly string[];
  /** The same for all published files below a folder, including their names. Hidden files are not published. */
  inPlace(folder: string): readonly string[];
}

/** In characters: a shorter run does not count. */
const run = 12;
/** Blocks start at every sixth character, so any run of 12 contains a whole one. */
const block = 6;
/** How many nested wrappings are opened: a key in JSON in base64 in a zip in base64 in a page. */
const depth = 4;

/** @param key in ASCII, without a percent sign or a backslash, so that undoing an escape cannot spoil it */
export function hunt(key: string): Hunt {
  const hex = [...key].map((each) => each.charCodeAt(0).toString(16).padStart(2, '0'));
  const forms: readonly (readonly [name: string, characters: readonly string[]])[] = [
    ['raw', [...key]],
    ['reversed', [...key].reverse()],
    ['hex', hex],
    ['HEX', hex.map((each) => each.toUpperCase())],
    ['bytes of a Buffer', hex.map((each) => `${each} `)],
    ['bytes in JSON', [...key].map((each) => `${each.charCodeAt(0)},`)],
    ['UTF-16', [...key].map((each) => `${each}\0`)],
  ];
  const standing = (text: string): string | undefined => forms.find(([, characters]) => holdsRun(text, characters))?.[0];

  const search = (bytes: Buffer, left: number): readonly string[] => {
    const packed = unpacked(bytes);
    if (packed !== undefined) return left === 0 ? [] : packed.flatMap((each) => within('packed', search(each, left - 1)));
    const text = bytes.toString('latin1');
    const found = readings(text).flatMap(([name, reading]) => within(name, standing(reading) ?? []));
    if (found.length > 0 || left === 0) return found;
    // Encoded text may start anywhere in a run of such letters. All runs are decoded together because one by one takes longer.
    const words = Array.from(text.matchAll(/[A-Za-z0-9+/_-]{16,}/g), ([word]) => word);
    const decodedFrom = (offset: number): readonly Buffer[] => words.map((word) => Buffer.from(word.slice(offset), 'base64'));
    const decoded = decodedFrom(0);
    const inside = [
      ...decoded.filter(isArchive).flatMap((each) => search(each, left - 1)),
      ...search(joined(decoded), left - 1),
      ...[1, 2, 3].flatMap((offset) => standing(joined(decodedFrom(offset)).toString('latin1')) ?? []),
    ];
    if (inside.length > 0) return within('base64', inside);
    return [];
  };

  const inText = (text: string | Buffer): readonly string[] => search(Buffer.from(text), depth);
  return {
    inText,
    inPlace: (folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
        const full = join(entry.parentPath, entry.name);
        const file = relative(folder, full);
        if (file.startsWith('.conformance-run')) return [];
        return [...inText(file), ...(entry.isFile() ? inText(readFileSync(full)) : [])].map((each) => `${file}: ${each}`);
      }),
  };
}

const within = (name: string, found: string | readonly string[]): readonly string[] =>
  [found].flat().map((each) => (name === '' ? each : `${name} > ${each}`));

/** Each piece after a line feed, so that separate pieces do not join up and nothing looks like an archive. */
const joined = (pieces: readonly Buffer[]): Buffer => Buffer.concat(pieces.flatMap((each) => [Buffer.from('\n'), each]));

function holdsRun(text: string, characters: readonly string[]): boolean {
  const whole = characters.join('');
  const width = whole.length / characters.length;
  for (let at = 0; at + block <= characters.length; at += block) {
    const part = whole.slice(at * width, (at + block) * width);
    for (let found = text.indexOf(part); found !== -1; found = text.indexOf(part, found + 1)) {
      let start = 0;
      while (at * width - start > 0 && whole[at * width - start - 1] === text[found - start - 1]) start += 1;
      let end = part.length;
      while (at * width + end < whole.length && whole[at * width + end] === text[found + end]) end += 1;
      if (Math.ceil((start + end) / width) >= run) return true;
    }
  }
  return false;
}

/** The text as it is, and with its escapes undone once and twice. */
function readings(text: string): readonly (readonly [name: string, text: string])[] {
  const once = unescaped(text);
  if (once === text) return [['', text]];
  const twice = unescaped(once);
  return [['', text], ['unescaped', once], ...(twice === once ? [] : [['unescaped twice', twice] as const])];
}

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", plus: '+', sol: '/' };

function unescaped(text: string): string {
  return text.replaceAll(
    /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|&#x0*([0-9a-f]{1,6});|&#0*(\d{1,7});|&([a-z]+);|\\(["/\\'])/gi,
    (whole, percent, unit, point, xmlHex, xmlDecimal, name, plain) => {
      if (plain !== undefined) return plain;
      if (name !== undefined) return names[name.toLowerCase()] ?? whole;
      const code = xmlDecimal === undefined ? Number.parseInt(percent ?? unit ?? point ?? xmlHex, 16) : Number(xmlDecimal);
      return code < 0x80 ? String.fromCharCode(code) : whole;
    },
  );
}

const isZip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4) === 'PK\x03\x04';
const isGzip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 3) === '\x1f\x8b\x08';
const isArchive = (bytes: Buffer): boolean => isZip(bytes) || isGzip(bytes);

/** The members of an archive with their names; undefined for anything else. */
function unpacked(bytes: Buffer): readonly Buffer[] | undefined {
  if (isZip(bytes)) return Object.entries(unzipSync(bytes)).flatMap(([name, member]) => [Buffer.from(name), Buffer.from(member)]);
  return isGzip(bytes) ? [gunzipSync(bytes)] : undefined;
}
