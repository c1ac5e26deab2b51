import { encode } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';
import type { MemoryBlocks } from './memory-blocks.ts';

/** The node of a file over parts of so many bytes. */
export function fileNode(blocks: MemoryBlocks, parts: [CID, number | bigint][], data?: Uint8Array): CID {
  const blockSizes = parts.map(([, size]) => BigInt(size));
  const file = new UnixFS({ type: 'file', blockSizes, ...(data && { data }) });
  const bytes = encode({
    Data: file.marshal(),
    Links: parts.map(([Hash]) => ({ Hash, Name: '', Tsize: 1 })),
  });
  return blocks.put({ cid: dagPbCid(bytes), bytes });
}

/** A true file of `width` to the power of `levels` times the same chunk of `size` bytes, in one block more than it has levels. */
export function fileBomb(blocks: MemoryBlocks, levels: number, width: number, size: number): CID {
  const content = new Uint8Array(size);
  let cid = blocks.put({ cid: rawCid(content), bytes: content });
  let total = size;
  for (let level = 0; level < levels; level++) {
    const part: [CID, number] = [cid, total];
    cid = fileNode(
      blocks,
      Array.from({ length: width }, () => part),
    );
    total *= width;
  }
  return cid;
}
