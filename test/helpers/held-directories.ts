import type { CID } from 'multiformats/cid';
import { addDirectory, type DirectoryEntry } from '../../src/unixfs/directory.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { MemoryBlocks } from './memory-blocks.ts';

/** An entry that leads to a file whose content is its name. */
export function entry(name: string): DirectoryEntry {
  return { name, cid: rawCid(Buffer.from(name)), size: 1 };
}

/** Directories in memory that are read at once, as from a repository; none of their files is held. */
export class HeldDirectories {
  readonly #blocks = new MemoryBlocks();

  readonly getBytes = (cid: CID): Uint8Array | undefined => this.#blocks.blocks.get(cid.toString())?.bytes;

  async add(entries: readonly DirectoryEntry[]): Promise<CID> {
    return (await addDirectory(entries, this.#blocks.sink)).cid;
  }
}
