import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import { verifyBlock } from '../unixfs/hash.ts';
import type { SqliteBlockstore } from './sqlite-blockstore.ts';

/** Hashes every block of the store, one at each step; the CID (as raw) of one whose bytes are others. */
export function* checkBlocks(blockstore: SqliteBlockstore): Generator<CID | undefined> {
  for (const multihash of blockstore.allMultihashes()) {
    const cid = CID.createV1(raw.code, Digest.decode(multihash));
    const bytes = blockstore.getBytes(cid);
    yield bytes === undefined || verifyBlock(cid, bytes) ? undefined : cid;
  }
}
