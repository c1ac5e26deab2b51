import { decisionOf } from '../../article/category-names.ts';
import type { Repository } from '../../repo/repository.ts';
import { type NamedBy, whoNames } from '../publishing/edition-changes.ts';
import { allSources, readCategorySources } from './category-sources.ts';
import { knownCategories } from './known-category.ts';

/** A category as the newsroom knows it. */
export interface ListedCategory {
  slug: string;
  /** As the next publication calls it. */
  name: string;
  /** Articles in the head edition, and sources that name it, published or not. */
  count: number;
  sources: number;
  /** In the head edition; null where it is in none. */
  cid: string | null;
  topic: string | null;
  formerly: string[];
  namedBy: NamedBy;
}

/** Every category that is published, that a source names, or that ovn.json decides; by slug. */
export function listCategories(repository: Repository): ListedCategory[] {
  const sources = readCategorySources(repository, allSources(repository));
  const published = repository.categories();
  const known = [...knownCategories(repository, sources)].sort(([a], [b]) => (a < b ? -1 : 1));
  return known.map(([slug, name]) => {
    const decision = decisionOf(repository.settings.categories ?? {}, slug);
    return {
      slug,
      name,
      count: published[slug]?.count ?? 0,
      sources: sources.filter(({ slugs }) => slugs.includes(slug)).length,
      cid: published[slug]?.cid ?? null,
      topic: decision?.topic ?? null,
      formerly: decision?.formerly ?? [],
      namedBy: whoNames(repository, slug),
    };
  });
}
