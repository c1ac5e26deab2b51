import type { Block, BlockReader, BlockSink, Link } from './block.ts';
import { addDirectory, type DirectoryEntry, readIfDirectory } from './directory.ts';
import { compareNames } from './directory-block.ts';

/**
 * A directory in memory. `link` is what it was read from or encoded to, absent once it was changed; `children` are loaded when first
 * needed; `blocks` are encoded and not yet written. What lies above something changed is changed too.
 */
export interface Folder {
  link: Link | undefined;
  children: Map<string, Link | Folder> | undefined;
  blocks: Block[] | undefined;
}

/** A directory without entries. */
export function newFolder(): Folder {
  return { link: undefined, children: new Map(), blocks: undefined };
}

/** A directory that is stored and not yet read. */
export function storedFolder(link: Link): Folder {
  return { link, children: undefined, blocks: undefined };
}

/** The entries of a folder, read when first asked for; `undefined` where its link is to no directory. */
export async function loadChildren(folder: Folder, read: BlockReader): Promise<Folder['children']> {
  if (folder.children !== undefined || folder.link === undefined) return folder.children;
  const entries = await readIfDirectory(folder.link.cid, read);
  if (entries === undefined) return undefined;
  folder.children = new Map(entries.map(({ name, cid, size }) => [name, { cid, size }]));
  return folder.children;
}

/** Whether a child is a directory in memory. */
export function isFolder(child: Link | Folder): child is Folder {
  return 'children' in child;
}

/** Whether a child is what the link says, unchanged. */
export function isSame(child: Link | Folder | undefined, link: Link): boolean {
  const held = child !== undefined && isFolder(child) ? child.link : child;
  return held !== undefined && held.size === link.size && held.cid.equals(link.cid);
}

/** Forgets what the folder was encoded to. */
export function markChanged(folder: Folder): void {
  folder.link = undefined;
  folder.blocks = undefined;
}

/** The link of a child, for which a changed folder is encoded; its blocks wait until the tree is written. */
export async function linkOf(child: Link | Folder): Promise<Link> {
  if (!isFolder(child)) return child;
  if (child.link !== undefined) return child.link;
  const blocks: Block[] = [];
  child.link = await addDirectory(await entriesOf(child), (block) => {
    blocks.push(block);
  });
  child.blocks = blocks;
  return child.link;
}

/** The entries of a loaded folder as they would be written, in order. */
export async function entriesOf(folder: Folder): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  for (const [name, child] of folder.children ?? []) {
    const { cid, size } = isFolder(child) ? await linkOf(child) : child;
    entries.push({ name, cid, size });
  }
  return entries.sort((a, b) => compareNames(a.name, b.name));
}

/** Hands over the blocks that wait, children first. A folder without any has none below it either. */
export async function flush(folder: Folder, sink: BlockSink): Promise<void> {
  if (folder.blocks === undefined) return;
  for (const child of folder.children?.values() ?? []) if (isFolder(child)) await flush(child, sink);
  for (const block of folder.blocks) await sink(block);
  folder.blocks = undefined;
}
