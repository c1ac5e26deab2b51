import { OvnError } from '../errors.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readDirectory } from '../unixfs/directory.ts';
import { readFile } from '../unixfs/file.ts';
import type { Entry } from './archive.ts';
import { linkOf } from './change.ts';

/** A page is its article, whose source has at most 4 MiB, and marks around each of its words at the worst. */
const PAGE_LIMIT = 64 * 1024 * 1024;

/** Gives index.html of an article's bundle, of whatever template it is. */
export type ReadBundlePage = (entry: Entry) => Promise<Uint8Array>;

/**
 * Reads them from where bundles are kept.
 * @throws {OvnError} `damaged` where a bundle is not whole
 */
export function bundlePages(read: BlockReader): ReadBundlePage {
  return async (entry) => {
    const inside = await readDirectory(linkOf(entry).cid, read);
    const page = inside.find(({ name }) => name === 'index.html');
    if (page === undefined)
      throw new OvnError('damaged', `the bundle of ${entry.id} (${entry.cid}) has no page`);
    return readFile(page.cid, read, { limit: PAGE_LIMIT });
  };
}
