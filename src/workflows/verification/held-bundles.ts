import type { CID } from 'multiformats/cid';
import { isSiteFile } from '../../edition/layout.ts';
import { OvnError } from '../../errors.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { countDag } from '../measure-dag.ts';
import { FolderPlaces } from './folder-places.ts';
import { type Evidence, refusal } from './judging.ts';
import { DATE_LEVELS, type PlacedBundle, REVISION } from './placed-bundles.ts';

/** What of a tree of dates is at hand, where not all of it need be. */
export interface HeldTree {
  /** Bundles that are here with all their blocks. */
  bundles: PlacedBundle[];
  /** Whether everything else of it is here too. */
  isWhole: boolean;
}

/** A tree of dates, `revisions` where earlier revisions lie below each article. */
export interface TreeOfDates {
  root: CID;
  name: string;
  kind: 'newest' | 'revisions';
  /** Names at its top that are no years. */
  extras: readonly string[];
}

/** The entries of a directory; nothing where a block of it is not here. */
export async function directoryIfHeld(cid: CID, evidence: Evidence): Promise<DirectoryEntry[] | undefined> {
  try {
    return await evidence.directory(cid);
  } catch (error) {
    if (error instanceof OvnError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Whether all that a root reaches is here. */
export async function isHeldWhole(cid: CID, { read, signal }: Evidence): Promise<boolean> {
  return (await countDag(cid, read, signal)).missing === 0;
}

/**
 * The bundles of a tree of dates that are here; folders and bundles that are not are passed over.
 *
 * @throws {OvnError} `refused` for a name that has no place in such a tree.
 */
export async function listHeld(tree: TreeOfDates, evidence: Evidence): Promise<HeldTree> {
  const held: HeldTree = { bundles: [], isWhole: true };
  await walk(tree.root, [], { tree, evidence, held, places: new FolderPlaces(tree.name) });
  return held;
}

interface HeldWalk {
  tree: TreeOfDates;
  evidence: Evidence;
  held: HeldTree;
  places: FolderPlaces;
}

async function walk(cid: CID, path: readonly string[], through: HeldWalk): Promise<void> {
  const { tree, evidence, held, places } = through;
  const entries = await directoryIfHeld(cid, evidence);
  if (entries === undefined) held.isWhole = false;
  if (entries?.length === 0 && path.length > 0) throw refusal(`${tree.name}/${path.join('/')} is empty`);
  for (const { name, cid: below } of entries ?? []) {
    const here = [...path, name];
    if (isPage(here, tree)) {
      held.isWhole &&= await isHeldWhole(below, evidence);
      continue;
    }
    if (!patternAt(path.length).test(name))
      throw refusal(`${tree.name}/${here.join('/')} has no place in a tree of dates`);
    if (here.length < depthOf(tree)) {
      places.enter(below, here);
      await walk(below, here, through);
    } else if (await isHeldWhole(below, evidence)) held.bundles.push(placed(here, below));
    else held.isWhole = false;
  }
}

function depthOf({ kind }: TreeOfDates): number {
  return kind === 'newest' ? DATE_LEVELS.length : DATE_LEVELS.length + 1;
}

function patternAt(depth: number): RegExp {
  return DATE_LEVELS[depth]?.pattern ?? REVISION;
}

function isPage(path: readonly string[], { kind, extras }: TreeOfDates): boolean {
  const name = path.at(-1) ?? '';
  if (path.length === 1 && extras.includes(name)) return true;
  return kind === 'newest' && isSiteFile(name);
}

function placed(path: readonly string[], cid: CID): PlacedBundle {
  const id = path.slice(0, DATE_LEVELS.length).join('/');
  const revision = path[DATE_LEVELS.length];
  return revision === undefined ? { id, cid } : { id, revision: Number(revision), cid };
}
