import type { Category } from '../article/document.ts';
import type { Archive, CategoryState, EarlierRevision, Entry, Noticed, NumberedEntry } from './archive.ts';

/**
 * An archive in which categories are called what they are called now: a bundle goes on saying the name that its category had when it was
 * made, and the edition's pages, feeds and manifest say one name.
 */
export class NamedArchive implements Archive {
  readonly #archive: Archive;
  readonly #names: ReadonlyMap<string, string>;

  /** @param names by slug; what is not among them keeps the name it has */
  constructor(archive: Archive, names: ReadonlyMap<string, string>) {
    this.#archive = archive;
    this.#names = names;
  }

  count(category?: string): number {
    return this.#archive.count(category);
  }

  newest(limit: number, category?: string): Entry[] {
    return this.#renamed(this.#archive.newest(limit, category));
  }

  within(period: string, category?: string): Entry[] {
    return this.#renamed(this.#archive.within(period, category));
  }

  periods(parent: string, category?: string): { period: string; count: number }[] {
    return this.#archive.periods(parent, category);
  }

  categories(): CategoryState[] {
    return this.#archive.categories().map((state) => renamed(state, this.#names));
  }

  notices(of: { year: string } | { limit: number }): Noticed[] {
    return this.#archive
      .notices(of)
      .map(({ entry, notice }) => ({ notice, entry: withNames(entry, this.#names) }));
  }

  noticeYears(): { year: string; count: number }[] {
    return this.#archive.noticeYears();
  }

  predecessors(id: string, category: string, limit: number): Entry[] {
    return this.#renamed(this.#archive.predecessors(id, category, limit));
  }

  successors(id: string, category: string, limit: number): Entry[] {
    return this.#renamed(this.#archive.successors(id, category, limit));
  }

  /** With the names of the bundles: articles are found by what their bundles say. */
  since(ordinal: number): NumberedEntry[] {
    return this.#archive.since(ordinal);
  }

  /** As {@link since}. */
  inOrder(period: string): NumberedEntry[] {
    return this.#archive.inOrder(period);
  }

  earlierRevisions(id: string): EarlierRevision[] {
    return this.#archive.earlierRevisions(id);
  }

  #renamed(entries: Entry[]): Entry[] {
    return this.#names.size === 0 ? entries : entries.map((entry) => withNames(entry, this.#names));
  }
}

/** An entry whose categories have their present names; the very entry where they have them already. */
export function withNames(entry: Entry, names: ReadonlyMap<string, string>): Entry {
  const isCalled = ({ slug, name }: Category): boolean => (names.get(slug) ?? name) === name;
  if (entry.categories.every(isCalled)) return entry;
  return { ...entry, categories: entry.categories.map((category) => renamed(category, names)) };
}

function renamed<C extends Category>(category: C, names: ReadonlyMap<string, string>): C {
  const name = names.get(category.slug) ?? category.name;
  return name === category.name ? category : { ...category, name };
}
