import type { CID } from 'multiformats/cid';
import { cidOfKey } from '../../node/retrieve/frontier.ts';
import type { RetrieveStore } from '../../node/retrieve/retrieve-options.ts';
import type { FetchStore } from '../../repo/fetch-store.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Scratch } from '../../repo/scratch.ts';
import type { Block } from '../../unixfs/block.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { cidKey, verifyBlock } from '../../unixfs/hash.ts';

import type { Survey } from './survey.ts';

/** Where blocks are put that are not believed yet, or not whole yet. */
type Place = Pick<Scratch, 'put' | 'get'> & Partial<Pick<FetchStore, 'has' | 'isNew' | 'left'>>;

/** How the key of a block begins that leads nowhere: version and codec of its CID, a byte each. */
const RAW_KEY = String.fromCharCode(1, RAW);

/** Blocks that are copied at once. */
const BATCH = 64;

/** What is at hand while a publication is synced: what has come in, and what the repository holds. */
export class Stock implements RetrieveStore {
  readonly #place: Place;
  readonly #repository: Pick<Repository, 'blockstore' | 'pins'>;
  /** Whether the repository has any block: a new mirror's need not be asked for each. What it gets meanwhile comes twice, and is kept once. */
  readonly #mayBeHeld: boolean;
  /** Keys: a CID would keep the block alive that it was read from. */
  readonly #here = new Set<string>();
  readonly #taken = { blocks: 0, bytes: 0 };
  #bytes = 0;
  #isAllNew = true;

  constructor(place: Place, repository: Pick<Repository, 'blockstore' | 'pins'>) {
    this.#place = place;
    this.#repository = repository;
    this.#mayBeHeld = !repository.blockstore.isEmpty;
  }

  /** Bytes that lay where blocks are put, before any came in. */
  get left(): number {
    return this.#place.left ?? 0;
  }

  /** Blocks and bytes that came in. */
  get taken(): { blocks: number; bytes: number } {
    return { ...this.#taken };
  }

  has(cid: CID): boolean {
    if (this.#here.has(cidKey(cid))) return true;
    const isHeld =
      this.#place.has?.(cid) === true || (this.#mayBeHeld && this.#repository.blockstore.has(cid));
    if (isHeld) this.#isAllNew = false;
    return isHeld;
  }

  /**
   * All that has come in, where nothing that was asked for was held before: what was fetched of one root is then all that it
   * reaches.
   */
  get allNew(): Pick<Survey, 'bytes' | 'inner' | 'missing'> | undefined {
    if (!this.#isAllNew) return undefined;
    return { bytes: this.#bytes, inner: [...innerOf(this.#here)], missing: undefined };
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
    for (const key of other.#here) {
      const cid = cidOfKey(key);
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
    for (const { cid, bytes } of blocks) {
      const before = this.#here.size;
      if (before < this.#here.add(cidKey(cid)).size) this.#bytes += bytes.length;
    }
  }
}

/** Blocks that lead to others. */
function* innerOf(keys: Iterable<string>): Generator<CID> {
  for (const key of keys) if (!key.startsWith(RAW_KEY)) yield cidOfKey(key);
}
