import type { CID } from 'multiformats/cid';
import type { BlockReader } from '../../unixfs/block.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { decodeUnixfs, loadBlock } from '../../unixfs/unixfs-node.ts';

/** The bytes that the first block of a file holds itself: all of a small one; none of one of many blocks. */
export async function frontOf(cid: CID, read: BlockReader): Promise<Uint8Array> {
  const block = await loadBlock(cid, read);
  return cid.code === RAW ? block : decodeUnixfs(cid, block).data;
}
