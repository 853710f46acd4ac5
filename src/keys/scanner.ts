/**
 * Searches for all forms of all keys in one pass (Wu and Manber, 1994). Each run that counts contains one of a few blocks of 6 bytes.
 * The last two bytes of a 6-byte window determine how far to skip to the next possible block, so most bytes are never read.
 */
import type { Form, Span } from './forms.ts';

const blockLength = 6;

interface Block {
  readonly form: Form;
  /** Its offset in the form. */
  readonly at: number;
}

/** Returns every range that is a form of a key or a run of one, in order and merged; with `once`, at most one. */
export type Scan = (bytes: Uint8Array, once: boolean) => readonly Span[];

/** Prepares a search for all these forms at once, which reads a text once. */
export function createScan(forms: readonly Form[]): Scan {
  const skip = new Uint8Array(0x10000).fill(blockLength - 1);
  const blocksByEnd = new Map<number, Block[]>();
  for (const block of forms.flatMap(blocksOf)) {
    for (let index = 1; index < blockLength; index += 1) {
      const pair = pairAt(block.form.bytes, block.at + index);
      skip[pair] = Math.min(skip[pair] as number, blockLength - 1 - index);
      if (index === blockLength - 1) blocksByEnd.set(pair, [...(blocksByEnd.get(pair) ?? []), block]);
    }
  }

  return (bytes, once) => {
    const spans: Span[] = [];
    let at = blockLength - 1;
    while (at < bytes.length) {
      const pair = pairAt(bytes, at);
      const step = skip[pair] as number;
      if (step > 0) {
        at += step;
        continue;
      }
      for (const block of blocksByEnd.get(pair) ?? []) {
        const span = runAround(block, bytes, at - blockLength + 1);
        if (span !== undefined) add(spans, span);
      }
      if (once && spans.length > 0) return spans;
      at += 1;
    }
    return merged(spans);
  };
}

/** Sorts ranges and joins those that overlap or touch. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.start - other.start)) add(result, span);
  return result;
}

function add(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last === undefined || span.start < last.start || span.start > last.end) spans.push(span);
  else spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
}

/** As few blocks as possible so that each run contains one. */
function blocksOf(form: Form): readonly Block[] {
  const blocks: Block[] = [];
  for (const run of form.runs) {
    const last = blocks.at(-1);
    if (last === undefined || last.at < run.start) blocks.push({ form, at: run.end - blockLength });
  }
  return blocks;
}

function pairAt(bytes: Uint8Array, end: number): number {
  return ((bytes[end - 1] as number) << 8) | (bytes[end] as number);
}

/** The range around a block in which the bytes match the form, reduced to runs that count. */
function runAround({ form, at }: Block, bytes: Uint8Array, position: number): Span | undefined {
  const offset = position - at;
  let end = at;
  while (end < form.bytes.length && form.bytes[end] === bytes[end + offset]) end += 1;
  if (end < at + blockLength) return undefined;
  let start = at;
  while (start > 0 && form.bytes[start - 1] === bytes[start - 1 + offset]) start -= 1;
  const first = form.runs.find((run) => run.start >= start);
  const last = form.runs.findLast((run) => run.end <= end);
  if (first === undefined || last === undefined || first.start > last.start) return undefined;
  return { start: first.start + offset, end: last.end + offset };
}
