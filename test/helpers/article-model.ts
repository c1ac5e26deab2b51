import { instantOf } from '../../src/article/calendar.ts';
import type {
  Archive,
  CategoryState,
  EarlierRevision,
  Entry,
  FindableEntry,
  Noticed,
  NumberedEntry,
} from '../../src/edition/archive.ts';

/** What search needs of an entry, and nothing else of it. */
export function findable(entry: FindableEntry): FindableEntry {
  const { id, headline, description, inLanguage, status, terms } = entry;
  return {
    ...{ id, headline, inLanguage, status },
    ...(description === undefined ? {} : { description }),
    ...(terms === undefined ? {} : { terms }),
  };
}

/** An archive that keeps everything in memory and goes through all of it for every answer: what the real one must equal. */
export class ArticleModel implements Archive {
  readonly #revisions = new Map<string, Entry[]>();
  readonly #names = new Map<string, string>();
  /** Ids in the order of first publication. */
  readonly #order: string[] = [];

  copy(): ArticleModel {
    const copy = new ArticleModel();
    copy.#order.push(...this.#order);
    for (const entry of [...this.#revisions.values()].flat()) copy.add(entry);
    for (const [slug, name] of this.#names) copy.#names.set(slug, name);
    return copy;
  }

  /** All of a publication at once: their first revisions are numbered by id. */
  addAll(entries: readonly Entry[]): void {
    this.number(entries.map(({ id }) => id));
    for (const entry of entries) this.add(entry);
  }

  /** Says that these are of one publication, before they are added. */
  number(ids: readonly string[]): void {
    const isNew = (id: string): boolean => !this.#order.includes(id);
    this.#order.push(...[...new Set(ids)].filter(isNew).sort());
  }

  add(entry: Entry): void {
    if (!this.#order.includes(entry.id)) this.#order.push(entry.id);
    this.#revisions.set(entry.id, [...this.revisions(entry.id), entry]);
    for (const { slug, name } of entry.categories) this.#names.set(slug, name);
  }

  revisions(id: string): Entry[] {
    return this.#revisions.get(id) ?? [];
  }

  get ids(): string[] {
    return [...this.#revisions.keys()];
  }

  count(category?: string): number {
    return this.#all(category).length;
  }

  newest(limit: number, category?: string): Entry[] {
    return this.#all(category).slice(0, limit);
  }

  within(period: string, category?: string): Entry[] {
    return this.#all(category).filter(({ id }) => id.startsWith(`${period}/`));
  }

  periods(parent: string, category?: string): { period: string; count: number }[] {
    const length = parent === '' ? 4 : parent.length + 3;
    const counts = new Map<string, number>();
    for (const { id } of parent === '' ? this.#all(category) : this.within(parent, category)) {
      counts.set(id.slice(0, length), (counts.get(id.slice(0, length)) ?? 0) + 1);
    }
    return Array.from(counts, ([period, count]) => ({ period, count }));
  }

  categories(): CategoryState[] {
    const slugs = new Set(this.#all().flatMap(({ categories }) => categories.map(({ slug }) => slug)));
    return [...slugs].sort().map((slug) => ({
      slug,
      name: this.#names.get(slug) ?? '',
      count: this.count(slug),
      updated: this.#all(slug)
        .map(({ dateModified }) => dateModified)
        .reduce(later),
    }));
  }

  earlierRevisions(id: string): EarlierRevision[] {
    return this.revisions(id)
      .slice(0, -1)
      .map(({ revision, cid, size }) => ({ revision, cid, size }));
  }

  notices(of: { year: string } | { limit: number }): Noticed[] {
    const all = this.#all()
      .sort((a, b) => compare(a.id, b.id))
      .flatMap((entry) => entry.notices.map((notice) => ({ entry, notice })))
      .sort((a, b) => compare(instantOf(b.notice.datePublished), instantOf(a.notice.datePublished)));
    return 'limit' in of
      ? all.slice(0, of.limit)
      : all.filter(({ notice }) => notice.datePublished.slice(0, 4) === of.year);
  }

  noticeYears(): { year: string; count: number }[] {
    const years = [
      ...new Set(this.notices({ limit: 1e9 }).map(({ notice }) => notice.datePublished.slice(0, 4))),
    ];
    return years
      .sort()
      .reverse()
      .map((year) => ({ year, count: this.notices({ year }).length }));
  }

  predecessors(id: string, category: string, limit: number): Entry[] {
    return this.#numbered(category, (at, own) => at < own, id)
      .reverse()
      .slice(0, limit);
  }

  successors(id: string, category: string, limit: number): Entry[] {
    return this.#numbered(category, (at, own) => at > own, id).slice(0, limit);
  }

  since(ordinal: number): NumberedEntry[] {
    const entries = new Map(this.#all().map((entry) => [entry.id, entry]));
    return this.#order.flatMap((id, at) => {
      const entry = entries.get(id);
      return at < ordinal || entry === undefined ? [] : [{ ordinal: at, entry: findable(entry) }];
    });
  }

  inOrder(period: string): NumberedEntry[] {
    return this.since(0).filter(({ entry }) => entry.id.startsWith(`${period}/`));
  }

  #numbered(category: string, isAsked: (at: number, own: number) => boolean, id: string): Entry[] {
    const own = this.#order.indexOf(id);
    if (own === -1) return [];
    const entries = new Map(this.#all(category).map((entry) => [entry.id, entry]));
    const asked = this.#order.filter((_, at) => isAsked(at, own));
    return asked.map((other) => entries.get(other)).filter((entry) => entry !== undefined);
  }

  #all(category?: string): Entry[] {
    const entries = [...this.#revisions.values()]
      .map((revisions) => revisions.at(-1))
      .filter((entry) => entry !== undefined);
    return entries
      .filter(({ categories }) => category === undefined || categories.some(({ slug }) => slug === category))
      .sort(newestFirst);
  }
}

function newestFirst(a: Entry, b: Entry): number {
  const days = compare(b.id.slice(0, 10), a.id.slice(0, 10));
  return days || compare(instantOf(b.datePublished), instantOf(a.datePublished)) || compare(a.id, b.id);
}

function later(a: string, b: string): string {
  return (compare(instantOf(a), instantOf(b)) || compare(a, b)) > 0 ? a : b;
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
