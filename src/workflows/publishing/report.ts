import type { EditionTrees } from '../../edition/build-edition.ts';
import type { Finding } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import type { SourceIndex } from '../../repo/source-index.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import { changesOf, type EditionChanges, NO_CHANGES } from './edition-changes.ts';
import type { Plan } from './plan.ts';
import type { ClockDoubt } from './release-clock.ts';

export interface ReportedArticle {
  id: string | null;
  source: string;
  headline: string | null;
  /** Nothing for an article that is held and was never published. */
  cid: string | null;
  revision: number;
  /** `rerendered`: the same article, with a page as it is made now. */
  status: 'published' | 'revised' | 'rerendered' | 'unchanged' | 'held';
}

/** What `ovn publish --json` prints, and what the command's lines are made of. */
export interface PublishReport {
  status: 'published' | 'unchanged' | 'refreshed';
  publication: string;
  sequence: number;
  edition: string;
  manifest: string;
  /** Whether all pages of the edition were made anew: its name, tagline, language or address changed, or what the program makes. */
  renewed: boolean;
  /** What changed of the outlet and the categories since the edition before. */
  changes: EditionChanges;
  /** Every article considered, by source; those that are unchanged only where they were asked for. */
  articles: ReportedArticle[];
  /** Every category of the edition. */
  categories: Record<string, { name: string; cid: string; count: number }>;
  /** Sources that were published and are gone: what is published stays. */
  missing: { source: string; id: string }[];
  /** Articles that were taken out of a category. */
  left: { id: string; category: string }[];
  /** `until` is a moment in UTC; null where it is not one that holds the source back. */
  held: { source: string; reason: string; until: string | null }[];
  /** Set where embargoes that seem to be over wait, because the clock may run ahead. */
  clock: ClockDoubt | null;
  warnings: Finding[];
}

/** What a publication came to, or would come to. */
export interface PublishResult {
  head: Head;
  plan: Plan;
  doubt: ClockDoubt | undefined;
  staged: readonly StagedRevision[];
  /** The new edition's; without it the head's categories are reported. */
  trees?: EditionTrees;
  /** The manifest of the edition before. */
  previous?: Manifest | undefined;
  renewed: boolean;
  listUnchanged: boolean;
}

/** The report of a publication; it is complete also when nothing changed. */
export function reportPublication(
  status: PublishReport['status'],
  publication: string,
  repository: Repository,
  { head, plan, doubt, staged, trees, previous, renewed, listUnchanged }: PublishResult,
): PublishReport {
  return {
    status,
    publication,
    sequence: head.sequence,
    edition: head.edition,
    manifest: head.manifest,
    renewed,
    changes: trees === undefined ? NO_CHANGES : changesOf(repository, previous, trees, staged),
    articles: [
      ...staged.map(reportStaged),
      ...(listUnchanged ? reportUnchanged(repository, plan) : []),
      ...reportHeld(repository, plan),
    ].sort((a, b) => (a.source < b.source ? -1 : 1)),
    categories: trees === undefined ? categoriesOfHead(repository) : categoriesOf(trees),
    missing: plan.missing,
    left: plan.due.flatMap(({ article, published }) => {
      const now = new Set(article.categories.map(({ slug }) => slug));
      const gone = published?.categories.filter(({ slug }) => !now.has(slug)) ?? [];
      return gone.map(({ slug }) => ({ id: article.id, category: slug }));
    }),
    held: plan.held.map(({ source, reason, until = null }) => ({ source, reason, until })),
    clock: doubt ?? null,
    warnings: plan.warnings,
  };
}

function reportStaged({ entry, source, kind }: StagedRevision): ReportedArticle {
  const { id, headline, cid, revision } = entry;
  const revised = kind === 'rerender' ? 'rerendered' : 'revised';
  return { id, source, headline, cid, revision, status: revision === 1 ? 'published' : revised };
}

/** Of many, one pass over the index is cheaper than a look-up each. */
const LOOK_UPS = 100;

function reportUnchanged(
  { articles, sources }: Repository,
  { untouched, unchanged }: Plan,
): ReportedArticle[] {
  const all = [...unchanged, ...withIds(untouched, sources)];
  const listed = all.length > LOOK_UPS ? articles.headlines() : undefined;
  return all.flatMap(({ source, id }) => {
    const article = listed === undefined ? articles.get(id) : listed.get(id);
    if (article === undefined) return [];
    const { headline, cid, revision } = article;
    return [{ id, source, headline, cid, revision, status: 'unchanged' as const }];
  });
}

function withIds(untouched: readonly string[], sources: SourceIndex): Plan['unchanged'] {
  const ids = untouched.length > LOOK_UPS ? sources.articleIds() : undefined;
  return untouched.flatMap((source) => {
    const id = ids === undefined ? sources.get(source)?.articleId : ids.get(source);
    return id === undefined ? [] : [{ source, id }];
  });
}

function reportHeld(repository: Repository, { held }: Plan): ReportedArticle[] {
  return held.map(({ source, id, headline }) => {
    const published = id === undefined ? undefined : repository.articles.get(id);
    const title = headline ?? published?.headline ?? null;
    const { cid = null, revision = 0 } = published ?? {};
    return { id: id ?? null, source, headline: title, cid, revision, status: 'held' as const };
  });
}

function categoriesOfHead(repository: Repository): PublishReport['categories'] {
  const listed = Object.entries(repository.categories());
  return Object.fromEntries(listed.map(([slug, { name, cid, count }]) => [slug, { name, cid, count }]));
}

function categoriesOf(trees: EditionTrees): PublishReport['categories'] {
  const categories: PublishReport['categories'] = {};
  for (const [slug, { name, count, link }] of trees.categories) {
    categories[slug] = { name, cid: link.cid.toString(), count };
  }
  return categories;
}
