import { setImmediate } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
import type { SqliteBlockstore } from '../../repo/sqlite-blockstore.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { cidKey, inlineBytes, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';

/** What a root reaches in a store, each block once. */
export interface Survey {
  bytes: number;
  /** The first block that is not held. */
  missing: CID | undefined;
  /** Blocks that lead to others. */
  inner: CID[];
  /** Of each block that was looked at, by `cidKey`. */
  sizes: Map<string, number>;
  /** Keys of these, and of what was passed over. */
  seen: Set<string>;
}

type Store = Pick<SqliteBlockstore, 'getBytes' | 'sizeOf'>;

const YIELD_EVERY = 1024;

/**
 * Walks what a root reaches; of a block that leads nowhere only the size is looked up.
 *
 * @param skip what is passed over, with all that it reaches.
 */
export async function surveyDag(
  root: CID,
  blockstore: Store,
  signal: AbortSignal,
  skip: (cid: CID) => boolean = () => false,
): Promise<Survey> {
  const seen = new Set<string>();
  const survey: Survey = { bytes: 0, missing: undefined, inner: [], sizes: new Map(), seen };
  const pending = [root];
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    if (seen.size === seen.add(cidKey(cid)).size || skip(cid)) continue;
    if (seen.size % YIELD_EVERY === 0) await setImmediate();
    signal.throwIfAborted();
    pending.push(...visit(cid, survey, blockstore));
  }
  return survey;
}

/**
 * The same of an edition that follows on one that is held: what is known to be whole is passed over, so that it costs what is new. What new
 * articles share with those of before counts with each.
 *
 * @param isWhole whether all that a block reaches is known to be held.
 */
export async function surveyNext(
  root: CID,
  before: { edition: CID; bytes: number },
  blockstore: Store,
  isWhole: (cid: CID) => boolean,
  signal: AbortSignal,
): Promise<Survey> {
  const now = await surveyDag(root, blockstore, signal, isWhole);
  const isStill = (cid: CID): boolean => now.seen.has(cidKey(cid));
  const gone = await surveyDag(before.edition, blockstore, signal, isStill);
  const came = [...now.sizes].reduce((sum, [key, size]) => sum + (gone.seen.has(key) ? 0 : size), 0);
  return { ...now, bytes: before.bytes + came - gone.bytes };
}

function visit(cid: CID, survey: Survey, blockstore: Store): CID[] {
  if (isInline(cid)) return linksOf(cid, inlineBytes(cid) ?? new Uint8Array());
  const bytes = cid.code === RAW ? undefined : blockstore.getBytes(cid);
  const size = cid.code === RAW ? blockstore.sizeOf(cid) : bytes?.length;
  if (size === undefined) {
    survey.missing ??= cid;
    return [];
  }
  survey.sizes.set(cidKey(cid), size);
  survey.bytes += size;
  if (bytes === undefined) return [];
  survey.inner.push(cid);
  return linksOf(cid, bytes);
}
