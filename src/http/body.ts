/** The body of an answer after content decoding (RFC 9110 section 8.4). How much is read, decompressed and kept is bounded. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const mebibyte = 1024 * 1024;
/** How much of a body is read, in bytes. A longer body is cut, and its connection is closed. */
export const readLimit = 8 * mebibyte;
/** How much of a body is kept, in bytes. No more than that is decompressed, so a small body that expands to a large one costs no more. */
export const bodyLimit = mebibyte;

export interface Body {
  /** The part that is kept. */
  readonly bytes: Buffer;
  /** In bytes, including those that are not kept. If the body is cut: as far as it was read. */
  readonly length: number;
  /** The body was longer. */
  readonly cut: boolean;
}

/** The bytes received over the connection: at most `bodyLimit` of them, and how many there were. */
export interface Received {
  readonly bytes: Buffer;
  readonly length: number;
  readonly cut: boolean;
}

/** Large chunks, because each one occupies a thread of the pool. In bytes. */
const pieces = { chunkSize: 256 * 1024 };
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(pieces),
  'x-gzip': () => createGunzip(pieces),
  deflate: () => createInflate(pieces),
  br: () => createBrotliDecompress(pieces),
};

/** Decompressed if the coding is known and the data is valid; otherwise as received. `coding` is the value of Content-Encoding. */
export async function bodyOf({ bytes, length, cut }: Received, coding: string | undefined): Promise<Body> {
  const decoder = decoders[coding?.trim().toLowerCase() ?? ''];
  const asItCame = { bytes, length: Math.min(length, readLimit), cut };
  if (decoder === undefined || length === 0) return asItCame;
  const isWhole = length <= bytes.length;
  const unpacked = await unpack(bytes, decoder(), isWhole);
  if (unpacked === undefined) return asItCame;
  const kept = unpacked.subarray(0, bodyLimit);
  return { bytes: kept, length: kept.length, cut: !isWhole || unpacked.length > bodyLimit };
}

/** At most slightly more than `bodyLimit` bytes; undefined if the data is invalid. If only the beginning is known, an early end is valid. */
function unpack(packed: Buffer, decoder: Transform, isWhole: boolean): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const unpacked: Buffer[] = [];
    let bytes = 0;
    decoder.on('data', (piece: Buffer) => {
      unpacked.push(piece);
      bytes += piece.length;
      if (bytes <= bodyLimit) return;
      resolve(Buffer.concat(unpacked));
      decoder.destroy();
    });
    decoder.once('end', () => resolve(Buffer.concat(unpacked)));
    decoder.once('error', () => resolve(isWhole || bytes === 0 ? undefined : Buffer.concat(unpacked)));
    decoder.end(packed);
  });
}
