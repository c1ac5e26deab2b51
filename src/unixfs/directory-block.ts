import type { Block, Link } from './block.ts';
import { dagPbCid } from './hash.ts';
import { SHARD_LIMIT } from './profile.ts';
import { varintLength, writeVarint } from './varint.ts';

/** One entry of a directory. */
export interface DirectoryEntry extends Link {
  name: string;
}

/** UnixFS data of a directory without mode and mtime, as the node's last field: `Data = {Type: Directory}`. */
export const DIRECTORY_DATA = Uint8Array.of(0x0a, 0x02, 0x08, 0x01);

/** The tags of a link and of its fields (dag-pb, `PBLink`). */
export const LINK_TAGS = { LINK: 0x12, HASH: 0x0a, NAME: 0x12, TSIZE: 0x18 } as const;

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
  buffer.set(DIRECTORY_DATA, offset);
  const bytes = new Uint8Array(buffer.buffer);
  return { cid: dagPbCid(bytes), bytes, size };
}

/** Bytes of the flat block of these entries. */
export function directoryLength(entries: Iterable<DirectoryEntry>): number {
  let length = DIRECTORY_DATA.length;
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

/** Bytes of a link behind its tag and length; `name`: bytes of its name. */
export function linkLength({ cid, size }: Link, name: number): number {
  return (
    3 + varintLength(cid.bytes.length) + cid.bytes.length + varintLength(name) + name + varintLength(size)
  );
}

/** Writes a link, and returns the offset behind it. */
export function writeLink(bytes: Buffer, at: number, { name, cid, size }: DirectoryEntry): number {
  const nameLength = Buffer.byteLength(name);
  bytes[at] = LINK_TAGS.LINK;
  let offset = writeVarint(bytes, at + 1, linkLength({ cid, size }, nameLength));
  bytes[offset] = LINK_TAGS.HASH;
  offset = writeVarint(bytes, offset + 1, cid.bytes.length);
  bytes.set(cid.bytes, offset);
  offset += cid.bytes.length;
  bytes[offset] = LINK_TAGS.NAME;
  offset = writeVarint(bytes, offset + 1, nameLength);
  offset += bytes.write(name, offset);
  bytes[offset] = LINK_TAGS.TSIZE;
  return writeVarint(bytes, offset + 1, size);
}
