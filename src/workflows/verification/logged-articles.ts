import type { LogFold, LoggedArticle } from '../../log/fold.ts';
import type { Check } from '../../trust/check.ts';
import type { JudgedArticle, JudgedBundles } from './bundles.ts';
import { checkAsync, refusal } from './judging.ts';
import type { PlacedBundle } from './placed-bundles.ts';

/** The tree of articles is the fold of the log: nothing dropped, nothing hidden (design section 3, "Log"). */
export async function judgeLoggedArticles(
  checks: Check[],
  fold: LogFold,
  newest: readonly PlacedBundle[],
  judged: JudgedBundles,
): Promise<void> {
  await checkAsync(
    checks,
    'log-articles',
    async () => requireArticles(fold, newest, judged),
    (count) => `the newest revisions of all ${count} articles are the ones that were logged last`,
  );
}

/**
 * The articles that are there are those that were logged, each the newest as the log has it.
 *
 * @param judged those whose records are at hand, and are to say of retractions what the log says.
 * @throws {OvnError} `refused`, naming the article.
 */
export function requireArticles(
  { articles }: LogFold,
  newest: readonly PlacedBundle[],
  judged: JudgedBundles,
): number {
  const placed = new Map(newest.map(({ id, cid }) => [id, cid.toString()]));
  for (const [id, article] of articles) {
    const { newest: logged } = article;
    const found = placed.get(id);
    if (found === undefined) throw refusal(`${id} was logged, and is not there`);
    if (found !== logged.cid) {
      throw refusal(
        `${id} is ${found}; the log has ${logged.cid} as its ${logged.kind}, revision ${logged.revision}`,
      );
    }
    requireRetraction(id, article, judged.articles.get(found));
    placed.delete(id);
  }
  for (const id of placed.keys()) throw refusal(`${id} is there, and was never logged`);
  return articles.size;
}

/** The log tells of a retraction, and of what it withholds, what the article says itself. */
export function requireRetraction(
  id: string,
  { retracted, withheld }: LoggedArticle,
  article: JudgedArticle | undefined,
): void {
  if (article === undefined) return;
  if (retracted !== article.retracted)
    throw refusal(`${id} is ${article.retracted ? '' : 'not '}retracted, and the log has it otherwise`);
  if (withheld.size !== article.withheld.length || article.withheld.some((each) => !withheld.has(each)))
    throw refusal(`${id} withholds other revisions than the log says`);
}
