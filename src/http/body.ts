/** The body of an answer after content decoding (RFC 9110 section 8.4), bounded in what is read, unpacked and kept, whatever a host sends. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const mebibyte = 1024 * 1024;
/** How much of a body is read, in bytes: a longer one is cut, and its connection closed. */
export const readLimit = 8 * mebibyte;
/** How much of a body is kept, in bytes; as much is unpacked, so that a small body that unpacks to a large one costs no more. */
export const bodyLimit = mebibyte;

export interface Body {
  /** As much as is kept. */
  readonly bytes: Buffer;
  /** In bytes, those that are not kept among them; where the body is cut, as far as it was looked at. */
  readonly length: number;
  /** There was more. */
  readonly cut: boolean;
}

/** What came over the connection: at most `bodyLimit` bytes of it, and how many there were. */
export interface Received {
  readonly bytes: Buffer;
  readonly length: number;
  readonly cut: boolean;
}

/** Large pieces: each takes a turn of another thread. In bytes. */
const pieces = { chunkSize: 256 * 1024 };
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(pieces),
  'x-gzip': () => createGunzip(pieces),
  deflate: () => createInflate(pieces),
  br: () => createBrotliDecompress(pieces),
};

/** Unpacked where the coding is known and the data are sound; as it came otherwise. `coding` is the value of Content-Encoding. */
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

/** At most a little more than `bodyLimit`; undefined where the data are broken. What is not whole ends in the middle, which is no break. */
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
