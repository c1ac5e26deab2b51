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
  // What leads to a block cannot lie below it: none of these comes again.
  for (const each of way) yield { cid: each, bytes: await loadBlock(each, read) };
  yield* blocksBelow(cid, request, read, options);
}

function blocksBelow(
  root: CID,
  { scope, bytes, dups }: CarRequest,
  read: BlockReader,
  { signal, limits }: Options,
): AsyncGenerator<Block> {
  if (scope === 'block') return oneBlock(root, read);
  if (scope === 'all') return dups ? everyBlock(root, read) : wholeDag(root, read, { signal });
  const blocks = entityBlocks(root, read, { bytes, dups, depth: limits.depth });
  return dups ? blocks : eachOnce(blocks);
}

async function* eachOnce(blocks: AsyncIterable<Block>): AsyncGenerator<Block> {
  const given = new Set<string>();
  for await (const block of blocks) {
    const key = cidKey(block.cid);
    if (!given.has(key)) yield block;
    given.add(key);
  }
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
