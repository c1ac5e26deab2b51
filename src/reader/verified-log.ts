import { type LogIdentity, openCheckpoint, type VerifiedCheckpoint } from '../log/checkpoint.ts';
import type { LogFold } from '../log/fold.ts';
import { type ReplayedLog, replayLog } from '../log/replay.ts';
import type { TileReader } from '../log/tile-reader.ts';
import { TileTree } from '../log/tile-tree.ts';
import { isSameHead } from '../log/tree-head.ts';

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
 * Reads every entry of a log, and that each can follow the ones before it. Where that was done before under the same root
 * it is not done again: under one root there is one log.
 *
 * @throws {OvnError} as {@link replayLog} does.
 */
export async function readLog(
  { checkpoint, tree }: OpenLog,
  replayed: ReplayedLog | undefined,
): Promise<VerifiedLog> {
  const isKnown = replayed !== undefined && isSameHead(replayed.head, checkpoint);
  const { fold } = isKnown ? replayed : await replayLog(tree);
  return { checkpoint, tree, fold } as unknown as VerifiedLog;
}
