import type { Block, Link } from './block.ts';
import {
  compareNames,
  DIRECTORY_DATA,
  type DirectoryEntry,
  isEntryName,
  LINK_TAGS,
  linkLength,
  writeLink,
} from './directory-block.ts';
import { CID_LENGTH, cidOfBytes, dagPbCid, isCidHead } from './hash.ts';
import { SHARD_LIMIT } from './profile.ts';
import { readVarint, varintLength } from './varint.ts';

/**
 * A directory of one block, byte for byte as `encodeDirectory` would write it, which decodes an entry when it is asked for and copies all
 * others when one is changed: a log's folders have a thousand entries, and a publication changes one.
 */
export class FlatDirectory {
  static readonly EMPTY = new FlatDirectory(Buffer.from(DIRECTORY_DATA), Uint32Array.of(0), 0);

  readonly #bytes: Buffer;
  /** Where each link begins, and where the last one ends. */
  readonly #starts: Uint32Array;
  /** The Tsizes of all entries together. */
  readonly #below: number;

  private constructor(bytes: Buffer, starts: Uint32Array, below: number) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.#below = below;
  }

  /** Reads a block; `undefined` for one that `encodeDirectory` would not write, which may be a directory all the same. */
  static parse(block: Uint8Array): FlatDirectory | undefined {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
    const end = bytes.length - DIRECTORY_DATA.length;
    if (end < 0 || bytes.compare(DIRECTORY_DATA, 0, DIRECTORY_DATA.length, end) !== 0) return undefined;
    const starts: number[] = [];
    let below = 0;
    let before: LinkLayout | undefined;
    for (let at = 0; at < end; ) {
      const link = layoutOf(bytes, at, end);
      if (link === undefined || !isName(bytes, link)) return undefined;
      if (before !== undefined && compareRanges(bytes, before, link) >= 0) return undefined;
      starts.push(at);
      below += link.size;
      before = link;
      at = link.end;
    }
    return new FlatDirectory(bytes, Uint32Array.of(...starts, end), below);
  }

  /** How many entries it has. */
  get length(): number {
    return this.#starts.length - 1;
  }

  /** Where an entry's link leads, if there is one of that name. */
  get(name: string): Link | undefined {
    const index = this.#search(name);
    if (index >= this.length || this.#nameAt(index) !== name) return undefined;
    const { cid, size } = this.#entryAt(index);
    return { cid, size };
  }

  /** All names, in the order of their bytes. */
  names(): string[] {
    return Array.from({ length: this.length }, (_, index) => this.#nameAt(index));
  }

  /** All entries, in the order of their names' bytes. */
  entries(): DirectoryEntry[] {
    return Array.from({ length: this.length }, (_, index) => this.#entryAt(index));
  }

  /**
   * The block of this directory with other links (`undefined`: without the entry), and its Tsize; `undefined` where it would be
   * larger than one block may be.
   * @throws TypeError for a name that no directory may hold
   */
  with(changes: ReadonlyMap<string, Link | undefined>): (Block & Link) | undefined {
    const edits = this.#editsOf(changes);
    const length = edits.reduce(
      (sum, edit) => sum + edit.length - (edit.until - edit.from),
      this.#bytes.length,
    );
    if (length > SHARD_LIMIT) return undefined;
    const below = edits.reduce((sum, { added, removed }) => sum + (added?.size ?? 0) - removed, this.#below);
    const bytes = new Uint8Array(length);
    const target = Buffer.from(bytes.buffer);
    let [read, written] = [0, 0];
    for (const { added, from, until } of edits) {
      written += this.#bytes.copy(target, written, read, from);
      if (added !== undefined) written = writeLink(target, written, added);
      read = until;
    }
    this.#bytes.copy(target, written, read);
    return { cid: dagPbCid(bytes), bytes, size: length + below };
  }

  /** What the changes put in place of which bytes, in order. */
  #editsOf(changes: ReadonlyMap<string, Link | undefined>): Edit[] {
    const edits: Edit[] = [];
    for (const name of [...changes.keys()].sort(compareNames)) {
      if (!isEntryName(name))
        throw new TypeError(`not a name for a directory's entry: ${JSON.stringify(name)}`);
      const link = changes.get(name);
      const added = link === undefined ? undefined : { name, cid: link.cid, size: link.size };
      const index = this.#search(name);
      const isThere = index < this.length && this.#nameAt(index) === name;
      edits.push({
        added,
        length: added === undefined ? 0 : wholeLength(linkLength(added, Buffer.byteLength(name))),
        removed: isThere ? this.#layoutAt(index).size : 0,
        from: this.#start(index),
        until: this.#start(isThere ? index + 1 : index),
      });
    }
    return edits;
  }

  /** The index of the first entry whose name is not less. */
  #search(name: string): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareNames(this.#nameAt(middle), name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  #layoutAt(index: number): LinkLayout {
    const layout = layoutOf(this.#bytes, this.#start(index), this.#start(index + 1));
    if (layout === undefined) throw new Error('a directory has changed in memory');
    return layout;
  }

  #nameAt(index: number): string {
    const { nameStart, nameEnd } = this.#layoutAt(index);
    return this.#bytes.toString('utf8', nameStart, nameEnd);
  }

  #entryAt(index: number): DirectoryEntry {
    const { cidStart, nameStart, nameEnd, size } = this.#layoutAt(index);
    const cid = cidOfBytes(this.#bytes.subarray(cidStart, cidStart + CID_LENGTH));
    if (cid === undefined) throw new Error('a directory has changed in memory');
    return { name: this.#bytes.toString('utf8', nameStart, nameEnd), cid, size };
  }
}

/** `added` in place of the bytes `from`..`until`; `length`: its bytes; `removed`: the Tsize of what was there. */
interface Edit {
  added: DirectoryEntry | undefined;
  length: number;
  removed: number;
  from: number;
  until: number;
}

/** Where the parts of a link lie in its block. */
interface LinkLayout {
  cidStart: number;
  nameStart: number;
  nameEnd: number;
  size: number;
  end: number;
}

/** The layout of a link as `writeLink` writes it, where one begins there and ends before `limit`; its name is not looked at. */
function layoutOf(bytes: Buffer, start: number, limit: number): LinkLayout | undefined {
  const { LINK, HASH, NAME, TSIZE } = LINK_TAGS;
  if (bytes[start] !== LINK) return undefined;
  const length = readVarint(bytes, start + 1);
  const end = length.end + length.value;
  const cidStart = length.end + 2;
  const nameTag = cidStart + CID_LENGTH;
  if (!(end <= limit) || bytes[length.end] !== HASH || bytes[cidStart - 1] !== CID_LENGTH) return undefined;
  if (!isCidHead(bytes, cidStart) || bytes[nameTag] !== NAME) return undefined;
  const nameLength = readVarint(bytes, nameTag + 1);
  const nameStart = nameLength.end;
  const nameEnd = nameStart + nameLength.value;
  if (!(nameEnd < end) || bytes[nameEnd] !== TSIZE) return undefined;
  const size = readVarint(bytes, nameEnd + 1);
  if (Number.isNaN(size.value) || size.end !== end || end - start !== wholeLength(end - length.end))
    return undefined;
  // Each varint has its shortest form where together they take no more than that.
  const shortest =
    3 + 1 + CID_LENGTH + varintLength(nameLength.value) + nameLength.value + varintLength(size.value);
  return end - length.end === shortest ? { cidStart, nameStart, nameEnd, size: size.value, end } : undefined;
}

/** Bytes of a link whose content takes so many. */
function wholeLength(content: number): number {
  return 1 + varintLength(content) + content;
}

function isName(bytes: Buffer, { nameStart, nameEnd }: LinkLayout): boolean {
  const name = bytes.toString('utf8', nameStart, nameEnd);
  // Bytes that are no text become U+FFFD.
  return isEntryName(name) && !name.includes('\ufffd');
}

function compareRanges(bytes: Buffer, a: LinkLayout, b: LinkLayout): number {
  return bytes.compare(bytes, b.nameStart, b.nameEnd, a.nameStart, a.nameEnd);
}
