import type { CID } from 'multiformats/cid';
import type { RetrieveStore } from '../../node/retrieve/retrieve-options.ts';
import type { FetchStore } from '../../repo/fetch-store.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Scratch } from '../../repo/scratch.ts';
import type { Block } from '../../unixfs/block.ts';
import { cidKey, verifyBlock } from '../../unixfs/hash.ts';

/** Where blocks are put that are not believed yet, or not whole yet. */
type Place = Pick<Scratch, 'put' | 'get'> & Partial<Pick<FetchStore, 'has' | 'isNew'>>;

/** Blocks that are copied at once. */
const BATCH = 64;

/** What is at hand while a publication is synced: what has come in, and what the repository holds. */
export class Stock implements RetrieveStore {
  readonly #place: Place;
  readonly #repository: Pick<Repository, 'blockstore' | 'pins'>;
  readonly #here = new Map<string, CID>();
  readonly #taken = { blocks: 0, bytes: 0 };

  constructor(place: Place, repository: Pick<Repository, 'blockstore' | 'pins'>) {
    this.#place = place;
    this.#repository = repository;
  }

  /** Blocks and bytes that came in. */
  get taken(): { blocks: number; bytes: number } {
    return { ...this.#taken };
  }

  has(cid: CID): boolean {
    return (
      this.#here.has(cidKey(cid)) || this.#place.has?.(cid) === true || this.#repository.blockstore.has(cid)
    );
  }

  isWhole(cid: CID): boolean {
    return this.#repository.pins.isComplete(cid);
  }

  /** What an earlier try left is hashed again: it may have been written by a process that died, to a disk that lost power. */
  readonly read = async (cid: CID): Promise<Uint8Array | undefined> => {
    const bytes = this.#place.get(cid);
    const isOurs = this.#place.isNew !== false;
    if (bytes !== undefined && (isOurs || verifyBlock(cid, bytes))) return bytes;
    return this.#repository.blockstore.getBytes(cid);
  };

  put(blocks: readonly Block[]): void {
    this.#keep(blocks);
    this.#taken.blocks += blocks.length;
    for (const { bytes } of blocks) this.#taken.bytes += bytes.length;
  }

  /** Takes over what came in elsewhere, and was counted there. */
  async adopt(other: Stock): Promise<void> {
    let batch: Block[] = [];
    for (const cid of other.#here.values()) {
      const bytes = await other.read(cid);
      if (bytes !== undefined) batch.push({ cid, bytes });
      if (batch.length < BATCH) continue;
      this.#keep(batch);
      batch = [];
    }
    this.#keep(batch);
  }

  #keep(blocks: readonly Block[]): void {
    this.#place.put(blocks);
    for (const { cid } of blocks) this.#here.set(cidKey(cid), cid);
  }
}
