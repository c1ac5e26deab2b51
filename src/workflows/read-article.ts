import type { CID } from 'multiformats/cid';
import type { ArticleDocument } from '../article/document.ts';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../bundle/article-json.ts';
import { OvnError } from '../errors.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { resolvePath } from '../unixfs/directory.ts';
import { readFile } from '../unixfs/file.ts';

/** article.json of a bundle, as its signature has it. */
export async function readArticle(bundle: CID, read: BlockReader): Promise<ArticleDocument> {
  return parseArticle(await readBundleFile(bundle, 'article.json', read));
}

/** @throws {OvnError} `not-found` when the bundle has no such file, or a block of it is not held. */
export async function readBundleFile(bundle: CID, path: string, read: BlockReader): Promise<Uint8Array> {
  const link = await resolvePath(bundle, path.split('/'), read);
  if (link === undefined) throw new OvnError('not-found', `${bundle} has no ${path}`);
  return readFile(link.cid, read, { limit: 4 * ARTICLE_JSON_LIMIT });
}
