/** Finds keys in a text by value, in every form and under every encoding that a report, a log or an answer may have given them. */
import { decodeBase64 } from './base64.ts';
import { json, percent, unescaping, xml } from './escapes.ts';
import { formsOf, type Span } from './forms.ts';
import { asIs, type Decode, decoded, type Reading } from './reading.ts';
import { createScan, merged } from './scanner.ts';
import type { Secret } from './secret.ts';

/**
 * So many encodings over one another are undone: a key in JSON in base64 in JSON has three. Escapes of several kinds side by side are one,
 * but in a text with a key that has a percent sign, a backslash or an ampersand each kind is one of its own.
 */
export const encodingDepth = 3;

export interface Searcher {
  /**
   * Whether a secret, or a run of it that counts, stands in the content.
   * @param part is told each piece that was decoded from base64 and may be a file of its own; only until something is found.
   */
  finds(content: string | Buffer, part?: (bytes: Buffer) => void): boolean;
  /** Where they stand, in bytes of the content (of a string in UTF-8), in order, none touching another. */
  spans(content: string | Buffer): readonly Span[];
}

/**
 * Looks for all secrets at once: raw, reversed, in hex, in base64 and base64url behind anything, as the bytes of a Buffer are printed,
 * in UTF-16LE; percent-encoded, JSON- or XML-escaped, in base64, over one another up to `encodingDepth`; or a run of 12 characters of that.
 * Refuses a secret of fewer than 8 characters with a RangeError.
 */
export function createSearcher(secrets: readonly Secret[]): Searcher {
  const forms = secrets.flatMap(formsOf);
  const scan = createScan(forms);
  const lengths = forms.flatMap(({ runs }) => runs.map(({ start, end }) => end - start));
  const shortest = Math.min(...lengths);
  const reach = Math.max(...lengths);
  // Escapes are undone all at once. A key that has the first character of one in it would be lost in that: for such a key, each kind by itself.
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
