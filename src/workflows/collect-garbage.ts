import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockCount, SqliteBlockstore } from '../repo/sqlite-blockstore.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { walkDag } from '../unixfs/walk.ts';
import { namedEditions } from './naming/named-edition.ts';

/** Free space in the database file for which it is written anew, though nothing was freed; bytes. */
const WORTH_GIVING_BACK = 1024 * 1024;

/** Editions before the head that are kept whole. */
export const KEPT_EDITIONS = 10;

export interface GarbageReport {
  /** Blocks freed, or that would be. */
  blocks: number;
  bytes: number;
  kept: { blocks: number; bytes: number };
}

export interface GarbageEffects {
  repository: Repository;
  read: BlockReader;
  /** No publication may run meanwhile: its blocks are reached by nothing yet. */
  lock(): Promise<AsyncDisposable>;
  dryRun: boolean;
  signal: AbortSignal;
  onProgress?: (blocks: number) => void;
}

/**
 * Frees every block that no pin, no name of ours, not the head, none of the ten editions before it and nothing that is
 * followed reaches.
 */
export async function collectGarbage(effects: GarbageEffects): Promise<GarbageReport> {
  const { repository, dryRun } = effects;
  await using _lock = await effects.lock();
  const before = repository.blockstore.stats();
  const reachable = await findReachable(effects);
  const isReachable = (multihash: Uint8Array): boolean => reachable.has(keyOf(multihash));
  if (!dryRun) repository.pins.unmark(repository.followed.blocks()); // what they lead to may go now
  const freed = repository.blockstore.deleteAllBut(isReachable, { dryRun });
  if (!dryRun && freed.blocks > 0) {
    repository.pictures.forgetLost((cid) => isReachable(CID.parse(cid).multihash.bytes));
  }
  if (!dryRun) compact(repository.blockstore, freed);
  return { ...freed, kept: { blocks: before.blocks - freed.blocks, bytes: before.bytes - freed.bytes } };
}

/**
 * Gives the space back to the disk: also what an earlier collection freed and had no room, or no time, to give back.
 *
 * @throws {OvnError} `io` when it cannot: the blocks are gone all the same.
 */
function compact(blockstore: SqliteBlockstore, freed: BlockCount): void {
  const slack = blockstore.slack();
  if (freed.blocks === 0 && slack < WORTH_GIVING_BACK) return;
  const needed = blockstore.stats().bytes;
  try {
    blockstore.compact();
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError(
      error.code,
      `${freed.blocks} blocks were freed, but ${slack} bytes of the database file could not be given back to the disk`,
      {
        cause: error,
        hint: `That needs about ${needed} bytes of free disk for a moment: free them elsewhere, and run it again.`,
      },
    );
  }
}

/** What is missing below a root frees nothing else: a broken DAG keeps what is there of it. */
async function findReachable({ repository, read, signal, onProgress }: GarbageEffects): Promise<Set<string>> {
  const reachable = new Set(Array.from(repository.followed.blocks(), keyOf));
  const walked = new Set<string>();
  for (const root of rootsOf(repository)) {
    const skip = (cid: CID): boolean => walked.has(cid.toString());
    for await (const { cid } of walkDag(root, read, { signal, skip })) {
      walked.add(cid.toString());
      reachable.add(keyOf(cid.multihash.bytes));
      if (reachable.size % 4096 === 0) onProgress?.(reachable.size);
    }
  }
  return reachable;
}

function rootsOf(repository: Repository): CID[] {
  const kept = repository.editions(KEPT_EDITIONS + 1);
  const former = repository.formerEditions(kept.at(-1)?.sequence ?? 1);
  const editions = [...kept.map(({ edition }) => edition), ...former];
  const named = namedEditions(repository).map(({ root }) => root);
  const pins = repository.pins.list().map(({ cid }) => cid);
  return [...editions, ...named, ...pins, ...repository.followed.roots()].map((cid) => CID.parse(cid));
}

function keyOf(multihash: Uint8Array): string {
  return Buffer.from(multihash).toString('latin1');
}
