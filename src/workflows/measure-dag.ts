import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { walkDag } from '../unixfs/walk.ts';

/** What a root reaches, each block counted once. */
export interface DagSize {
  blocks: number;
  bytes: number;
}

/** What of it is held, and what is not. */
export interface HeldDag extends DagSize {
  /** Blocks that it is known to reach and that are not held. */
  missing: number;
  /** The first of them. */
  firstMissing?: CID;
}

/**
 * Walks everything that a root reaches, and counts.
 *
 * @throws {OvnError} `malformed` for a block that cannot be decoded.
 */
export async function countDag(root: CID, read: BlockReader, signal: AbortSignal): Promise<HeldDag> {
  const held: HeldDag = { blocks: 0, bytes: 0, missing: 0 };
  for await (const { cid, bytes } of walkDag(root, read, { signal })) {
    if (bytes === undefined) {
      held.missing += 1;
      held.firstMissing ??= cid;
    } else {
      held.blocks += 1;
      held.bytes += bytes.length;
    }
  }
  return held;
}

/**
 * The size of what is whole.
 *
 * @throws {OvnError} `incomplete`, with the number of blocks that are not held; else as {@link countDag}.
 */
export async function measureDag(root: CID, read: BlockReader, signal: AbortSignal): Promise<DagSize> {
  const { blocks, bytes, missing, firstMissing } = await countDag(root, read, signal);
  if (missing === 0) return { blocks, bytes };
  const what = missing === 1 ? '1 block is missing' : `${missing} blocks are missing`;
  throw new OvnError('incomplete', `${root} is not whole here: ${what}, ${firstMissing} first`);
}
