import { instantOf } from '../article/calendar.ts';
import type {
  Archive,
  CategoryState,
  EarlierRevision,
  Entry,
  Noticed,
  NumberedEntry,
} from '../edition/archive.ts';
import { ALL } from './article-counts.ts';
import { compareOrder, type Ordered, orderOf } from './article-order.ts';
import { type LastChange, NO_LIMIT, type Numbered, type SqlArchive } from './sql-archive.ts';
import type { StagedArticle, StagedChanges } from './staged-changes.ts';

/** The index with staged changes on top, as the next edition shows it. */
export class MergedArchive implements Archive {
  readonly #stored: SqlArchive;
  readonly #staged: StagedChanges;
  /** Whether nothing is stored yet: a first publication has many pages, and nothing to look up for any of them. */
  readonly #isFirst: boolean;

  constructor(stored: SqlArchive, staged: StagedChanges) {
    this.#stored = stored;
    this.#staged = staged;
    this.#isFirst = stored.count() === 0;
  }

  count(category: string = ALL): number {
    return this.#stored.count(category) + this.#staged.counts.of(category);
  }

  newest(limit: number, category?: string): Entry[] {
    const staged = this.#staged.within(category ?? ALL, '');
    if (this.#isFirst) return staged.slice(0, limit).map(({ entry }) => entry);
    const stored = this.#stored.newest(limit + this.#staged.articles.size, category);
    return this.#merge(stored, staged).slice(0, limit);
  }

  within(period: string, category?: string): Entry[] {
    const staged = this.#staged.within(category ?? ALL, period);
    const stored = this.#isFirst ? [] : this.#stored.within(period, category);
    return this.#merge(stored, staged);
  }

  periods(parent: string, category: string = ALL): { period: string; count: number }[] {
    const counts = new Map(
      this.#stored.periods(parent, category).map(({ period, count }) => [period, count]),
    );
    for (const { period, change } of this.#staged.counts.below(category, parent)) {
      counts.set(period, (counts.get(period) ?? 0) + change);
    }
    return Array.from(counts, ([period, count]) => ({ period, count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => (a.period > b.period ? -1 : 1));
  }

  categories(): CategoryState[] {
    const names = new Map(this.#stored.names().map(({ slug, name }) => [slug, name]));
    for (const [slug, name] of this.#staged.names) names.set(slug, name);
    return Array.from(names, ([slug, name]) => ({ slug, name, count: this.count(slug) }))
      .filter(({ count }) => count > 0)
      .map((state) => ({ ...state, updated: this.#updated(state.slug) }))
      .sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }

  earlierRevisions(id: string): EarlierRevision[] {
    const added = this.#staged
      .revisionsOf(id)
      .map(({ entry: { revision, cid, size } }) => ({ revision, cid, size }));
    return [...this.#stored.revisions(id), ...added].slice(0, -1);
  }

  notices(of: { year: string } | { limit: number }): Noticed[] {
    const all = this.#notices().sort(compareNotices);
    return 'limit' in of
      ? all.slice(0, of.limit)
      : all.filter(({ notice }) => notice.datePublished.startsWith(of.year));
  }

  noticeYears(): { year: string; count: number }[] {
    const counts = new Map<string, number>();
    for (const { notice } of this.#notices()) {
      const year = notice.datePublished.slice(0, 4);
      counts.set(year, (counts.get(year) ?? 0) + 1);
    }
    return Array.from(counts, ([year, count]) => ({ year, count })).sort((a, b) =>
      a.year > b.year ? -1 : 1,
    );
  }

  predecessors(id: string, category: string, limit: number): Entry[] {
    const ordinal = this.#ordinal(id);
    if (ordinal === undefined) return [];
    const { articles, at } = this.#staged.numbered(category, ordinal);
    const staged = articles.slice(Math.max(0, at - limit), at);
    if (this.#isFirst) return staged.reverse().map(({ order }) => order.entry);
    const end = staged.length < limit ? Number.NEGATIVE_INFINITY : (staged.at(0)?.ordinal ?? 0);
    const before = upTo(this.#stored.before(ordinal, category), (each) => each < end);
    const stored = this.#nearest(before, limit);
    return nearestFirst(stored, staged, limit, (a, b) => b - a);
  }

  successors(id: string, category: string, limit: number): Entry[] {
    const ordinal = this.#ordinal(id);
    if (ordinal === undefined) return [];
    const { articles, at } = this.#staged.numbered(category, ordinal + 1);
    const staged = articles.slice(at, at + limit);
    const end = staged.length < limit ? Number.POSITIVE_INFINITY : (staged.at(-1)?.ordinal ?? 0);
    const after = upTo(this.#isFirst ? [] : this.#stored.after(ordinal, category), (each) => each > end);
    const stored = this.#nearest(after, limit);
    return nearestFirst(stored, staged, limit, (a, b) => a - b);
  }

  since(ordinal: number): NumberedEntry[] {
    const staged = [...this.#staged.articles.values()].filter((article) => article.ordinal >= ordinal);
    return this.#inOrder(this.#isFirst ? [] : this.#stored.since(ordinal), staged);
  }

  inOrder(period: string): NumberedEntry[] {
    const staged = this.#staged.within(ALL, period).map(({ entry }) => this.#staged.articles.get(entry.id));
    const articles = staged.filter((article) => article !== undefined);
    return this.#inOrder(this.#isFirst ? [] : this.#stored.inOrder(period), articles);
  }

  #inOrder(stored: readonly NumberedEntry[], staged: readonly StagedArticle[]): NumberedEntry[] {
    const kept = stored.filter(({ entry }) => !this.#staged.has(entry.id));
    const added = staged.map(({ ordinal, order }) => ({ ordinal, entry: order.entry }));
    return [...kept, ...added].sort((a, b) => a.ordinal - b.ordinal);
  }

  #ordinal(id: string): number | undefined {
    return this.#staged.articles.get(id)?.ordinal ?? this.#stored.ordinal(id);
  }

  /** The first of what is stored, those left out that are staged. */
  #nearest(stored: Iterable<Numbered>, limit: number): Numbered[] {
    const taken: Numbered[] = [];
    for (const article of stored) {
      if (taken.length >= limit) break;
      if (!this.#staged.has(article.entry.id)) taken.push(article);
    }
    return taken;
  }

  #notices(): Noticed[] {
    const stored = this.#stored.notices({ limit: NO_LIMIT });
    const staged = [...this.#staged.articles.values()].map(({ order }) => order.entry);
    const added = staged.flatMap((entry) => entry.notices.map((notice) => ({ entry, notice })));
    return [...stored.filter(({ entry }) => !this.#staged.has(entry.id)), ...added];
  }

  /** Both lists are in order; what is stored of a staged article is replaced. */
  #merge(stored: readonly Entry[], staged: readonly Ordered[]): Entry[] {
    const kept = stored.filter(({ id }) => !this.#staged.has(id));
    if (kept.length === 0) return staged.map(({ entry }) => entry);
    if (staged.length === 0) return kept;
    return [...kept.map(orderOf), ...staged].sort(compareOrder).map(({ entry }) => entry);
  }

  /** See {@link SqlArchive.lastChange} on equal moments. */
  #updated(category: string): string {
    let last = this.#stored.lastChange(category, (id) => this.#staged.has(id));
    for (const { modified, entry } of this.#staged.within(category, '')) {
      last = later(last, { modified, text: entry.dateModified });
    }
    return last?.text ?? '';
  }
}

/** Newest first, then by article; those of one article and moment stay in the order of the source. */
function compareNotices(a: Noticed, b: Noticed): number {
  const moments = instantOf(b.notice.datePublished) - instantOf(a.notice.datePublished);
  if (moments !== 0 || a.entry.id === b.entry.id) return moments;
  return a.entry.id < b.entry.id ? -1 : 1;
}

/** What comes before the end: beyond it enough is staged, and where all is staged, each article would pass over all others. */
function* upTo(articles: Iterable<Numbered>, isBeyond: (ordinal: number) => boolean): Generator<Numbered> {
  for (const article of articles) {
    if (isBeyond(article.ordinal)) return;
    yield article;
  }
}

function nearestFirst(
  stored: readonly Numbered[],
  staged: readonly StagedArticle[],
  limit: number,
  compare: (a: number, b: number) => number,
): Entry[] {
  const added = staged.map(({ ordinal, order }) => ({ ordinal, entry: order.entry }));
  const all = [...stored, ...added].sort((a, b) => compare(a.ordinal, b.ordinal));
  return all.slice(0, limit).map(({ entry }) => entry);
}

function later(a: LastChange | undefined, b: LastChange): LastChange {
  if (a === undefined) return b;
  if (a.modified !== b.modified) return a.modified > b.modified ? a : b;
  return a.text > b.text ? a : b;
}
