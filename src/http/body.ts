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
  /** Its codings are known, and the data is invalid in one of them. */
  readonly undecodable?: true;
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

/**
 * With its codings undone, the last one first, if they are known and the data is valid; otherwise as received. `codings` is the value of
 * Content-Encoding (RFC 9110 section 8.4).
 */
export async function bodyOf({ bytes, length, cut }: Received, codings: string): Promise<Body> {
  const asReceived = { bytes, length: Math.min(length, readLimit), cut };
  const named = codings
    .toLowerCase()
    .split(',')
    .flatMap((each) => each.trim() || []);
  const layers = named.filter((each) => each !== 'identity').reverse();
  const canDecode = layers.length > 0 && layers.length <= mostLayers && layers.every((each) => Object.hasOwn(decoders, each));
  if (!canDecode || length === 0) return asReceived;
  let unpacked = bytes;
  let isWhole = length <= bytes.length;
  for (const layer of layers) {
    const next = await unpack(unpacked, (decoders[layer] as () => Transform)(), isWhole);
    if (next === undefined) return { ...asReceived, undecodable: true };
    isWhole &&= next.length <= bodyLimit;
    unpacked = next.subarray(0, bodyLimit);
  }
  return { bytes: unpacked, length: unpacked.length, cut: !isWhole };
}

/** A host that lists more codings only keeps its client busy: the body is kept as received. */
const mostLayers = 3;

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
