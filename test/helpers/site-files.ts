import type { CID } from 'multiformats/cid';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { readIfDirectory } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';

/** Every file below a root that is held whole, by its path. */
export async function filesBelow(root: CID, read: BlockReader, path = ''): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await readIfDirectory(root, read);
  if (entries === undefined) {
    files.set(path, Buffer.from(await readFile(root, read, { limit: 1 << 24 })).toString('utf8'));
    return files;
  }
  for (const { name, cid } of entries) {
    const below = await filesBelow(cid, read, path === '' ? name : `${path}/${name}`);
    for (const [each, text] of below) files.set(each, text);
  }
  return files;
}
