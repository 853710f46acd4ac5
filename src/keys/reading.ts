/** Bytes as they are, or decoded, with the way back from each position to the original bytes. */
import type { Span } from './forms.ts';

export interface Reading {
  readonly bytes: Buffer;
  /** Pieces that were decoded as a whole and may be files of their own. */
  readonly parts: readonly Buffer[];
  /** The range of the original bytes for a range of this reading. */
  origin(span: Span): Span;
}

/** Bytes as they are. */
export function asIs(bytes: Buffer): Reading {
  return { bytes, parts: [], origin: (span) => span };
}

/** Decodes a source in its order. The result must not be longer than the source. */
export type Decode = (source: Buffer, into: Decoding) => void;

/** Undefined if there is nothing to decode. */
export function decoded(source: Buffer, decode: Decode): Reading | undefined {
  const decoding = new Decoding(source);
  decode(source, decoding);
  if (decoding.isEmpty) return undefined;
  let pieces: readonly Piece[] | undefined;
  return {
    bytes: decoding.bytes,
    parts: decoding.parts,
    origin: (span) => {
      // Rarely needed and costly to store, so the source is decoded again.
      pieces ??= piecesOf(source, decode);
      return originOf(span, pieces);
    },
  };
}

interface Piece {
  /** Its start in the decoded bytes. */
  readonly at: number;
  /** Its range in the source. */
  readonly from: number;
  readonly to: number;
  /** How many decoded bytes stand for how many bytes of the source. */
  readonly ratio: readonly [decoded: number, source: number];
}

/** A byte that never occurs in UTF-8, between pieces that do not belong together. */
const separator = 0xff;

/** Up to this many bytes are copied faster one by one. */
const shortCopy = 64;

const valueInBase64 = new Uint8Array(256);
for (const [index, pair] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '+-', '/_'].entries()) {
  for (const byte of Buffer.from(pair)) valueInBase64[byte] = index;
}

class Decoding {
  readonly parts: Buffer[] = [];
  readonly #source: Buffer;
  readonly #pieces: Piece[] | undefined;
  #decoded: Buffer | undefined;
  #length = 0;

  /** @param pieces If given, receives the origin of each decoded piece. */
  constructor(source: Buffer, pieces?: Piece[]) {
    this.#source = source;
    this.#pieces = pieces;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get bytes(): Buffer {
    return this.#buffer().subarray(0, this.#length);
  }

  copy(from: number, to: number): void {
    if (from === to) return;
    this.#pieces?.push({ at: this.#length, from, to, ratio: [1, 1] });
    const buffer = this.#buffer();
    if (to - from > shortCopy) {
      this.#length += this.#source.copy(buffer, this.#length, from, to);
    } else {
      for (let at = from; at < to; at += 1) buffer[this.#length++] = this.#source[at] as number;
    }
  }

  /** Writes bytes that together stand for this range of the source. */
  write(bytes: readonly number[], from: number, to: number): void {
    this.#pieces?.push({ at: this.#length, from, to, ratio: [bytes.length, to - from] });
    const buffer = this.#buffer();
    for (const byte of bytes) buffer[this.#length++] = byte;
  }

  /** Decodes ranges of base64 or base64url to one part. Only the last group of a range may have fewer than four characters. */
  writeBase64(stretches: readonly Span[]): void {
    const source = this.#source;
    const buffer = this.#buffer();
    const part = this.#length;
    for (const { start, end } of stretches) {
      this.#pieces?.push({ at: this.#length, from: start, to: end, ratio: [3, 4] });
      let length = this.#length;
      for (let at = start; at < end; at += 4) {
        const bits =
          ((valueInBase64[source[at] as number] as number) << 18) |
          ((valueInBase64[source[at + 1] as number] as number) << 12) |
          ((valueInBase64[source[at + 2] as number] as number) << 6) |
          (valueInBase64[source[at + 3] as number] as number);
        buffer[length] = bits >> 16;
        buffer[length + 1] = bits >> 8;
        buffer[length + 2] = bits;
        length += 3;
      }
      // Bytes decoded from beyond the end of the last group do not count.
      this.#length += Math.floor(((end - start) * 3) / 4);
    }
    this.parts.push(buffer.subarray(part, this.#length));
  }

  separate(): void {
    if (this.#length > 0) this.#buffer()[this.#length++] = separator;
  }

  #buffer(): Buffer {
    this.#decoded ??= Buffer.allocUnsafe(this.#source.length);
    return this.#decoded;
  }
}

function piecesOf(source: Buffer, decode: Decode): readonly Piece[] {
  const pieces: Piece[] = [];
  decode(source, new Decoding(source, pieces));
  return pieces;
}

function originOf({ start, end }: Span, pieces: readonly Piece[]): Span {
  const first = pieceAt(start, pieces);
  const last = pieceAt(end - 1, pieces);
  return {
    start: first.from + Math.floor((start - first.at) / first.ratio[0]) * first.ratio[1],
    end: Math.min(last.to, last.from + Math.ceil((end - last.at) / last.ratio[0]) * last.ratio[1]),
  };
}

function pieceAt(position: number, pieces: readonly Piece[]): Piece {
  let low = 0;
  let high = pieces.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((pieces[middle] as Piece).at <= position) low = middle;
    else high = middle;
  }
  return pieces[low] as Piece;
}
