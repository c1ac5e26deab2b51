import type { Block } from '../../unixfs/block.ts';

/** Blocks are stored in batches of about this many bytes, each in a transaction of its own. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** The bytes of the blocks stay what they are only until its promise resolves. */
export type StoreBlocks = (blocks: readonly Block[]) => Promise<void>;

/**
 * Gathers blocks and stores them in batches. Until the edition is committed nothing points at them: after a crash
 * they are garbage, and the next publication stores the same blocks again.
 *
 * Their bytes are copied into one buffer, which is used for one batch after the other. Kept as they come they would outlive the
 * collection of young garbage, and V8 marks the whole heap whenever 64 MB outside of it have done so: a twentieth of the time.
 */
export class BlockBatch {
  readonly #store: StoreBlocks;
  #blocks: Block[] = [];
  #room: Uint8Array | undefined;
  #used = 0;

  constructor(store: StoreBlocks) {
    this.#store = store;
  }

  /** A {@link BlockSink}. */
  readonly add = (block: Block): void | Promise<void> => {
    const { length } = block.bytes;
    if (length > BATCH_BYTES) return this.#store([block]);
    if (this.#used + length > BATCH_BYTES) return this.flush().then(() => this.add(block));
    this.#room ??= new Uint8Array(BATCH_BYTES);
    this.#room.set(block.bytes, this.#used);
    this.#blocks.push({ cid: block.cid, bytes: this.#room.subarray(this.#used, this.#used + length) });
    this.#used += length;
  };

  async flush(): Promise<void> {
    const blocks = this.#blocks;
    const room = this.#room;
    this.#blocks = [];
    this.#used = 0;
    // What is added meanwhile does not get into what is being stored.
    this.#room = undefined;
    if (blocks.length > 0) await this.#store(blocks);
    this.#room ??= room;
  }
}
