/** Masks keys in foreign text: a host's answer, a child process's output. */
import { StringDecoder } from 'node:string_decoder';
import type { Span } from './forms.ts';
import { createSearcher } from './searcher.ts';
import type { Secret } from './secret.ts';

/** Replaces a key. */
export const mark = '[masked]';

/** In characters. The rest of a longer line is dropped, so that a child process that never ends its line cannot fill the memory. */
export const longestLine = 4 * 1024 * 1024;

/** Replaces each secret in a text by `[masked]`. A searcher for the same secrets finds nothing in the result. */
export type Mask = (text: string) => string;

export interface LineMasker {
  /** Takes the next chunk of output, cut at any byte. Returns the lines that it completes, masked. */
  write(chunk: string | Buffer): string;
  /** Returns the last line if it did not end, masked. */
  end(): string;
}

/** Masks all forms that `createSearcher` finds. Throws what it throws. */
export function createMasker(secrets: readonly Secret[]): Mask {
  const searcher = createSearcher(secrets);
  return (text) => {
    const spans = searcher.spans(text);
    if (spans.length === 0) return text;
    const masked = replaced(Buffer.from(text), spans);
    // If a key contains the mark, the text around a mark may form that key again. Then nothing of the text is kept.
    return searcher.finds(masked) ? mark : masked;
  };
}

/** Masks a stream line by line. A line is held back until it ends with a line feed or a carriage return. */
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

/** Whether a secret, or a run of it that counts, occurs in what every run publishes. Then it could not be searched for. */
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
