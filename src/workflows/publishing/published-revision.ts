import { CID } from 'multiformats/cid';
import type { Article } from '../../article/article.ts';
import type { ArticleDocument } from '../../article/document.ts';
import { OvnError } from '../../errors.ts';
import type { StoredArticle } from '../../repo/article-row.ts';
import type { Repository } from '../../repo/repository.ts';
import { readArticle } from '../read-article.ts';

/** @throws {OvnError} `damaged` when it is not whole. */
export async function readPublished(
  { blockstore }: Repository,
  { id, cid }: StoredArticle,
): Promise<ArticleDocument> {
  try {
    return await readArticle(CID.parse(cid), async (block) => blockstore.getBytes(block));
  } catch (error) {
    if (!(error instanceof OvnError) || error.code !== 'not-found') throw error;
    throw new OvnError('damaged', `the published revision of ${id} (${cid}) is not whole: ${error.message}`);
  }
}

/** What forbids a revision: a retraction is final, and so is that a text is withheld. */
export function retractionProblem({ retraction }: Article, published: ArticleDocument): string | undefined {
  if (published.status !== 'retracted') return undefined;
  if (retraction === undefined) {
    return 'this article is retracted, for good: give its source back the correction "type: retraction", or write a new article';
  }
  if (published.withheld === undefined || retraction.withhold) return undefined;
  return 'the text of this article is withheld, for good: give its retraction back "withhold: true"';
}
