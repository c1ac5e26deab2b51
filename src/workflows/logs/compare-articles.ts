import { CID } from 'multiformats/cid';
import { ARTICLE_JSON_LIMIT, parseArticle } from '../../bundle/article-json.ts';
import { articlePath } from '../../edition/layout.ts';
import type { LogFold, LoggedArticle } from '../../log/fold.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { refusal } from '../verification/judging.ts';
import { changedBundles } from './changed-bundles.ts';
import type { SeenLog } from './check-memory.ts';
import type { HeadLog } from './head-log.ts';

/**
 * What changed in the tree of articles since the log was seen is exactly what was logged since.
 *
 * @param fold of the entries since then.
 * @returns the number of articles that were compared.
 * @throws {OvnError} `refused`, naming the article.
 */
export async function requireLoggedChanges(
  { articles: logged }: LogFold,
  seen: SeenLog,
  { manifest, evidence }: HeadLog,
): Promise<number> {
  const before = CID.parse(seen.articles);
  const expected = new Map(logged);
  for await (const { id, cid } of changedBundles(before, CID.parse(manifest.articles.cid), evidence)) {
    const newest = expected.get(id)?.newest;
    if (cid === undefined) throw refusal(`${id} was logged, and is not there`);
    if (newest === undefined) throw refusal(`${id} is ${cid} now, and nothing was logged of it`);
    if (newest.cid !== cid.toString())
      throw refusal(`${id} is ${cid}; the log has ${newest.cid} as its ${newest.kind}`);
    expected.delete(id);
  }
  for (const [id, { newest }] of expected)
    throw refusal(`${id}: the ${newest.kind} of entry ${newest.index} (${newest.cid}) is not there`);
  return logged.size;
}

/**
 * Of every article of the fold: its earlier revisions are kept, but for those that were withheld, and nothing else is.
 *
 * @throws {OvnError} `refused`, naming article and revision.
 */
export async function requireEarlierRevisions({ articles }: LogFold, log: HeadLog): Promise<number> {
  let count = 0;
  for (const [id, article] of articles) count += await requireRevisionsOf(id, article, log);
  return count;
}

async function requireRevisionsOf(
  id: string,
  { earlier, withheld }: LoggedArticle,
  { edition }: HeadLog,
): Promise<number> {
  const entries = await edition.list(['revisions', ...articlePath(id)]);
  const present = new Map(entries.map(({ name, cid }) => [name, cid.toString()]));
  const kept = earlier.filter(({ revision }) => !withheld.has(revision));
  for (const { revision, cid } of kept) {
    const found = present.get(String(revision));
    if (found === undefined) throw refusal(`revision ${revision} of ${id} was logged, and is not kept`);
    if (found !== cid) throw refusal(`revision ${revision} of ${id} is ${found}; the log has ${cid}`);
    present.delete(String(revision));
  }
  const [other] = present.keys();
  if (other === undefined) return kept.length;
  throw refusal(
    withheld.has(Number(other))
      ? `revision ${other} of ${id} was withheld, and is still there`
      : `revision ${other} of ${id} is there, and was never logged as an earlier one`,
  );
}

/**
 * Of every article of the fold: its record says of itself what its entry does, and that it is retracted exactly if it was
 * logged so. A retraction that is logged as something else, or not at all, would be missed by who follows the log.
 *
 * @returns how many are retracted.
 * @throws {OvnError} `refused`, naming the article.
 */
export async function requireRetractions({ articles }: LogFold, { evidence }: HeadLog): Promise<number> {
  let count = 0;
  for (const [id, { newest, retracted }] of articles) {
    const link = await resolvePath(CID.parse(newest.cid), ['article.json'], evidence.read);
    if (link === undefined) throw refusal(`${id} (${newest.cid}) has no article.json`);
    const record = parseArticle(await evidence.file(link.cid, ARTICLE_JSON_LIMIT));
    if (record.identifier !== id || record.revision !== newest.revision)
      throw refusal(`entry ${newest.index} is of ${id}, revision ${newest.revision}; its bundle is not`);
    if ((record.status === 'retracted') !== retracted)
      throw refusal(`${id} is ${record.status}; entry ${newest.index} of the log is a ${newest.kind}`);
    if (retracted) count++;
  }
  return count;
}
