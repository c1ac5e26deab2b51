import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { walkDag } from '../unixfs/walk.ts';

/** What a root reaches, each block counted once. */
export interface DagSize {
  blocks: number;
  bytes: number;
}

/**
 * Walks everything that a root reaches.
 *
 * @throws {OvnError} `incomplete`, with the number of blocks that are not held, when it is not whole.
 */
export async function measureDag(root: CID, read: BlockReader, signal: AbortSignal): Promise<DagSize> {
  const size: DagSize = { blocks: 0, bytes: 0 };
  let missing = 0;
  let first = '';
  for await (const { cid, bytes } of walkDag(root, read, { signal })) {
    if (bytes === undefined) {
      missing += 1;
      first ||= cid.toString();
    } else {
      size.blocks += 1;
      size.bytes += bytes.length;
    }
  }
  if (missing > 0) {
    throw new OvnError(
      'incomplete',
      `${root} is not whole here: ${missing} blocks are missing, ${first} first`,
    );
  }
  return size;
}
