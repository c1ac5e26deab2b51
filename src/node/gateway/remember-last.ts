import type { CID } from 'multiformats/cid';
import type { BlockReader } from '../../unixfs/block.ts';

/** The same reader, which keeps the block that it read last: one request looks at most of its blocks twice or more in a row. */
export function rememberLast(read: BlockReader): BlockReader {
  let last: { cid: CID; bytes: Uint8Array | undefined } | undefined;
  return async (cid) => {
    if (last?.cid.equals(cid) !== true) last = { cid, bytes: await read(cid) };
    return last.bytes;
  };
}
