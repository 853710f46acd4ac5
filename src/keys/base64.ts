/** Reads the base64 and base64url in a text: data URIs, files embedded in a page, bodies in JSON. */
import type { Span } from './forms.ts';
import type { Decode } from './reading.ts';

/** A run of the alphabet's characters of at least this length is decoded; a shorter one is found by its form or not at all. */
export const shortestBase64 = 24;

/** A line of at least this length may go on in the next one (MIME breaks at 76 characters, PEM at 64). */
const shortestWrapped = 60;

const alphabet = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')) alphabet[byte] = 1;

/** Each run becomes a part. It is read from its first character: base64 that stands behind other letters without a mark between is not read rightly. */
export const decodeBase64: Decode = (source, into) => {
  let done = 0;
  let at = shortestBase64 - 1;
  while (at < source.length) {
    if (alphabet[source[at] as number] === 0) {
      at += shortestBase64;
      continue;
    }
    const lines = [{ start: startOfBase64(source, at, done), end: endOfBase64(source, at) }];
    for (let next = lineAfter(source, lines.at(-1)); next !== undefined; next = lineAfter(source, next)) lines.push(next);
    done = lines.at(-1)?.end ?? at;
    at = done + shortestBase64;
    if (done - (lines[0]?.start ?? 0) < shortestBase64) continue;
    into.separate();
    into.writeBase64(lines);
  }
};

/** Where the run begins that the byte before `at` belongs to; `at` itself if to none. Not before `limit`. */
export function startOfBase64(source: Buffer, at: number, limit: number): number {
  let start = at;
  while (start > limit && alphabet[source[start - 1] as number] === 1) start -= 1;
  return start;
}

/** Where the run ends that begins at `at`; `at` itself if none does. */
export function endOfBase64(source: Buffer, at: number): number {
  let end = at;
  while (end < source.length && alphabet[source[end] as number] === 1) end += 1;
  return end;
}

/** The next line of a run that is broken into lines, each of whole groups of four but the last. */
function lineAfter(source: Buffer, line: Span | undefined): Span | undefined {
  if (line === undefined || line.end - line.start < shortestWrapped || (line.end - line.start) % 4 !== 0) return undefined;
  const feed = line.end + (source[line.end] === 0x0d ? 1 : 0);
  if (source[feed] !== 0x0a || alphabet[source[feed + 1] ?? 0] === 0) return undefined;
  return { start: feed + 1, end: endOfBase64(source, feed + 1) };
}
