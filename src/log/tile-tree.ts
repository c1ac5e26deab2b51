import { OvnError } from '../errors.ts';
import { consistencyRanges, inclusionRanges, type Range, subtreesOf } from './ranges.ts';
import { edgeTile, TILE_WIDTH, type Tile, tileName } from './tile.ts';
import { readEntries, readHashes, type TileReader } from './tile-reader.ts';
import { readEdge, type TreeEdge } from './tree-edge.ts';
import { emptyRoot, HASH_SIZE, hashAt, isSameHash, nodeHash, rootOfHashes } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';

/** Full tiles that are kept once they are checked: 512 KiB, and what walking a log needs is one a level. */
const MOST_TILES = 64;

/** An entry and its place in the log. */
export interface IndexedEntry {
  index: number;
  bytes: Uint8Array;
}

/**
 * A Merkle tree over C2SP tiles, of which only those are read that an answer needs. Nothing is given out that
 * the head's root does not vouch for: the tiles of the right edge give the root, and every full tile the hash
 * that stands for it one level up. Methods throw OvnError `not-found` or `malformed` for a tile, and
 * `refused` for one that is not of this tree, naming it.
 */
export class TileTree {
  readonly head: TreeHead;
  readonly #edge: TreeEdge;
  readonly #read: TileReader;
  readonly #checked = new Map<string, Promise<Uint8Array>>();

  private constructor(head: TreeHead, edge: TreeEdge, read: TileReader) {
    this.head = head;
    this.#edge = edge;
    this.#read = read;
  }

  /** Reads the right edge, one small tile a level, and checks it against the head. */
  static async open(head: TreeHead, read: TileReader): Promise<TileTree> {
    return new TileTree(head, await readEdge(head, read), read);
  }

  /** The root that the tree had when it had so many entries. */
  async rootAt(size: number): Promise<Uint8Array> {
    this.#requireSize(size);
    return size === 0 ? emptyRoot() : this.#hashOf({ start: 0, end: size });
  }

  /** Proof that entry `index` is in the tree of the first `size` entries (RFC 6962, section 2.1.1). */
  async inclusionProof(index: number, size: number): Promise<Uint8Array[]> {
    this.#requireSize(size);
    return this.#hashesOf(inclusionRanges(index, size));
  }

  /**
   * Proof that the tree of the first `older` entries is a prefix of that of the first `newer` (RFC 6962,
   * section 2.1.2).
   */
  async consistencyProof(older: number, newer: number): Promise<Uint8Array[]> {
    this.#requireSize(newer);
    return this.#hashesOf(consistencyRanges(older, newer));
  }

  /** One entry's bytes. */
  async entry(index: number): Promise<Uint8Array> {
    for await (const { bytes } of this.entries(index, index + 1)) return bytes;
    throw new RangeError(`the log has no entry ${index}`);
  }

  /**
   * The entries from one on, before another one (all, unless said otherwise), in order. Each bundle is read
   * once.
   */
  async *entries(from: number, to = this.head.size): AsyncGenerator<IndexedEntry> {
    this.#requireSize(from);
    this.#requireSize(to);
    for (let index = from; index < to; ) {
      const bundle = this.#tileOf('entries', index);
      const entries = await readEntries(bundle, await this.#hashes({ ...bundle, level: 0 }), this.#read);
      const first = bundle.index * TILE_WIDTH;
      const last = Math.min(to, first + entries.length);
      for (; index < last; index++) yield { index, bytes: entries[index - first] ?? new Uint8Array(0) };
    }
  }

  #hashesOf(ranges: readonly Range[]): Promise<Uint8Array[]> {
    return Promise.all(ranges.map((range) => this.#hashOf(range)));
  }

  async #hashOf(range: Range): Promise<Uint8Array> {
    const hashes = await Promise.all(subtreesOf(range).map((subtree) => this.#subtreeHash(subtree)));
    return hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** Hash of a complete subtree, from the tile that holds the hashes just below it or its own. */
  async #subtreeHash({ start, end }: Range): Promise<Uint8Array> {
    let level = 0;
    let span = 1;
    for (; span * TILE_WIDTH <= end - start; span *= TILE_WIDTH) level++;
    const first = start / span;
    const tile = this.#tileOf(level, first);
    const at = (first - tile.index * TILE_WIDTH) * HASH_SIZE;
    const hashes = await this.#hashes(tile);
    return rootOfHashes(hashes.subarray(at, at + ((end - start) / span) * HASH_SIZE));
  }

  /** The hashes of a tile, authenticated. One that is being read is not read again. */
  #hashes(tile: Tile): Promise<Uint8Array> | Uint8Array {
    if (tile.width < TILE_WIDTH) return this.#edge[Number(tile.level)] ?? new Uint8Array(0);
    const name = tileName(tile);
    const known = this.#checked.get(name);
    if (known !== undefined) return known;
    const hashes = this.#readChecked(tile);
    this.#keep(name, hashes);
    hashes.catch(() => this.#checked.delete(name));
    return hashes;
  }

  async #readChecked(tile: Tile): Promise<Uint8Array> {
    const hashes = await readHashes(tile, this.#read);
    if (isSameHash(rootOfHashes(hashes), await this.#hashAbove(tile))) return hashes;
    throw new OvnError('refused', `${tileName(tile)} is not of the log of ${this.head.size} entries`);
  }

  /** The hash that stands for a full tile one level up. */
  async #hashAbove({ level, index }: Tile): Promise<Uint8Array> {
    const above = this.#tileOf(Number(level) + 1, index);
    return hashAt(await this.#hashes(above), index % TILE_WIDTH);
  }

  /** The tile that holds the `at`th hash (or entry) of a level. */
  #tileOf(level: Tile['level'], at: number): Tile {
    const edge = edgeTile(this.head.size, level);
    const index = Math.floor(at / TILE_WIDTH);
    return index === edge.index ? edge : { level, index, width: TILE_WIDTH };
  }

  #keep(name: string, hashes: Promise<Uint8Array>): void {
    const [oldest] = this.#checked.keys();
    if (oldest !== undefined && this.#checked.size >= MOST_TILES) this.#checked.delete(oldest);
    this.#checked.set(name, hashes);
  }

  #requireSize(size: number): void {
    if (Number.isSafeInteger(size) && size >= 0 && size <= this.head.size) return;
    throw new RangeError(`${size} is no size of a log of ${this.head.size} entries`);
  }
}
