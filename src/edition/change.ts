import { CID } from 'multiformats/cid';
import type { BlockReader, BlockSink, Link } from '../unixfs/block.ts';
import { addFile } from '../unixfs/file.ts';
import { Tree } from '../unixfs/tree.ts';
import type { Entry } from './archive.ts';

/** An article of which a new revision goes into the edition. */
export interface EditionChange {
  entry: Entry;
  /** Its bundle. */
  link: Link;
  /** Slugs of the categories that the revision before was in. */
  formerCategories: readonly string[];
}

/** The bundle that an entry of the index names. */
export function linkOf({ cid, size }: { cid: string; size: number }): Link {
  return { cid: CID.parse(cid), size };
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
