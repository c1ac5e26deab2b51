import { setImmediate } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
import type { SqliteBlockstore } from '../../repo/sqlite-blockstore.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { cidKey, inlineBytes, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';

/** What a root reaches in a store, each block once. */
export interface Survey {
  blocks: number;
  bytes: number;
  /** The first block that is not held. */
  missing: CID | undefined;
  /** Blocks that lead to others. */
  inner: CID[];
}

const YIELD_EVERY = 1024;

/** Walks what a root reaches; of a block that leads nowhere only the size is looked up. */
export async function surveyDag(
  root: CID,
  blockstore: Pick<SqliteBlockstore, 'getBytes' | 'sizeOf'>,
  signal: AbortSignal,
): Promise<Survey> {
  const survey: Survey = { blocks: 0, bytes: 0, missing: undefined, inner: [] };
  const seen = new Set<string>();
  const pending = [root];
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    if (seen.size === seen.add(cidKey(cid)).size) continue;
    if (seen.size % YIELD_EVERY === 0) await setImmediate();
    signal.throwIfAborted();
    pending.push(...visit(cid, survey, blockstore));
  }
  return survey;
}

function visit(cid: CID, survey: Survey, blockstore: Pick<SqliteBlockstore, 'getBytes' | 'sizeOf'>): CID[] {
  if (isInline(cid)) return linksOf(cid, inlineBytes(cid) ?? new Uint8Array());
  const bytes = cid.code === RAW ? undefined : blockstore.getBytes(cid);
  const size = cid.code === RAW ? blockstore.sizeOf(cid) : bytes?.length;
  if (size === undefined) {
    survey.missing ??= cid;
    return [];
  }
  survey.blocks += 1;
  survey.bytes += size;
  if (bytes === undefined) return [];
  survey.inner.push(cid);
  return linksOf(cid, bytes);
}
