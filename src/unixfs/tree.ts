import { OvnError } from '../errors.ts';
import type { BlockReader, BlockSink, Link } from './block.ts';
import type { DirectoryEntry } from './directory.ts';
import { compareNames, isEntryName } from './directory-block.ts';
import {
  entriesOf,
  type Folder,
  flush,
  isFolder,
  isSame,
  linkOf,
  loadChildren,
  markChanged,
  newFolder,
  storedFolder,
} from './tree-folder.ts';

/**
 * A tree of directories that is changed by path copying: only what a path touches is read, only what changed is encoded, and the result
 * depends on the paths and links it holds, never on how it came to hold them. Calls must not overlap: await each one.
 */
export class Tree {
  readonly #root: Folder;
  readonly #read: BlockReader;

  private constructor(root: Folder, read: BlockReader) {
    this.#root = root;
    this.#read = read;
  }

  /** A tree without entries; `read` is needed only to go below directories that are put into it. */
  static empty(read: BlockReader = async () => undefined): Tree {
    return new Tree(newFolder(), read);
  }

  /** The tree below a directory that is stored. Nothing is read yet. */
  static open(link: Link, read: BlockReader): Tree {
    return new Tree(storedFolder(link), read);
  }

  /**
   * What lies at a path (`[]`: the root), as it would be written now; `undefined` where nothing does. The blocks of a directory that is
   * not written yet belong to its path: they are written where it lies then, not where its link is put in addition.
   * @throws OvnError `not-found` for a missing block, `malformed`
   */
  async get(path: readonly string[]): Promise<Link | undefined> {
    const folders = await this.#foldersTo(path.slice(0, -1));
    const name = path.at(-1);
    const child = name === undefined ? this.#root : folders?.at(-1)?.children?.get(name);
    return child === undefined ? undefined : linkOf(child);
  }

  /** The entries of the directory at a path, in the order of their names' bytes; none where no directory is. Throws as {@link get}. */
  async list(path: readonly string[]): Promise<DirectoryEntry[]> {
    const folder = (await this.#foldersTo(path))?.at(-1);
    return folder === undefined ? [] : entriesOf(folder);
  }

  /** As {@link list}, only the names: encodes nothing. */
  async names(path: readonly string[]): Promise<string[]> {
    const folder = (await this.#foldersTo(path))?.at(-1);
    return [...(folder?.children?.keys() ?? [])].sort(compareNames);
  }

  /**
   * Puts a link at a path, with the directories above it, in place of what was there.
   * @throws OvnError `exists` when a file lies on the way; TypeError for a name that no directory may hold
   */
  async set(path: readonly string[], link: Link): Promise<void> {
    const name = path.at(-1);
    if (name === undefined || !path.every(isEntryName)) {
      throw new TypeError(`not a path: ${JSON.stringify(path)}`);
    }
    const folders = await this.#foldersTo(path.slice(0, -1), { create: true });
    const parent = folders?.at(-1);
    if (folders === undefined || parent === undefined) {
      throw new OvnError('exists', `a file lies on the way to ${path.join('/')}`);
    }
    if (isSame(parent.children?.get(name), link)) return;
    parent.children?.set(name, { cid: link.cid, size: link.size });
    folders.forEach(markChanged);
  }

  /** Removes what lies at a path, if anything does, and the directories above it that become empty. The root stays. */
  async remove(path: readonly string[]): Promise<void> {
    const folders = await this.#foldersTo(path.slice(0, -1));
    if (folders === undefined || !folders.at(-1)?.children?.has(path.at(-1) ?? '')) return;
    for (let depth = path.length - 1; depth >= 0; depth--) {
      const children = folders[depth]?.children;
      children?.delete(path[depth] ?? '');
      if (children === undefined || children.size > 0) break;
    }
    folders.forEach(markChanged);
  }

  /** Whether nothing is in the tree. */
  async isEmpty(): Promise<boolean> {
    return (await this.names([])).length === 0;
  }

  /** Encodes what changed, hands its blocks to the sink, children first, and returns the root. */
  async write(sink: BlockSink): Promise<Link> {
    const link = await linkOf(this.#root);
    await flush(this.#root, sink);
    return link;
  }

  /** The folders from the root to the one at the path, loaded; `undefined` where one is not there (without `create`) or is a file. */
  async #foldersTo(
    path: readonly string[],
    options: { create?: boolean } = {},
  ): Promise<Folder[] | undefined> {
    const folders = [this.#root];
    let children = await loadChildren(this.#root, this.#read);
    for (const name of path) {
      const child = children?.get(name) ?? (options.create === true ? newFolder() : undefined);
      if (children === undefined || child === undefined) return undefined;
      const folder = isFolder(child) ? child : storedFolder(child);
      const below = folder.children ?? (await loadChildren(folder, this.#read));
      if (below === undefined) return undefined;
      children.set(name, folder);
      folders.push(folder);
      children = below;
    }
    return children === undefined ? undefined : folders;
  }
}
