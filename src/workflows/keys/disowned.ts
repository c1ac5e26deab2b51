import { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';

/** A revision that a revoked key signed. */
export interface DisownedRevision {
  article: string;
  revision: number;
  /** Index of its entry in the log. */
  entry: number;
}

/** The revisions that a key signed and the log has from an entry on. */
export async function findDisowned(
  did: string,
  fromEntry: number,
  { events, blockstore }: Repository,
): Promise<DisownedRevision[]> {
  const read: BlockReader = async (cid) => blockstore.getBytes(cid);
  const found: DisownedRevision[] = [];
  for (const { article, revision, cid, position } of events.list({ from: fromEntry + 1 })) {
    if (article === undefined || revision === undefined || cid === undefined) continue;
    if (await isSignedBy(did, CID.parse(cid), read)) found.push({ article, revision, entry: position - 1 });
  }
  return found;
}

/** A bundle that is not here any more was withheld: nothing of it is shown. */
async function isSignedBy(did: string, bundle: CID, read: BlockReader): Promise<boolean> {
  if ((await read(bundle)) === undefined) return false;
  const link = await resolvePath(bundle, ['article.json'], read);
  if (link === undefined) return false;
  const { proof } = parseArticle(await readFile(link.cid, read, { limit: ARTICLE_JSON_LIMIT }));
  return (proof as { verificationMethod?: string }[]).some(({ verificationMethod }) =>
    verificationMethod?.startsWith(`${did}#`),
  );
}
