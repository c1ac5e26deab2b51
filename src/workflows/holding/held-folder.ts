import type { CID } from 'multiformats/cid';
import type { Link } from '../../unixfs/block.ts';

/** What is held of an edition, as a mirror records it. */
export interface HeldParts {
  /** Roots with all that they reach, and the bytes of the blocks that no part before brought. */
  parts: { cid: string; bytes: number }[];
  /** Multihashes of single blocks. */
  blocks: Uint8Array[];
}

/** A directory of which at least its own blocks are held. It is whole until something below it is left out. */
export class HeldFolder {
  readonly link: Link;
  readonly #parent: HeldFolder | undefined;
  readonly #blocks: Uint8Array[] = [];
  readonly #dags: { cid: CID; bytes: number }[] = [];
  readonly #folders: HeldFolder[] = [];
  #bytes = 0;
  #isWhole = true;

  constructor(link: Link, parent?: HeldFolder) {
    this.link = link;
    this.#parent = parent;
  }

  /** Whether all that it reaches is held. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Its own blocks and those of its pages: held whether it is whole or not. */
  addBlocks(multihashes: Iterable<Uint8Array>, bytes: number): void {
    for (const multihash of multihashes) this.#blocks.push(multihash);
    this.#bytes += bytes;
  }

  /** Something in it that is held with all that it reaches. */
  addDag(cid: CID, bytes: number): void {
    this.#dags.push({ cid, bytes });
    this.#bytes += bytes;
  }

  addFolder(folder: HeldFolder): void {
    this.#folders.push(folder);
  }

  /** Notes that something in it is not held. */
  leaveOut(): void {
    for (let folder: HeldFolder | undefined = this; folder?.isWhole; folder = folder.#parent)
      folder.#isWhole = false;
  }

  /** The least roots and blocks that say what is held. */
  collect(): HeldParts {
    const parts = new Map<string, number>();
    const blocks: Uint8Array[] = [];
    this.#collect(parts, blocks);
    return { parts: [...parts].map(([cid, bytes]) => ({ cid, bytes })), blocks };
  }

  #collect(parts: Map<string, number>, blocks: Uint8Array[]): void {
    const add = (cid: CID, bytes: number): void => {
      const key = cid.toString();
      parts.set(key, (parts.get(key) ?? 0) + bytes);
    };
    if (this.isWhole) {
      add(this.link.cid, this.#sum());
      return;
    }
    for (const block of this.#blocks) blocks.push(block);
    for (const { cid, bytes } of this.#dags) add(cid, bytes);
    for (const folder of this.#folders) folder.#collect(parts, blocks);
  }

  #sum(): number {
    return this.#folders.reduce((sum, folder) => sum + folder.#sum(), this.#bytes);
  }
}
