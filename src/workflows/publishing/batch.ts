import type { Block } from '../../unixfs/block.ts';

/** Blocks are stored in batches of about this many bytes, each in a transaction of its own. */
const BATCH_BYTES = 16 * 1024 * 1024;

export type StoreBlocks = (blocks: readonly Block[]) => Promise<void>;

/**
 * Gathers blocks and stores them in batches. Until the edition is committed nothing points at them: after a crash
 * they are garbage, and the next publication stores the same blocks again.
 */
export class BlockBatch {
  readonly #store: StoreBlocks;
  #blocks: Block[] = [];
  #bytes = 0;

  constructor(store: StoreBlocks) {
    this.#store = store;
  }

  /** A {@link BlockSink}. */
  readonly add = (block: Block): void | Promise<void> => {
    this.#blocks.push(block);
    this.#bytes += block.bytes.length;
    return this.#bytes < BATCH_BYTES ? undefined : this.flush();
  };

  async flush(): Promise<void> {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#bytes = 0;
    if (blocks.length > 0) await this.#store(blocks);
  }
}
