/** Decodes escaped characters: percent-encoding, and the escapes of JSON, JavaScript, XML and HTML. */
import { endOfBase64, startOfBase64 } from './base64.ts';
import { entities } from './entities.ts';
import type { Decode } from './reading.ts';

const [numberSign, semicolon, backslash, openingBrace, closingBrace, letterU, letterX] = Buffer.from('#;\\{}ux');

interface Escape {
  /** The decoded character, in UTF-8. */
  readonly bytes: readonly number[];
  /** The length of the escape, in bytes. */
  readonly length: number;
}

/** A way to escape characters. */
export interface Escaping {
  /** The character that every such escape begins with. */
  readonly first: string;
  /** The escape that begins at `at`, where the byte is `first`; undefined if there is none. */
  read(source: Buffer, at: number): Escape | undefined;
}

/** `%2f`, in upper or lower case. */
export const percent: Escaping = {
  first: '%',
  read: (source, at) => {
    const byte = number(source, at + 1, at + 3, 16);
    return byte === undefined ? undefined : { bytes: [byte], length: 3 };
  },
};

/**
 * The character for each byte after a backslash; undefined if that is not an escape, or a longer one. Punctuation stands for itself, except
 * percent sign and ampersand, which begin escapes of their own.
 */
const behindBackslash: (number | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const letter = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' }[String.fromCharCode(byte)];
  return /[!-$'-/:-@[-`{-~]/.test(String.fromCharCode(byte)) ? byte : letter?.charCodeAt(0);
});

/** `\u002f` (a surrogate pair is one character), `\u{2f}`, `\x2f`, `\n`, and escaped punctuation such as `\/`. */
export const json: Escaping = {
  first: '\\',
  read: (source, at) => {
    const kind = source[at + 1] ?? 0;
    if (kind === letterX) return character(number(source, at + 2, at + 4, 16), 4);
    if (kind !== letterU) return character(behindBackslash[kind], 2);
    if (source[at + 2] === openingBrace) {
      const end = endOfDigits(source, at + 3, 16);
      return source[end] === closingBrace ? character(number(source, at + 3, end, 16), end - at + 1) : undefined;
    }
    const unit = number(source, at + 2, at + 6, 16);
    if (unit === undefined || unit >> 10 !== 0x36) return character(unit, 6);
    const next = source[at + 6] === backslash && source[at + 7] === letterU ? number(source, at + 8, at + 12, 16) : undefined;
    if (next === undefined || next >> 10 !== 0x37) return character(unit, 6);
    return character(0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff), 12);
  },
};

/** In bytes: `&VerticalLine;`, with some room. */
const longestEntity = 24;

/** Digits of a number, including leading zeros. */
const mostDigits = 12;

/** `&#47;`, `&#x2f;` (both also without the semicolon), `&sol;`. */
export const xml: Escaping = {
  first: '&',
  read: (source, at) => {
    if (source[at + 1] !== numberSign) {
      const letter = (source[at + 1] ?? 0) | 0x20;
      if (letter < 0x61 || letter > 0x7a) return undefined;
      const [whole, name = ''] = /^&(\w+);/.exec(source.toString('latin1', at, at + longestEntity)) ?? [''];
      return character(entities.get(name), whole.length);
    }
    const base = ((source[at + 2] ?? 0) | 0x20) === letterX ? 16 : 10;
    const start = at + (base === 16 ? 3 : 2);
    const end = endOfDigits(source, start, base);
    return character(number(source, start, end, base), end - at + (source[end] === semicolon ? 1 : 0));
  },
};

/**
 * Decodes all escapes of these kinds in one pass. The result contains only the escapes, what is within `reach` bytes of one, and the base64
 * that one interrupts: the rest is unchanged and searched anyway.
 */
export function unescaping(kinds: readonly Escaping[], reach: number): Decode {
  return (source, into) => {
    let done = 0;
    for (const { at, bytes, length } of escapesIn(source, kinds)) {
      const to = into.isEmpty ? 0 : endOfReach(source, done, reach);
      const from = Math.max(done, Math.min(at - reach, startOfBase64(source, at, done)));
      if (from <= to) {
        into.copy(done, at);
      } else {
        into.copy(done, to);
        into.separate();
        into.copy(from, at);
      }
      done = at + length;
      into.write(bytes, at, done);
    }
    if (!into.isEmpty) into.copy(done, endOfReach(source, done, reach));
  };
}

/** In order. `Buffer.indexOf` skips the text in between: most of a page is base64 without escapes. */
function* escapesIn(source: Buffer, kinds: readonly Escaping[]): Generator<Escape & { readonly at: number }> {
  const next = kinds.map((kind) => ({ kind, at: source.indexOf(kind.first) })).filter(({ at }) => at !== -1);
  let done = 0;
  while (next.length > 0) {
    const nearest = next.reduce((one, other) => (one.at < other.at ? one : other));
    const escaped = nearest.at < done ? undefined : nearest.kind.read(source, nearest.at);
    if (escaped !== undefined) {
      yield { at: nearest.at, bytes: escaped.bytes, length: escaped.length };
      done = nearest.at + escaped.length;
    }
    nearest.at = source.indexOf(nearest.kind.first, Math.max(done, nearest.at + 1));
    if (nearest.at === -1) next.splice(next.indexOf(nearest), 1);
  }
}

function endOfReach(source: Buffer, at: number, reach: number): number {
  return Math.min(source.length, Math.max(at + reach, endOfBase64(source, at)));
}

const ascii = Array.from({ length: 0x80 }, (_, codePoint) => [codePoint]);

function character(codePoint: number | undefined, length: number): Escape | undefined {
  if (codePoint === undefined || codePoint > 0x10ffff) return undefined;
  if (codePoint < 0x80) return { bytes: ascii[codePoint] as number[], length };
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) return { bytes: [0xc0 | (codePoint >> 6), last], length };
  const third = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x10000) return { bytes: [0xe0 | (codePoint >> 12), third, last], length };
  return { bytes: [0xf0 | (codePoint >> 18), 0x80 | ((codePoint >> 12) & 0x3f), third, last], length };
}

/** The number that the digits stand for; undefined if there are none, or if other characters are among them. */
function number(source: Buffer, start: number, end: number, base: 10 | 16): number | undefined {
  if (start === end) return undefined;
  let result = 0;
  for (let at = start; at < end; at += 1) {
    const value = digit(source[at], base);
    if (value === undefined) return undefined;
    result = result * base + value;
  }
  return result;
}

function endOfDigits(source: Buffer, start: number, base: 10 | 16): number {
  let end = start;
  while (end - start < mostDigits && digit(source[end], base) !== undefined) end += 1;
  return end;
}

function digit(byte: number | undefined, base: 10 | 16): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return base === 16 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
