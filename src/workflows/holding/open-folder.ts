import type { Link } from '../../unixfs/block.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import type { Gatherer } from './gatherer.ts';
import { HeldFolder } from './held-folder.ts';

/** A directory that is held, but for what lies below it. */
export interface OpenFolder {
  folder: HeldFolder;
  /** What lies in it besides its pages, by name. */
  entries: Map<string, DirectoryEntry>;
}

/** Where a directory lies, and which of its entries are pages of its own. */
export interface FolderPlace {
  parent: HeldFolder | undefined;
  /** For messages. */
  name: string;
  isPage: (name: string) => boolean;
  /** Entries above which it is refused. */
  limit: number;
}

/**
 * Takes a directory's own blocks and its pages in. Where there is no room for all of them, none are counted, and its parent is
 * no longer whole.
 *
 * @throws {OvnError} `refused` for a page that is larger than stated; as {@link Gatherer.directory} does.
 */
export async function openFolder(
  link: Link,
  { parent, name, isPage, limit }: FolderPlace,
  gatherer: Gatherer,
): Promise<OpenFolder | undefined> {
  const entries = new Map<string, DirectoryEntry>();
  const blocks: Uint8Array[][] = [];
  const bytes = await gatherer.room.attempt(async () => {
    const own = await gatherer.directory(link.cid, limit);
    if (own === undefined) return false;
    blocks.push(own.blocks);
    for (const entry of own.entries) {
      if (!isPage(entry.name)) entries.set(entry.name, entry);
      else if (!(await takePage(entry, name, blocks, gatherer))) return false;
    }
    return true;
  });
  if (bytes === undefined) {
    parent?.leaveOut();
    return undefined;
  }
  const folder = new HeldFolder(link, parent);
  folder.addBlocks(blocks.flat(), bytes);
  parent?.addFolder(folder);
  return { folder, entries };
}

async function takePage(
  page: DirectoryEntry,
  folder: string,
  blocks: Uint8Array[][],
  gatherer: Gatherer,
): Promise<boolean> {
  if (page.size > gatherer.room.left) return false;
  const own = await gatherer.dag(page, `${folder}/${page.name}`);
  if (own !== undefined) blocks.push(own);
  return own !== undefined;
}
