import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { openDatabase } from '../../src/repo/database.ts';

/** A text or bytes that must lie nowhere, by what they are. */
export type Needles = Readonly<Record<string, string | Uint8Array>>;

/**
 * What of the needles lies below some folders: in a file (the database, its WAL and whatever else), or in a block of the
 * database of a repository. Each as `needle in place`.
 */
export function tracesIn(folders: readonly string[], repository: string, needles: Needles): string[] {
  const found = new Set<string>();
  const search = (place: string, bytes: Uint8Array): void => {
    for (const [name, needle] of Object.entries(needles))
      if (Buffer.from(bytes).includes(Buffer.from(needle as Uint8Array))) found.add(`${name} in ${place}`);
  };
  for (const folder of folders)
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const file = join(entry.parentPath, entry.name);
      search(file, Buffer.from(file));
      if (entry.isFile()) search(file, readFileSync(file));
    }
  using db = openDatabase(join(repository, '.ovn/ovn.db'), { create: false });
  const blocks = db.prepare('SELECT multihash, bytes FROM blocks').all() as unknown as Block[];
  for (const { multihash, bytes } of blocks) {
    search('a block', bytes);
    search('the name of a block', multihash);
  }
  if (blocks.length === 0) throw new Error('there is no block to search');
  return [...found].sort();
}

interface Block {
  multihash: Uint8Array;
  bytes: Uint8Array;
}

/** A CID as it would be met: written out, and in the links of other blocks. */
export function cidNeedles(name: string, cid: string): Needles {
  return { [`${name} (text)`]: cid, [`${name} (bytes)`]: CID.parse(cid).multihash.digest };
}
