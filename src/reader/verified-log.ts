import { type LogIdentity, openCheckpoint, type VerifiedCheckpoint } from '../log/checkpoint.ts';
import { emptyFold, foldEntries, type LogFold } from '../log/fold.ts';
import type { TileReader } from '../log/tile-reader.ts';
import { TileTree } from '../log/tile-tree.ts';

declare const VERIFIED: unique symbol;

/** A log of which every entry was read. It comes only from {@link readLog}. */
export interface VerifiedLog {
  readonly [VERIFIED]: true;
  readonly checkpoint: VerifiedCheckpoint;
  readonly tree: TileTree;
  readonly fold: LogFold;
}

/** A checkpoint that its log signed, over tiles that give its root. */
export interface OpenLog {
  checkpoint: VerifiedCheckpoint;
  tree: TileTree;
}

/**
 * Opens a log: checks the checkpoint's signatures, and the tiles at its right edge.
 *
 * @throws {OvnError} `refused`, `malformed`, `limit` or `not-found`, naming what does not hold.
 */
export async function openLog(bytes: Uint8Array, identity: LogIdentity, read: TileReader): Promise<OpenLog> {
  const checkpoint = openCheckpoint(bytes, identity);
  return { checkpoint, tree: await TileTree.open(checkpoint, read) };
}

/**
 * Reads every entry of a log, and that each can follow the ones before it.
 *
 * @throws {OvnError} as `TileTree` and `foldEntries` do, naming the tile or the entry.
 */
export async function readLog({ checkpoint, tree }: OpenLog): Promise<VerifiedLog> {
  const fold = emptyFold();
  await foldEntries(fold, tree.entries(0));
  return { checkpoint, tree, fold } as unknown as VerifiedLog;
}
