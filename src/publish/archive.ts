/** Opens zip and gzip, so that everything in them can be searched. What cannot be opened is an error that says why. */
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { isSystemError } from '../system-error.ts';

/** Limit for one unpacked member, in bytes: 64 MiB. */
export const largestMember = 64 * 1024 * 1024;

/** Limit for everything that one file unpacks to, in bytes: 256 MiB. */
export const mostUnpacked = 256 * 1024 * 1024;

/** How deep nested archives are opened: a file in a zip, in a zip, in a zip. */
export const archiveDepth = 3;

export interface Member {
  /** Empty in gzip. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Why something cannot be searched, in a phrase. */
export class Unsearchable extends Error {
  override readonly name = 'Unsearchable';
}

/** Whether the bytes begin like an archive: one that can be opened, or one of a kind that cannot. */
export function isArchive(bytes: Buffer): boolean {
  return kindOf(bytes) !== undefined;
}

/** Throws Unsearchable for an archive that is broken, encrypted, too large, of another kind, or holds bytes that belong to no member. */
export function* membersOf(archive: Buffer): Generator<Member> {
  const kind = kindOf(archive);
  if (kind === 'gzip') yield { name: '', bytes: gunzipped(archive) };
  else if (kind === 'zip') yield* zipMembers(archive);
  else throw new Unsearchable(`${kind} cannot be opened`);
}

const signatures = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['gzip', '\x1f\x8b\x08'],
  ['bzip2', 'BZh91AY&SY'],
  ['xz', '\xfd7zXZ\0'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['rar', 'Rar!\x1a\x07'],
] as const;

function kindOf(bytes: Buffer): (typeof signatures)[number][0] | undefined {
  const start = bytes.toString('latin1', 0, 10);
  return signatures.find(([, signature]) => start.startsWith(signature))?.[0];
}

function gunzipped(archive: Buffer): Buffer {
  const options = { maxOutputLength: largestMember, info: true };
  // With `info` the result also tells how much was read, which the types do not know.
  const { buffer, engine } = unpacked(() => gunzipSync(archive, options)) as unknown as {
    buffer: Buffer;
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten < archive.length) throw new Unsearchable('gzip with bytes that belong to no member');
  return buffer;
}

const endLength = 22;
const entryLength = 46;
const headerLength = 30;

/** A data descriptor of at most this many bytes may follow a member. */
const longestDescriptor = 24;

/** Reads the central directory (APPNOTE.TXT, sections 4.3.7, 4.3.12, 4.3.16) and makes sure that the file holds nothing that it does not list. */
function* zipMembers(zip: Buffer): Generator<Member> {
  const end = zip.lastIndexOf('PK\x05\x06');
  if (end === -1 || end + endLength > zip.length) throw new Unsearchable('broken zip: no end of the central directory');
  const entries = entriesOf(zip, end);
  let searched = 0;
  for (const { name, method, start, size, offset } of entries.toSorted((one, other) => one.offset - other.offset)) {
    if (offset < searched || offset > searched + longestDescriptor) throw new Unsearchable('zip with bytes that belong to no member');
    searched = start + size;
    if (searched > end) throw new Unsearchable('broken zip: cut short');
    const packed = zip.subarray(start, searched);
    if (method === 'deflated') yield { name, bytes: unpacked(() => inflateRawSync(packed, { maxOutputLength: largestMember })) };
    else yield { name, bytes: packed };
  }
  const directory = zip.readUInt32LE(end + 16);
  if (directory < searched || directory > searched + longestDescriptor) throw new Unsearchable('zip with bytes that belong to no member');
}

interface Entry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Of its local header. */
  readonly offset: number;
  /** Of its packed bytes. */
  readonly start: number;
  readonly size: number;
}

function entriesOf(zip: Buffer, end: number): readonly Entry[] {
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (at + entryLength > end || zip.toString('latin1', at, at + 4) !== 'PK\x01\x02')
      throw new Unsearchable('broken zip: no entry where one is listed');
    if ((zip.readUInt16LE(at + 8) & 1) !== 0) throw new Unsearchable('encrypted zip');
    const method = zip.readUInt16LE(at + 10);
    if (method !== 0 && method !== 8) throw new Unsearchable(`zip with an unsupported compression method (${method})`);
    const offset = zip.readUInt32LE(at + 42);
    if (offset + headerLength > end) throw new Unsearchable('broken zip: cut short');
    const nameEnd = at + entryLength + zip.readUInt16LE(at + 28);
    entries.push({
      name: zip.toString('utf8', at + entryLength, Math.min(nameEnd, end)),
      method: method === 0 ? 'stored' : 'deflated',
      offset,
      start: offset + headerLength + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28),
      size: zip.readUInt32LE(at + 20),
    });
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== end) throw new Unsearchable('zip with bytes that belong to no member');
  return entries;
}

function unpacked(unpack: () => Buffer): Buffer {
  try {
    return unpack();
  } catch (error) {
    const tooLarge = isSystemError(error) && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new Unsearchable(tooLarge ? `a member is larger than ${largestMember / 1024 / 1024} MiB` : 'broken archive: cannot be unpacked');
  }
}
