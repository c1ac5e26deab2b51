import type { ArticleDocument } from '../article/document.ts';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../bundle/article-json.ts';
import { OvnError } from '../errors.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readDirectory } from '../unixfs/directory.ts';
import { readFile } from '../unixfs/file.ts';
import type { Entry } from './archive.ts';
import { linkOf } from './change.ts';

/** A page is its article, whose source has at most 1 MiB, and marks around each of its words at the worst. */
const PAGE_LIMIT = 64 * 1024 * 1024;

/** Gives index.html of an article's bundle, of whatever template it is. */
export type ReadBundlePage = (entry: Entry) => Promise<Uint8Array>;

/**
 * article.json of an article's bundle.
 * @throws {OvnError} `damaged` where the bundle is not whole; `malformed`, `limit`
 */
export async function bundleDocument(entry: Entry, read: BlockReader): Promise<ArticleDocument> {
  const bytes = await readInside(entry, 'article.json', ARTICLE_JSON_LIMIT, read);
  return parseArticle(bytes);
}

/**
 * Reads them from where bundles are kept.
 * @throws {OvnError} `damaged` where a bundle is not whole
 */
export function bundlePages(read: BlockReader): ReadBundlePage {
  return (entry) => readInside(entry, 'index.html', PAGE_LIMIT, read);
}

async function readInside(entry: Entry, name: string, limit: number, read: BlockReader): Promise<Uint8Array> {
  const inside = await readDirectory(linkOf(entry).cid, read);
  const file = inside.find((each) => each.name === name);
  if (file === undefined)
    throw new OvnError('damaged', `the bundle of ${entry.id} (${entry.cid}) has no ${name}`);
  return readFile(file.cid, read, { limit });
}
