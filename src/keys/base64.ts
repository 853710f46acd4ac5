/** Decodes the base64 and base64url in a text: data URIs, files embedded in a page, bodies in JSON. */
import type { Span } from './forms.ts';
import type { Decode } from './reading.ts';

/** Runs of base64 characters of at least this length are decoded. A key in a shorter run is found by its form or not at all. */
const shortestBase64 = 24;

/** A line of at least this length may continue on the next one (MIME breaks lines at 76 characters, PEM at 64). */
const shortestWrapped = 60;

const alphabet = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')) alphabet[byte] = 1;

/** Each run becomes a part. It is decoded from its first character: base64 that directly follows other letters is decoded wrongly. */
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

/** The start of the run that contains the byte before `at`; `at` if there is none. Not before `limit`. */
export function startOfBase64(source: Buffer, at: number, limit: number): number {
  let start = at;
  while (start > limit && alphabet[source[start - 1] as number] === 1) start -= 1;
  return start;
}

/** The end of the run that begins at `at`; `at` if there is none. */
export function endOfBase64(source: Buffer, at: number): number {
  let end = at;
  while (end < source.length && alphabet[source[end] as number] === 1) end += 1;
  return end;
}

/** The next line of a wrapped run. Each line except the last consists of whole groups of four. */
function lineAfter(source: Buffer, line: Span | undefined): Span | undefined {
  if (line === undefined || line.end - line.start < shortestWrapped || (line.end - line.start) % 4 !== 0) return undefined;
  const feed = line.end + (source[line.end] === 0x0d ? 1 : 0);
  if (source[feed] !== 0x0a || alphabet[source[feed + 1] ?? 0] === 0) return undefined;
  return { start: feed + 1, end: endOfBase64(source, feed + 1) };
}
