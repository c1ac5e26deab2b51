import type { Archive, Entry } from '../../edition/archive.ts';
import type { ListedEntry } from '../../edition/pages/lists.ts';
import { relatedTo } from '../../edition/related.ts';
import type { Repository } from '../../repo/repository.ts';
import type { DueArticle } from './plan.ts';

/**
 * Stages what is due as it is known before any bundle is made, to be completed when that is: which articles there will be, how they are
 * listed, and all that one of them shows of another is in the sources.
 */
export function stagePlanned(due: readonly DueArticle[], { articles }: Repository): Entry[] {
  const entries = due.map(plannedEntry);
  articles.stage(entries.map((entry) => ({ entry, source: '', digest: '', kind: 'publish' })));
  return entries;
}

/** The articles that the page of each planned one leads on to. */
export interface RelatedArticles {
  /** @param at its position in the plan. */
  of(at: number): ListedEntry[];
}

/** Finds them in an archive that what is planned is staged in, so that a page of the edition is made where its bundle is. */
export function relatedToPlanned(planned: readonly Entry[], archive: Archive): RelatedArticles {
  return {
    of: (at) => planned.slice(at, at + 1).flatMap((entry) => relatedTo(entry, archive).map(asListed)),
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
