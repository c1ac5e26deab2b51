import type { Archive, CategoryState, EarlierRevision, Entry } from '../edition/archive.ts';
import { ALL } from './article-counts.ts';
import { compareOrder, type Ordered, orderOf } from './article-order.ts';
import type { LastChange, SqlArchive } from './sql-archive.ts';
import type { StagedChanges } from './staged-changes.ts';

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

function later(a: LastChange | undefined, b: LastChange): LastChange {
  if (a === undefined) return b;
  if (a.modified !== b.modified) return a.modified > b.modified ? a : b;
  return a.text > b.text ? a : b;
}
