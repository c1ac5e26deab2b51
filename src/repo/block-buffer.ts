import type { Block } from '../unixfs/block.ts';

/** More than this is not held back in memory. */
const MAX_BLOCKS = 4096;
const MAX_BYTES = 8 * 1024 * 1024;

/** Blocks that wait to be stored together, in the order in which they came. */
export class BlockBuffer {
  #blocks: Block[] = [];
  #bytes = 0;

  add(block: Block): void {
    this.#blocks.push(block);
    this.#bytes += block.bytes.byteLength;
  }

  get isFull(): boolean {
    return this.#blocks.length >= MAX_BLOCKS || this.#bytes >= MAX_BYTES;
  }

  /** All of them; the buffer is empty after. */
  take(): Block[] {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#bytes = 0;
    return blocks;
  }
}
