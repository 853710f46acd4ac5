/** Finds keys in a text by value, in every form and encoding that a report, a log or an answer may use. */
import { decodeBase64 } from './base64.ts';
import { json, percent, unescaping, xml } from './escapes.ts';
import { formsOf, type Span } from './forms.ts';
import { asIs, type Decode, decoded, type Reading } from './reading.ts';
import { createScan, merged } from './scanner.ts';
import type { Secret } from './secret.ts';

/**
 * How many nested encodings are undone: a key in JSON in base64 in JSON has three. Escapes of several kinds count as one encoding, unless a
 * key contains a percent sign, a backslash or an ampersand: then each kind counts as one.
 */
const encodingDepth = 3;

export interface Searcher {
  /**
   * Whether the content contains a secret, or a run of it that counts.
   * @param part Called with each piece that was decoded from base64 and may be a file of its own, until something is found.
   */
  finds(content: string | Buffer, part?: (bytes: Buffer) => void): boolean;
  /** The ranges with secrets, in bytes of the content (a string in UTF-8), in order and not touching each other. */
  spans(content: string | Buffer): readonly Span[];
}

/**
 * Searches for all secrets at once: raw, reversed, in hex, in base64 and base64url after any text, as a printed Buffer, in UTF-16LE;
 * percent-encoded, JSON- or XML-escaped or in base64, nested up to `encodingDepth`; or 12 consecutive characters of one in any of these.
 * @throws RangeError for a secret of fewer than 8 characters.
 */
export function createSearcher(secrets: readonly Secret[]): Searcher {
  const forms = secrets.flatMap(formsOf);
  const scan = createScan(forms);
  const lengths = forms.flatMap(({ runs }) => runs.map(({ start, end }) => end - start));
  // A long key has more forms than a function may have arguments.
  const shortest = lengths.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const reach = lengths.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  // Normally one pass undoes all escapes. It would destroy a key that itself contains the first character of an escape; then each kind gets
  // its own pass.
  const kinds = [percent, json, xml];
  const ambiguous = secrets.some((secret) => kinds.some(({ first }) => secret.reveal().includes(first)));
  const decoders = [...(ambiguous ? kinds.map((kind) => unescaping([kind], reach)) : [unescaping(kinds, reach)]), decodeBase64];

  const readings = (content: string | Buffer): Iterable<Reading> => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return bytes.length < shortest ? [] : read(asIs(bytes), decoders, encodingDepth);
  };

  return {
    finds: (content, part = () => undefined) => {
      for (const { bytes, parts } of readings(content)) {
        if (scan(bytes, true).length > 0) return true;
        parts.forEach(part);
      }
      return false;
    },
    spans: (content) => {
      const spans: Span[] = [];
      for (const reading of readings(content)) spans.push(...scan(reading.bytes, false).map((span) => reading.origin(span)));
      return merged(spans);
    },
  };
}

function* read(reading: Reading, decoders: readonly Decode[], depth: number): Generator<Reading> {
  yield reading;
  if (depth === 0) return;
  for (const decode of decoders) {
    const next = decoded(reading.bytes, decode);
    if (next === undefined) continue;
    const { bytes, parts } = next;
    yield* read({ bytes, parts, origin: (span) => reading.origin(next.origin(span)) }, decoders, depth - 1);
  }
}
