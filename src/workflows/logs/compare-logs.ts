import { OvnError } from '../../errors.ts';
import type { VerifiedCheckpoint } from '../../log/checkpoint.ts';
import { isExtension } from '../../log/merkle.ts';
import { encodeBase64 } from '../../log/text.ts';
import { TileTree } from '../../log/tile-tree.ts';
import { isSameHash } from '../../log/tree-hash.ts';
import { type HeadLog, type LogEffects, requireHeadLog } from './head-log.ts';
import { noteLonger, openKnown } from './known-checkpoint.ts';
import { openOtherLog } from './other-log.ts';

/**
 * How another log stands to that of the head: it is the `same`, or one of them begins with the other, or a `fork`: two
 * histories under one key. `not-checked` is neither.
 */
export type Relation = 'same' | 'theirs-ahead' | 'ours-ahead' | 'fork' | 'not-checked';

/** One side of a comparison. */
export interface ComparedLog {
  size: number;
  /** Base64. */
  root: string;
  /** Masthead version whose log keys signed it. */
  masthead: number;
  /** The signed note. */
  checkpoint: string;
}

/** What `ovn log compare --json` prints. */
export interface Comparison {
  relation: Relation;
  /** A sentence for people. */
  detail: string;
  origin: string;
  ours: ComparedLog;
  theirs: ComparedLog;
  /** By how many entries the longer one is longer. */
  ahead: number;
  /** The first entry that differs, as the two logs have it. Only of a fork, where both have their tiles at hand. */
  difference?: { index: number; ours: string; theirs: string };
  /**
   * Only of a fork: that the longer log (of two of one size: ours) begins with `root`, and not with the shorter one's.
   */
  proof?: { hashes: string[]; root: string };
}

/**
 * Compares the log of the head with another one, whose checkpoint has to be signed by the log key of a masthead that is
 * known here. A longer one is remembered, so that publish makes no second history.
 *
 * @param what as for {@link openOtherLog}.
 * @throws {OvnError} `refused` for a checkpoint of another log, or not signed; else as {@link openOtherLog}.
 */
export async function compareLogs(what: string, effects: LogEffects): Promise<Comparison> {
  const ours = await requireHeadLog(effects);
  const other = await openOtherLog(what, effects.signal);
  const { checkpoint, version } = openKnown(other.note, effects);
  if (checkpoint.size > ours.tree.head.size) noteLonger(what, { checkpoint, version }, effects);
  const { read } = other;
  const tiles =
    read === undefined
      ? 'only a checkpoint is at hand'
      : await orReason(() => TileTree.open(checkpoint, read));
  const sides = {
    origin: checkpoint.origin,
    ours: sideOf(ours.checkpoint, ours.manifest.masthead.version, ours.note),
    theirs: sideOf(checkpoint, version, other.note),
    ahead: Math.abs(checkpoint.size - ours.tree.head.size),
  };
  return { ...sides, ...(await relate(ours, checkpoint, tiles)) };
}

type Found = Pick<Comparison, 'relation' | 'detail' | 'difference' | 'proof'>;

/** What there is of the other log besides its checkpoint: its tiles, or why they are not at hand. */
type Tiles = TileTree | string;

async function relate(ours: HeadLog, theirs: VerifiedCheckpoint, tiles: Tiles): Promise<Found> {
  const more = theirs.size - ours.tree.head.size;
  if (more <= 0) return (await findFork(theirs, ours.tree, [ours.tree, tiles])) ?? consistent(more, ours);
  const found =
    typeof tiles === 'string'
      ? tiles
      : await orReason(() => findFork(ours.checkpoint, tiles, [ours.tree, tiles]));
  if (typeof found !== 'string') return found ?? consistent(more, ours);
  return {
    relation: 'not-checked',
    detail: `it has ${more} entries more, and nothing shows which: ${found}`,
  };
}

/** The fork, where a log does not begin with one that is not longer. */
async function findFork(
  shorter: VerifiedCheckpoint,
  longer: TileTree,
  [ours, theirs]: [TileTree, Tiles],
): Promise<Found | undefined> {
  const { size } = longer.head;
  const hashes = await longer.consistencyProof(shorter.size, size);
  if (isExtension(shorter, longer.head, hashes)) return undefined;
  const root = encodeBase64(await longer.rootAt(shorter.size));
  const difference =
    typeof theirs === 'string' ? theirs : await orReason(() => firstDifference(ours, theirs));
  return {
    relation: 'fork',
    detail: `two histories under one key: the log of ${size} entries does not begin with the one of ${shorter.size}`,
    ...(typeof difference === 'string' ? {} : { difference }),
    proof: { hashes: hashes.map(encodeBase64), root },
  };
}

function consistent(more: number, { tree }: HeadLog): Found {
  const { size } = tree.head;
  if (more === 0) return { relation: 'same', detail: `the same ${size} entries` };
  if (more > 0)
    return { relation: 'theirs-ahead', detail: `it begins with our ${size} entries, and has ${more} more` };
  return {
    relation: 'ours-ahead',
    detail: `ours begins with its ${size + more} entries, and has ${-more} more`,
  };
}

/** What was found in the tiles of the other log, or why it was not: who serves them need not be who signed. */
async function orReason<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OvnError && error.code !== 'interrupted') return error.message;
    throw error;
  }
}

/** The first entry that two logs do not have in common: where their trees stop being equal, found by halves. */
async function firstDifference(
  ours: TileTree,
  theirs: TileTree,
): Promise<NonNullable<Comparison['difference']>> {
  let equal = 0;
  let different = Math.min(ours.head.size, theirs.head.size);
  while (different - equal > 1) {
    const middle = Math.floor((equal + different) / 2);
    if (isSameHash(await ours.rootAt(middle), await theirs.rootAt(middle))) equal = middle;
    else different = middle;
  }
  const [here, there] = [await ours.entry(equal), await theirs.entry(equal)];
  return { index: equal, ours: textOf(here), theirs: textOf(there) };
}

function sideOf({ size, root }: VerifiedCheckpoint, masthead: number, note: Uint8Array): ComparedLog {
  return { size, root: encodeBase64(root), masthead, checkpoint: textOf(note) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
