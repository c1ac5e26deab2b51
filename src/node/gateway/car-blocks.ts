import type { CID } from 'multiformats/cid';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { cidKey, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';
import { loadBlock } from '../../unixfs/unixfs-node.ts';
import { wholeDag } from '../car-writer.ts';
import type { CarRequest } from './car-request.ts';
import { entityBlocks } from './entity-blocks.ts';
import type { RequestLimits } from './limits.ts';
import type { Located } from './locate.ts';

interface Options {
  signal: AbortSignal;
  limits: Pick<RequestLimits, 'depth'>;
}

/**
 * The blocks that a CAR is to hold: those of the path, then those at its end in the scope that is asked for, depth first; each once, or
 * with `dups` as often as it is come across.
 * @throws OvnError `not-found`, `incomplete` for a block that is not held, `malformed`; Refusal 400 as {@link entityBlocks}
 */
export async function* carBlocks(
  { cid, way }: Located,
  request: CarRequest,
  read: BlockReader,
  options: Options,
): AsyncGenerator<Block> {
  const given = new Set<string>();
  for (const each of way) {
    given.add(cidKey(each));
    yield { cid: each, bytes: await loadBlock(each, read) };
  }
  for await (const block of blocksBelow(cid, request, read, options)) {
    const { size } = given;
    if (request.dups || given.add(cidKey(block.cid)).size > size) yield block;
  }
}

function blocksBelow(root: CID, { scope, bytes, dups }: CarRequest, read: BlockReader, options: Options) {
  const { signal, limits } = options;
  if (scope === 'block') return oneBlock(root, read);
  if (scope === 'entity') return entityBlocks(root, read, { bytes, dups, depth: limits.depth });
  return dups ? everyBlock(root, read) : wholeDag(root, read, { signal });
}

async function* oneBlock(cid: CID, read: BlockReader): AsyncGenerator<Block> {
  const bytes = await loadBlock(cid, read);
  if (!isInline(cid)) yield { cid, bytes };
}

/** All blocks of a DAG depth first, as often as they are come across. */
async function* everyBlock(root: CID, read: BlockReader): AsyncGenerator<Block> {
  const pending = [root];
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    const bytes = await loadBlock(cid, read);
    if (!isInline(cid)) yield { cid, bytes };
    for (const link of linksOf(cid, bytes).reverse()) pending.push(link);
  }
}
