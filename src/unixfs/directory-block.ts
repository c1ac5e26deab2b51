import type { Block, Link } from './block.ts';
import { CID_LENGTH, cidOfBytes, dagPbCid } from './hash.ts';
import { SHARD_LIMIT } from './profile.ts';
import { readVarint, varintLength, writeVarint } from './varint.ts';

/** One entry of a directory. */
export interface DirectoryEntry extends Link {
  name: string;
}

/** UnixFS data of a directory without mode and mtime, as the node's last field: `Data = {Type: Directory}`. */
const DATA = Uint8Array.of(0x0a, 0x02, 0x08, 0x01);
const LINK = 0x12;
const HASH = 0x0a;
const NAME = 0x12;
const TSIZE = 0x18;

/**
 * The block of a directory that is not sharded, byte for byte as `@helia/unixfs` and Kubo make it (dag-pb, links sorted by the
 * bytes of their names), assembled directly because it is on the hot path of publishing. `size` is its Tsize.
 * @throws TypeError for a name that no directory may hold or that is there twice, RangeError above {@link SHARD_LIMIT}
 */
export function encodeDirectory(entries: Iterable<DirectoryEntry>): Block & Link {
  const sorted = sortEntries(entries);
  const length = directoryLength(sorted);
  if (length > SHARD_LIMIT) throw new RangeError(`a directory block of ${length} bytes has to be sharded`);
  const buffer = Buffer.allocUnsafeSlow(length);
  let offset = 0;
  let size = length;
  for (const entry of sorted) {
    offset = writeLink(buffer, offset, entry);
    size += entry.size;
  }
  buffer.set(DATA, offset);
  const bytes = new Uint8Array(buffer.buffer);
  return { cid: dagPbCid(bytes), bytes, size };
}

/**
 * The entries of a block that {@link encodeDirectory} would write byte for byte; `undefined` for any other, which may be a
 * directory all the same. Ten times as fast as a decoder of all that dag-pb can say: a log's folders have a thousand entries.
 */
export function decodeDirectory(block: Uint8Array): DirectoryEntry[] | undefined {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  const entries: DirectoryEntry[] = [];
  let before: string | undefined;
  let at = 0;
  for (const end = bytes.length - DATA.length; at < end; ) {
    const link = readLink(bytes, at);
    if (link === undefined || !isEntryName(link.entry.name)) return undefined;
    if (before !== undefined && compareNames(before, link.entry.name) >= 0) return undefined;
    before = link.entry.name;
    entries.push(link.entry);
    at = link.end;
  }
  return bytes.subarray(at).equals(DATA) ? entries : undefined;
}

/** A link as {@link writeLink} writes it, where it is one. */
function readLink(bytes: Buffer, start: number): { entry: DirectoryEntry; end: number } | undefined {
  if (bytes[start] !== LINK) return undefined;
  const length = readVarint(bytes, start + 1);
  const end = length.end + length.value;
  const cidStart = length.end + 2;
  if (end > bytes.length || bytes[length.end] !== HASH || bytes[cidStart - 1] !== CID_LENGTH)
    return undefined;
  const cid = cidOfBytes(bytes.subarray(cidStart, cidStart + CID_LENGTH));
  const nameAt = cidStart + CID_LENGTH;
  if (cid === undefined || bytes[nameAt] !== NAME) return undefined;
  const nameLength = readVarint(bytes, nameAt + 1);
  const sizeAt = nameLength.end + nameLength.value;
  if (sizeAt >= end || bytes[sizeAt] !== TSIZE) return undefined;
  const name = bytes.toString('utf8', nameLength.end, sizeAt);
  if (name.includes('\ufffd')) return undefined; // bytes that are no text may have become it
  const size = readVarint(bytes, sizeAt + 1);
  const entry = { name, cid, size: size.value };
  const isAsWritten = size.end === end && length.value === linkLength(entry, Buffer.byteLength(name));
  return isAsWritten && Buffer.byteLength(name) === nameLength.value ? { entry, end } : undefined;
}

/** Bytes of the flat block of these entries. */
export function directoryLength(entries: Iterable<DirectoryEntry>): number {
  let length = DATA.length;
  for (const entry of entries) {
    const link = linkLength(entry, Buffer.byteLength(entry.name));
    length += 1 + varintLength(link) + link;
  }
  return length;
}

/**
 * The entries in the order of a dag-pb block, checked.
 * @throws TypeError for a name that no directory may hold or that is there twice
 */
export function sortEntries(entries: Iterable<DirectoryEntry>): DirectoryEntry[] {
  const sorted = [...entries].sort((a, b) => compareNames(a.name, b.name));
  for (const [index, { name }] of sorted.entries()) {
    if (!isEntryName(name))
      throw new TypeError(`not a name for a directory's entry: ${JSON.stringify(name)}`);
    if (name === sorted[index - 1]?.name)
      throw new TypeError(`two entries are named ${JSON.stringify(name)}`);
  }
  return sorted;
}

/** Whether a directory may hold the name: what a path or a file system would read otherwise is refused. */
export function isEntryName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && name.isWellFormed();
}

/** Order of names by their UTF-8 bytes (dag-pb), which for strings is the order of code points. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above all code units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function linkLength({ cid, size }: Link, name: number): number {
  return (
    3 + varintLength(cid.bytes.length) + cid.bytes.length + varintLength(name) + name + varintLength(size)
  );
}

function writeLink(bytes: Buffer, at: number, { name, cid, size }: DirectoryEntry): number {
  const nameLength = Buffer.byteLength(name);
  bytes[at] = LINK;
  let offset = writeVarint(bytes, at + 1, linkLength({ cid, size }, nameLength));
  bytes[offset] = HASH;
  offset = writeVarint(bytes, offset + 1, cid.bytes.length);
  bytes.set(cid.bytes, offset);
  offset += cid.bytes.length;
  bytes[offset] = NAME;
  offset = writeVarint(bytes, offset + 1, nameLength);
  offset += bytes.write(name, offset);
  bytes[offset] = TSIZE;
  return writeVarint(bytes, offset + 1, size);
}
