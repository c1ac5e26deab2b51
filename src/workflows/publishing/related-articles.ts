import type { Entry } from '../../edition/archive.ts';
import type { ListedEntry } from '../../edition/pages/lists.ts';
import { relatedTo } from '../../edition/related.ts';
import type { Repository } from '../../repo/repository.ts';
import type { DueArticle } from './plan.ts';

/** The articles that the page of each due one leads on to. */
export interface RelatedArticles {
  /** @param at its position in the plan. */
  of(at: number): ListedEntry[];
}

/**
 * Finds them before any bundle is made, so that a page of the edition is made where its bundle is: which articles they are, and all
 * that is shown of them, is in the sources. What is planned is staged for it, to be completed when it is made.
 */
export function relatedOfDue(due: readonly DueArticle[], repository: Repository): RelatedArticles {
  const entries = due.map(plannedEntry);
  repository.articles.stage(entries.map((entry) => ({ entry, source: '', digest: '', kind: 'publish' })));
  const archive = repository.articles.archive();
  return {
    of: (at) => entries.slice(at, at + 1).flatMap((entry) => relatedTo(entry, archive).map(asListed)),
  };
}

/** An article's entry as far as its source tells: nothing of its bundle, and of its notices only whether it is retracted. */
function plannedEntry({ article, published }: DueArticle): Entry {
  const { id, headline, description, datePublished, dateModified, inLanguage, categories, retraction } =
    article;
  const isTold = description !== undefined && retraction?.withhold !== true;
  return {
    ...{ id, headline, datePublished, dateModified, inLanguage, categories },
    ...(isTold ? { description } : {}),
    status: retraction === undefined ? 'published' : 'retracted',
    revision: (published?.revision ?? 0) + 1,
    ...{ authors: [], notices: [], cid: '', size: 0 },
  };
}

/** Only what goes to another thread and is shown there. */
function asListed({ id, headline, datePublished, inLanguage, status, notices }: Entry): ListedEntry {
  return { id, headline, datePublished, inLanguage, status, notices };
}
