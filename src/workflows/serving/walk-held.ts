import type { CID } from 'multiformats/cid';
import { RAW } from '../../unixfs/codecs.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { type GetBytes, linksIn } from './reach.ts';

/** Blocks above which a DAG is not followed any further; one bundle has a hundredth of that. */
const MOST_BLOCKS = 100_000;

/**
 * The CIDs of a small DAG, each once, without waiting: for what must be known before anything else happens. Those that are not held are
 * given out too.
 */
export function* walkHeld(root: CID, getBytes: GetBytes): Generator<CID> {
  const seen = new Set<string>();
  const pending = [root];
  for (let cid = pending.pop(); cid !== undefined && seen.size < MOST_BLOCKS; cid = pending.pop()) {
    if (seen.has(cidKey(cid))) continue;
    seen.add(cidKey(cid));
    yield cid;
    const bytes = cid.code === RAW ? undefined : getBytes(cid);
    if (bytes !== undefined) for (const link of linksIn(cid, bytes)) pending.push(link);
  }
}
