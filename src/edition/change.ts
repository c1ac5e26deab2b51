import { CID } from 'multiformats/cid';
import type { BlockReader, BlockSink, Link } from '../unixfs/block.ts';
import { addFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import type { Archive, Entry } from './archive.ts';
import { revisionPath } from './layout.ts';

/** An article of which a new revision goes into the edition. */
export interface EditionChange {
  entry: Entry;
  /** Its bundle. */
  link: Link;
  /** The revision before; absent where there is none. */
  former?: Entry;
  /** Earlier revisions that the edition does not hold any more. */
  withheld?: readonly number[];
  /** Whether the edition before holds it as it is, and only what shows it is made anew. */
  isPlaced?: boolean;
}

/** The bundle that an entry of the index names. */
export function linkOf({ cid, size }: { cid: string; size: number }): Link {
  return { cid: CID.parse(cid), size };
}

/** Puts the earlier revisions of a changed article below `revisions/`, and takes out those that are withheld. */
export async function placeRevisions(
  tree: Tree,
  folder: readonly string[],
  { entry, withheld = [], isPlaced = false }: EditionChange,
  archive: Archive,
): Promise<void> {
  if (entry.revision === 1 || isPlaced) return;
  for (const earlier of archive.earlierRevisions(entry.id)) {
    const path = [...folder, ...revisionPath(entry.id, earlier.revision)];
    if (withheld.includes(earlier.revision)) await tree.remove(path);
    else await tree.set(path, linkOf(earlier));
  }
}

/** Adds a page as a file. */
export async function addText(text: string, sink: BlockSink): Promise<Link> {
  return addFile(Buffer.from(text, 'utf8'), sink);
}

/** The directory at a path of a tree, to be changed by itself; an empty one where there is none yet. */
export async function openBelow(tree: Tree, path: string[], read: BlockReader): Promise<Tree> {
  const link = await tree.get(path);
  return link === undefined ? Tree.empty() : Tree.open(link, read);
}

/** These changes, and every other article as one that is shown anew. */
export function withAllOthers(changes: readonly EditionChange[], archive: Archive): EditionChange[] {
  const changed = new Set(changes.map(({ entry }) => entry.id));
  const others = archive.newest(archive.count()).filter(({ id }) => !changed.has(id));
  return [
    ...changes,
    ...others.map((entry) => ({ entry, link: linkOf(entry), former: entry, isPlaced: true })),
  ];
}
