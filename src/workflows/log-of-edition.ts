import type { TileReader } from '../log/tile-reader.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readFile } from '../unixfs/file.ts';
import type { Tree } from '../unixfs/tree.ts';

/** Reads the files of a log where they lie in IPFS. */
export function tileReader(log: Tree, read: BlockReader): TileReader {
  return async (path, limit) => {
    const link = await log.get(path);
    return link === undefined ? undefined : readFile(link.cid, read, { limit });
  };
}
