import type { CID } from 'multiformats/cid';
import type { RetrieveStore } from '../../node/retrieve/retrieve-options.ts';
import type { FetchStore } from '../../repo/fetch-store.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Scratch } from '../../repo/scratch.ts';
import type { Block } from '../../unixfs/block.ts';
import { cidKey, verifyBlock } from '../../unixfs/hash.ts';

/** Where blocks are put that are not believed yet, or not whole yet. */
type Place = Pick<Scratch, 'put' | 'get'> & Partial<Pick<FetchStore, 'has'>>;

/** Blocks that are copied at once. */
const BATCH = 64;

/** What is at hand while a publication is synced: what has come in, and what the repository holds. */
export class Stock implements RetrieveStore {
  readonly #place: Place;
  readonly #repository: Pick<Repository, 'blockstore' | 'pins'>;
  readonly #came = new Map<string, CID>();
  #bytes = 0;

  constructor(place: Place, repository: Pick<Repository, 'blockstore' | 'pins'>) {
    this.#place = place;
    this.#repository = repository;
  }

  /** Blocks and bytes that came in. */
  get taken(): { blocks: number; bytes: number } {
    return { blocks: this.#came.size, bytes: this.#bytes };
  }

  has(cid: CID): boolean {
    return (
      this.#came.has(cidKey(cid)) || this.#place.has?.(cid) === true || this.#repository.blockstore.has(cid)
    );
  }

  isWhole(cid: CID): boolean {
    return this.#repository.pins.isComplete(cid);
  }

  /** What came in is hashed again: it may have been written by a process that died, to a disk that lost power. */
  readonly read = async (cid: CID): Promise<Uint8Array | undefined> => {
    const bytes = this.#place.get(cid);
    if (bytes !== undefined && verifyBlock(cid, bytes)) return bytes;
    return this.#repository.blockstore.getBytes(cid);
  };

  put(blocks: readonly Block[]): void {
    this.#place.put(blocks);
    for (const { cid, bytes } of blocks) {
      if (this.#came.has(cidKey(cid))) continue;
      this.#came.set(cidKey(cid), cid);
      this.#bytes += bytes.length;
    }
  }

  /** Puts what came in into another place as well. */
  async copyTo(place: Pick<Place, 'put'>): Promise<void> {
    let batch: Block[] = [];
    for (const cid of this.#came.values()) {
      const bytes = await this.read(cid);
      if (bytes !== undefined) batch.push({ cid, bytes });
      if (batch.length < BATCH) continue;
      place.put(batch);
      batch = [];
    }
    if (batch.length > 0) place.put(batch);
  }
}
