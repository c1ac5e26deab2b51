import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader } from './block.ts';
import { cidKey, inlineBytes, isInline } from './hash.ts';
import { linksOf } from './links.ts';

/** `limit`: blocks above which a DAG is refused; `skip`: sub-DAGs that are neither read nor given out. */
export interface WalkOptions {
  signal?: AbortSignal | undefined;
  limit?: number | undefined;
  skip?: ((cid: CID) => boolean) | undefined;
}

/** A block of a DAG; without bytes where it is not held. */
export interface WalkedBlock {
  cid: CID;
  bytes?: Uint8Array;
}

/**
 * The blocks of a DAG depth first, in the order in which they are first seen, each CID once. Of dag-pb, dag-cbor and dag-json the links
 * are followed; raw, cbor and json have none. Identity CIDs are followed too, but not given out, because no store holds them.
 * @throws OvnError `malformed` for a block that cannot be decoded, `limit`
 */
export async function* walkDag(
  root: CID,
  read: BlockReader,
  options: WalkOptions = {},
): AsyncGenerator<WalkedBlock> {
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  const pending: CID[] = [root];
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    options.signal?.throwIfAborted();
    const key = cidKey(cid);
    if (seen.has(key) || options.skip?.(cid) === true) continue;
    if (seen.size >= limit) throw new OvnError('limit', `the DAG of ${root} has more than ${limit} blocks`);
    seen.add(key);
    const bytes = isInline(cid) ? unpack(cid) : await read(cid);
    if (!isInline(cid)) yield bytes === undefined ? { cid } : { cid, bytes };
    if (bytes !== undefined) for (const link of linksOf(cid, bytes).reverse()) pending.push(link);
  }
}

function unpack(cid: CID): Uint8Array {
  const bytes = inlineBytes(cid);
  if (bytes === undefined) throw new OvnError('malformed', `identity CID ${cid} is longer than is accepted`);
  return bytes;
}
