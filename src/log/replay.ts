import { emptyFold, foldEntries, type LogFold } from './fold.ts';
import type { TileTree } from './tile-tree.ts';
import type { TreeHead } from './tree-head.ts';

declare const REPLAYED: unique symbol;

/** What all entries of a log say. It comes only from {@link replayLog}: the head's root vouches for every entry. */
export interface ReplayedLog {
  readonly [REPLAYED]: true;
  readonly head: TreeHead;
  readonly fold: LogFold;
}

/**
 * Reads every entry of a log, and that each can follow the ones before it.
 *
 * @throws {OvnError} as `TileTree` and `foldEntries` do, naming the tile or the entry.
 */
export async function replayLog(tree: TileTree): Promise<ReplayedLog> {
  const fold = emptyFold();
  await foldEntries(fold, tree.entries(0));
  return { head: tree.head, fold } as unknown as ReplayedLog;
}
