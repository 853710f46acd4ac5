/** Takes keys out of a text that somebody else wrote: a host's answer, a child's output. */
import { StringDecoder } from 'node:string_decoder';
import type { Span } from './forms.ts';
import { createSearcher } from './searcher.ts';
import type { Secret } from './secret.ts';

/** What stands in a key's place. */
export const mark = '[masked]';

/** In characters. Of a longer line the rest is left out, so that a child that never ends its line does not fill the memory. */
export const longestLine = 4 * 1024 * 1024;

/** Returns the text with `[masked]` in the place of each secret: a searcher for the same secrets finds nothing in it. */
export type Mask = (text: string) => string;

export interface LineMasker {
  /** Takes what a child wrote, cut anywhere, and returns all lines that it completes, masked. */
  write(chunk: string | Buffer): string;
  /** The last line, if it did not end. */
  end(): string;
}

/** A masker of all forms that `createSearcher` knows. Refuses what that refuses. */
export function createMasker(secrets: readonly Secret[]): Mask {
  const searcher = createSearcher(secrets);
  return (text) => {
    const spans = searcher.spans(text);
    if (spans.length === 0) return text;
    const masked = replaced(Buffer.from(text), spans);
    // Where the mark is in a key, what stood before and behind can make that key together with it. Then nothing of the text is kept.
    return searcher.finds(masked) ? mark : masked;
  };
}

/** Masks a stream line by line: a line is held back until it has ended, by a line feed or a carriage return. */
export function maskLines(mask: Mask): LineMasker {
  const decoder = new StringDecoder();
  let held = '';
  let cut = false;

  return {
    write: (chunk) => {
      let text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
      if (cut) {
        const lineEnd = text.search(/[\r\n]/);
        if (lineEnd === -1) return '';
        text = text.slice(lineEnd);
        cut = false;
      }
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
      const lines = end === 0 ? '' : mask(held + text.slice(0, end));
      held = end === 0 ? held + text : text.slice(end);
      if (held.length <= longestLine) return lines;
      const begun = mask(held.slice(0, longestLine));
      held = '';
      cut = true;
      return `${lines}${begun} [line cut]`;
    },
    end: () => mask(held + decoder.end()),
  };
}

/** Whether a secret, or a run of it that counts, occurs in what every run publishes: then it could not be searched for. */
export function occursIn(secret: Secret, text: string): boolean {
  const searcher = createSearcher([secret]);
  return searcher.finds(text) || searcher.finds(mark);
}

function replaced(bytes: Buffer, spans: readonly Span[]): string {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    parts.push(bytes.subarray(done, start), Buffer.from(mark));
    done = end;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]).toString();
}
