/** The forms in which a key stands in a text when nothing in it is escaped, and how much of each counts as the key. */
import type { Secret } from './secret.ts';

/** A run of this many characters (code points) of a key counts as the key; of a shorter key, all of it. */
export const shortestRun = 12;

/** A stretch of bytes: from `start` up to, and without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Form {
  readonly bytes: Buffer;
  /** The shortest runs that count, as offsets in `bytes`; one for each character that a run can begin with, in order. */
  readonly runs: readonly Span[];
}

/** All forms of a key, each once. A key of fewer than 8 characters is refused with a RangeError: it would be found everywhere. */
export function formsOf(secret: Secret): readonly Form[] {
  if (secret.length < 8) throw new RangeError('a key of fewer than 8 characters cannot be searched for');
  const raw = secret.reveal();
  const characters = Array.from(raw, inBytes);
  const hex = characters.map((character) => Buffer.from(character, 'latin1').toString('hex'));
  const forms = [
    written(characters),
    written(characters.toReversed()),
    written(hex),
    written(hex.map((digits) => digits.toUpperCase())),
    // How Node.js prints a Buffer, and how JSON does.
    written(
      hex.map((digits) => digits.replace(/..(?=.)/g, '$& ')),
      ' ',
    ),
    written(
      characters.map((character) => Array.from(character, (byte) => byte.charCodeAt(0)).join(',')),
      ',',
    ),
    // A blank in a form, or in a query.
    written(characters.map((character) => (character === ' ' ? '+' : character))),
    // UTF-8 that was taken for Latin-1: a header's value in Node.js.
    written(characters.map(inBytes)),
    written(Array.from(raw, (character) => Buffer.from(character, 'utf16le').toString('latin1'))),
    ...[0, 1, 2].flatMap((before) => base64(characters, before)),
  ];
  return [...new Map(forms.map((form) => [form.bytes.toString('latin1'), form])).values()];
}

/** In UTF-8, each byte as a character. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** A key whose characters are written so. The separator stands between any two, but is no part of a run. */
function written(characters: readonly string[], separator = ''): Form {
  const runs = runsOf(characters.map(({ length }) => length + separator.length));
  return {
    bytes: Buffer.from(characters.join(separator), 'latin1'),
    runs: runs.map(({ start, end }) => ({ start, end: end - separator.length })),
  };
}

/** The key in base64 behind something whose length leaves the remainder `before` when divided by 3; in base64url as well, where it differs. */
function base64(characters: readonly string[], before: number): readonly Form[] {
  const bytes = Buffer.from('\0'.repeat(before) + characters.join(''), 'latin1');
  // A character of base64 is known when all its 6 bits belong to the key.
  const known = ({ start, end }: Span) => ({ start: Math.ceil(((before + start) * 8) / 6), end: Math.floor(((before + end) * 8) / 6) });
  const all = known({ start: 0, end: bytes.length - before });
  const runs = runsOf(characters.map(({ length }) => length))
    .map(known)
    .map(({ start, end }) => ({ start: start - all.start, end: end - all.start }));
  const text = bytes.toString('base64').slice(all.start, all.end);
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')].map((each) => ({ bytes: Buffer.from(each), runs }));
}

/** Where each run of a key lies whose characters have these lengths, in bytes. */
function runsOf(lengths: readonly number[]): readonly Span[] {
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length);
  const length = Math.min(shortestRun, lengths.length);
  return starts.slice(length).map((end, index) => ({ start: starts[index] ?? 0, end }));
}
