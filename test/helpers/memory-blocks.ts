import type { CID } from 'multiformats/cid';
import type { Block, BlockReader, BlockSink } from '../../src/unixfs/block.ts';

/** Blocks in memory by CID, as a sink and as a reader that counts. */
export class MemoryBlocks {
  readonly blocks = new Map<string, Block>();
  reads = 0;

  readonly sink: BlockSink = (block) => {
    this.blocks.set(block.cid.toString(), block);
  };

  readonly read: BlockReader = async (cid) => {
    this.reads++;
    return this.blocks.get(cid.toString())?.bytes;
  };

  put(block: Block): CID {
    this.blocks.set(block.cid.toString(), block);
    return block.cid;
  }

  delete(cid: CID): boolean {
    return this.blocks.delete(cid.toString());
  }
}

/** Takes blocks in and forgets them. */
export const forget: BlockSink = () => undefined;
