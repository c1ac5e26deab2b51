import type { CID } from 'multiformats/cid';
import type { Block, BlockReader, BlockSink, Link } from './block.ts';
import { addDirectory, type DirectoryEntry, openDirectory } from './directory.ts';
import { compareNames } from './directory-block.ts';
import { FlatDirectory } from './flat-directory.ts';

/** What a directory in memory holds under a name: what is stored, or a directory that is in memory as well. */
export type Child = Link | Folder;

/** A directory in memory. What lies above something changed must be marked as changed too ({@link Folder.markChanged}). */
export class Folder {
  /** What it was read from or encoded to; absent once it was changed. */
  #link: Link | undefined;
  /** As it is stored; absent until it is read. */
  #stored: FlatDirectory | undefined;
  /** What was put, opened or (`undefined`) removed since. */
  readonly #held = new Map<string, Child | undefined>();
  /** How many entries there are. */
  #count = 0;
  /** Encoded and not yet written. */
  #blocks: Block[] = [];

  private constructor(link: Link | undefined, stored: FlatDirectory | undefined) {
    this.#link = link;
    this.#stored = stored;
  }

  /** A directory without entries. */
  static empty(): Folder {
    return new Folder(undefined, FlatDirectory.EMPTY);
  }

  /** A directory that is stored and not yet read. */
  static at(link: Link): Folder {
    return new Folder(link, undefined);
  }

  /** Reads it, if that was not done. `false` where its link is to no directory. Most calls find it done: those cost no promise. */
  load(read: BlockReader): boolean | Promise<boolean> {
    return this.#stored !== undefined || this.#link === undefined || this.#open(this.#link.cid, read);
  }

  async #open(cid: CID, read: BlockReader): Promise<boolean> {
    const stored = await openDirectory(cid, read);
    if (stored === undefined) return false;
    this.#stored = stored instanceof FlatDirectory ? stored : FlatDirectory.EMPTY;
    this.#count = stored.length;
    if (Array.isArray(stored)) for (const { name, cid, size } of stored) this.#held.set(name, { cid, size });
    return true;
  }

  /** What lies under a name, if anything does. The folder must be loaded, as for all that follows. */
  child(name: string): Child | undefined {
    return this.#held.has(name) ? this.#held.get(name) : this.#stored?.get(name);
  }

  /** Puts something under a name. */
  put(name: string, child: Child): void {
    if (this.child(name) === undefined) this.#count++;
    this.#held.set(name, child);
  }

  /** Takes away what lies under a name. */
  remove(name: string): void {
    if (this.child(name) !== undefined) this.#count--;
    this.#held.set(name, undefined);
  }

  isEmpty(): boolean {
    return this.#count === 0;
  }

  /** All names, in the order of their bytes. */
  names(): string[] {
    const stored = (this.#stored?.names() ?? []).filter((name) => !this.#held.has(name));
    const held = [...this.#held].filter(([, child]) => child !== undefined).map(([name]) => name);
    return held.length === 0 ? stored : [...stored, ...held].sort(compareNames);
  }

  /** The entries as they would be written, in order. */
  async entries(): Promise<DirectoryEntry[]> {
    const entries = (this.#stored?.entries() ?? []).filter(({ name }) => !this.#held.has(name));
    for (const [name, link] of await this.#changes()) if (link !== undefined) entries.push({ name, ...link });
    return entries.sort((a, b) => compareNames(a.name, b.name));
  }

  /** What it was read from or encoded to, unless it was changed since. */
  unchanged(): Link | undefined {
    return this.#link;
  }

  /** Forgets what it was encoded to. */
  markChanged(): void {
    this.#link = undefined;
    if (this.#blocks.length > 0) this.#blocks = [];
  }

  /** Its link, for which it is encoded if it was changed; its blocks wait for {@link flush}. */
  async link(): Promise<Link> {
    if (this.#link !== undefined) return this.#link;
    const stored = this.#stored ?? FlatDirectory.EMPTY;
    const flat = stored.with(await this.#changes());
    this.#blocks = flat === undefined ? [] : [{ cid: flat.cid, bytes: flat.bytes }];
    this.#link =
      flat === undefined
        ? await addDirectory(await this.entries(), (block) => void this.#blocks.push(block))
        : { cid: flat.cid, size: flat.size };
    return this.#link;
  }

  /** Hands over the blocks that wait, children first. A folder without any has none below it either. */
  async flush(sink: BlockSink): Promise<void> {
    if (this.#blocks.length === 0) return;
    for (const child of this.#held.values()) if (child instanceof Folder) await child.flush(sink);
    for (const block of this.#blocks) await sink(block);
    this.#blocks = [];
  }

  async #changes(): Promise<Map<string, Link | undefined>> {
    const changes = new Map<string, Link | undefined>();
    for (const [name, child] of this.#held) changes.set(name, child && (await linkOf(child)));
    return changes;
  }
}

/** The link of a child as it would be written. */
export async function linkOf(child: Child): Promise<Link> {
  return child instanceof Folder ? await child.link() : { cid: child.cid, size: child.size };
}
