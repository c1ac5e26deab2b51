import type { WritableStorage } from 'ipfs-unixfs-importer';
import type { CID } from 'multiformats/cid';
import type { BlockSink } from './block.ts';

/** The little of a blockstore that ipfs-unixfs-importer needs, in front of a sink. */
export function importerStore(sink: BlockSink): WritableStorage {
  return {
    async put(cid: CID, bytes): Promise<CID> {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('the importer hands out whole blocks');
      await sink({ cid, bytes });
      return cid;
    },
  };
}
