import { OvnError } from '../errors.ts';
import type { BlockReader, BlockSink, Link } from './block.ts';
import type { DirectoryEntry } from './directory.ts';
import { isEntryName } from './directory-block.ts';
import { type Child, Folder, linkOf } from './tree-folder.ts';

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
    return new Tree(Folder.empty(), read);
  }

  /** The tree below a directory that is stored. Nothing is read yet. */
  static open(link: Link, read: BlockReader): Tree {
    return new Tree(Folder.at(link), read);
  }

  /**
   * What lies at a path (`[]`: the root), as it would be written now; `undefined` where nothing does. The blocks of a directory that is
   * not written yet belong to its path: they are written where it lies then, not where its link is put in addition.
   * @throws OvnError `not-found` for a missing block, `malformed`
   */
  async get(path: readonly string[]): Promise<Link | undefined> {
    const folders = await this.#foldersTo(path.slice(0, -1));
    const name = path.at(-1);
    const child = name === undefined ? this.#root : folders?.at(-1)?.child(name);
    return child === undefined ? undefined : linkOf(child);
  }

  /** The entries of the directory at a path, in the order of their names' bytes; none where no directory is. Throws as {@link get}. */
  async list(path: readonly string[]): Promise<DirectoryEntry[]> {
    const folder = (await this.#foldersTo(path))?.at(-1);
    return folder === undefined ? [] : folder.entries();
  }

  /** As {@link list}, only the names: encodes nothing. */
  async names(path: readonly string[]): Promise<string[]> {
    const folder = (await this.#foldersTo(path))?.at(-1);
    return folder?.names() ?? [];
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
    if (isSame(parent.child(name), link)) return;
    parent.put(name, { cid: link.cid, size: link.size });
    for (const folder of folders) folder.markChanged();
  }

  /** Removes what lies at a path, if anything does, and the directories above it that become empty. The root stays. */
  async remove(path: readonly string[]): Promise<void> {
    const folders = await this.#foldersTo(path.slice(0, -1));
    if (folders?.at(-1)?.child(path.at(-1) ?? '') === undefined) return;
    for (let depth = path.length - 1; depth >= 0; depth--) {
      folders[depth]?.remove(path[depth] ?? '');
      if (folders[depth]?.isEmpty() !== true) break;
    }
    for (const folder of folders) folder.markChanged();
  }

  /** Whether nothing is in the tree. */
  async isEmpty(): Promise<boolean> {
    await this.#root.load(this.#read);
    return this.#root.isEmpty();
  }

  /** Encodes what changed, hands its blocks to the sink, children first, and returns the root. */
  async write(sink: BlockSink): Promise<Link> {
    const link = await this.#root.link();
    await this.#root.flush(sink);
    return link;
  }

  /** The folders from the root to the one at the path, loaded; `undefined` where one is not there (without `create`) or is a file. */
  async #foldersTo(
    path: readonly string[],
    options: { create?: boolean } = {},
  ): Promise<Folder[] | undefined> {
    let folder = this.#root;
    const folders = [folder];
    const loaded = folder.load(this.#read);
    if (loaded !== true && !(await loaded)) return undefined;
    for (const name of path) {
      const held = folder.child(name);
      const child = held ?? (options.create === true ? Folder.empty() : undefined);
      if (child === undefined) return undefined;
      const below = child instanceof Folder ? child : Folder.at(child);
      const loaded = below.load(this.#read);
      if (loaded !== true && !(await loaded)) return undefined;
      if (below !== held) folder.put(name, below);
      folders.push(below);
      folder = below;
    }
    return folders;
  }
}

/** Whether a child is what the link says, unchanged. */
function isSame(child: Child | undefined, { cid, size }: Link): boolean {
  const held = child instanceof Folder ? child.unchanged() : child;
  return held !== undefined && held.size === size && held.cid.equals(cid);
}
