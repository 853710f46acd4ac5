/** The forms in which a key can be written without escapes, and how much of each form counts as the key. */
import type { Secret } from './secret.ts';

/** This many consecutive characters (code points) of a key count as the key; of a shorter key, all of it. */
export const shortestRun = 12;

/** A range of bytes from `start`, up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Form {
  readonly bytes: Buffer;
  /** The shortest runs that count, as offsets in `bytes`: one for each character at which a run can begin, in order. */
  readonly runs: readonly Span[];
}

/** In characters. A shorter key would be found in texts that do not hold it. */
export const shortestKey = 8;

/** All distinct forms of a key. @throws RangeError for a key of fewer than 8 characters, which would be found everywhere. */
export function formsOf(secret: Secret): readonly Form[] {
  if (secret.length < shortestKey) throw new RangeError(`A key of fewer than ${shortestKey} characters cannot be searched for.`);
  const raw = secret.reveal();
  const characters = Array.from(raw, inBytes);
  const hex = characters.map((character) => Buffer.from(character, 'latin1').toString('hex'));
  const forms = [
    written(characters),
    // For a hex key, the other case is as good as the key; and it is sent as a wrong key.
    written(Array.from(raw.toUpperCase(), inBytes)),
    written(Array.from(raw.toLowerCase(), inBytes)),
    written(characters.toReversed()),
    written(hex),
    written(hex.map((digits) => digits.toUpperCase())),
    // As Node.js prints a Buffer, and as JSON does.
    written(
      hex.map((digits) => digits.replace(/..(?=.)/g, '$& ')),
      ' ',
    ),
    written(
      characters.map((character) => Array.from(character, (byte) => byte.charCodeAt(0)).join(',')),
      ',',
    ),
    // A space in a web form or a query.
    written(characters.map((character) => (character === ' ' ? '+' : character))),
    // UTF-8 read as Latin-1, as Node.js does with header values.
    written(characters.map(inBytes)),
    written(Array.from(raw, (character) => Buffer.from(character, 'utf16le').toString('latin1'))),
    ...[0, 1, 2].flatMap((before) => base64(characters, before)),
  ];
  return [...new Map(forms.map((form) => [form.bytes.toString('latin1'), form])).values()];
}

/** The UTF-8 bytes of a text, each as one character. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** A key with its characters written in this way. The separator stands between any two, but is not part of a run. */
function written(characters: readonly string[], separator = ''): Form {
  const runs = runsOf(characters.map(({ length }) => length + separator.length));
  return {
    bytes: Buffer.from(characters.join(separator), 'latin1'),
    runs: runs.map(({ start, end }) => ({ start, end: end - separator.length })),
  };
}

/** The key in base64 and base64url, after a text whose length modulo 3 is `before`. */
function base64(characters: readonly string[], before: number): readonly Form[] {
  const bytes = Buffer.from('\0'.repeat(before) + characters.join(''), 'latin1');
  // A base64 character is known if all its 6 bits belong to the key.
  const known = ({ start, end }: Span) => ({ start: Math.ceil(((before + start) * 8) / 6), end: Math.floor(((before + end) * 8) / 6) });
  const all = known({ start: 0, end: bytes.length - before });
  const runs = runsOf(characters.map(({ length }) => length))
    .map(known)
    .map(({ start, end }) => ({ start: start - all.start, end: end - all.start }));
  const text = bytes.toString('base64').slice(all.start, all.end);
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')].map((each) => ({ bytes: Buffer.from(each), runs }));
}

/** The position of each run of a key whose characters have these lengths in bytes. */
function runsOf(lengths: readonly number[]): readonly Span[] {
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length);
  const length = Math.min(shortestRun, lengths.length);
  return starts.slice(length).map((end, index) => ({ start: starts[index] ?? 0, end }));
}
