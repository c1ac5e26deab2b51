import type { Category } from '../article/document.ts';
import type { Entry } from '../edition/archive.ts';
import { ALL, CountChanges } from './article-counts.ts';
import { compareOrder, type Ordered, orderOf } from './article-order.ts';
import type { EventKind } from './events.ts';

/** A revision that is to become the newest of its article. */
export interface StagedRevision {
  entry: Entry;
  source: string;
  /** Of the normalised source and its media. */
  digest: string;
  kind: EventKind;
  /** Of a retraction: revisions whose text is not to be had any more. */
  withheld?: number[];
  /** The revision before, where there is one. */
  previous?: { cid: string; size: number; revision: number };
}

/** The newest staged revision of an article, and the categories that the stored one is in. */
export interface StagedArticle {
  order: Ordered;
  source: string;
  /** How many articles were first published before it. */
  ordinal: number;
  /** Nothing where the article is new. */
  stored: readonly Category[] | undefined;
}

/** Changes on top of the stored index, in memory, where only this process sees them. */
export class StagedChanges {
  readonly articles = new Map<string, StagedArticle>();
  readonly #revisions = new Map<string, StagedRevision[]>();
  readonly names = new Map<string, string>();
  /** Made when first asked for. */
  #counts: CountChanges | undefined;
  /** By category and period, in order. Made when first asked for. */
  #listed: Map<string, Ordered[]> | undefined;
  /** By category, in the order of first publication. Made when first asked for. */
  #numbered: Map<string, StagedArticle[]> | undefined;

  get isEmpty(): boolean {
    return this.articles.size === 0;
  }

  /** How the numbers of articles change. */
  get counts(): CountChanges {
    this.#counts ??= this.#count();
    return this.#counts;
  }

  /** In the order in which they were staged, oldest first of each article. */
  get revisions(): StagedRevision[] {
    return [...this.#revisions.values()].flat();
  }

  revisionsOf(id: string): readonly StagedRevision[] {
    return this.#revisions.get(id) ?? [];
  }

  /** @param stored the categories of the article as it is stored, where it is. */
  add(revision: StagedRevision, ordinal: number, stored: readonly Category[] | undefined): void {
    const { entry, source } = revision;
    const before = this.articles.get(entry.id);
    this.articles.set(entry.id, { order: orderOf(entry), source, ordinal, stored: before?.stored ?? stored });
    this.#revisions.set(entry.id, [...this.revisionsOf(entry.id), revision]);
    for (const { slug, name } of entry.categories) this.names.set(slug, name);
    this.#counts = undefined;
    this.#listed = undefined;
    this.#numbered = undefined;
  }

  /**
   * Puts what became of a planned revision in its place. Lists and counts stay as they are: what they are made by was known.
   *
   * @throws {Error} where it is listed otherwise than the planned one, or none is planned: a defect of the caller.
   */
  complete(revision: StagedRevision): void {
    const { entry, source } = revision;
    const article = this.articles.get(entry.id);
    const planned = article?.order.entry;
    if (article === undefined || planned === undefined || !isListedAlike(planned, entry))
      throw new Error(`revision ${entry.revision} of ${entry.id} is not what was planned`);
    // The very entry: whoever keeps what an entry gave keeps it by that.
    Object.assign(planned, entry);
    article.source = source;
    this.#revisions.set(entry.id, [...this.revisionsOf(entry.id).slice(0, -1), revision]);
  }

  has(id: string): boolean {
    return this.articles.has(id);
  }

  /** The staged articles of a category in a period, newest first. */
  within(category: string, period: string): readonly Ordered[] {
    this.#listed ??= this.#list();
    return this.#listed.get(`${category} ${period}`) ?? [];
  }

  /** The staged articles of a category in the order of first publication, and the place among them where `ordinal` is or would be. */
  numbered(category: string, ordinal: number): { articles: readonly StagedArticle[]; at: number } {
    this.#numbered ??= this.#number();
    const articles = this.#numbered.get(category) ?? [];
    let [low, high] = [0, articles.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((articles[middle]?.ordinal ?? 0) < ordinal) low = middle + 1;
      else high = middle;
    }
    return { articles, at: low };
  }

  #number(): Map<string, StagedArticle[]> {
    const numbered = new Map<string, StagedArticle[]>();
    for (const article of [...this.articles.values()].sort((a, b) => a.ordinal - b.ordinal)) {
      for (const { slug } of article.order.entry.categories) {
        const list = numbered.get(slug);
        if (list === undefined) numbered.set(slug, [article]);
        else list.push(article);
      }
    }
    return numbered;
  }

  #count(): CountChanges {
    const counts = new CountChanges();
    for (const { order, stored } of this.articles.values()) {
      const { id, categories } = order.entry;
      if (stored === undefined) counts.add(ALL, id, 1);
      for (const { slug } of stored ?? []) counts.add(slug, id, -1);
      for (const { slug } of categories) counts.add(slug, id, 1);
    }
    return counts;
  }

  #list(): Map<string, Ordered[]> {
    const listed = new Map<string, Ordered[]>();
    const newestFirst = Array.from(this.articles.values(), ({ order }) => order).sort(compareOrder);
    for (const order of newestFirst) {
      const { id, categories } = order.entry;
      for (const category of [ALL, ...categories.map(({ slug }) => slug)]) {
        for (const period of ['', id.slice(0, 4), id.slice(0, 7), id.slice(0, 10)]) {
          const key = `${category} ${period}`;
          const list = listed.get(key);
          if (list === undefined) listed.set(key, [order]);
          else list.push(order);
        }
      }
    }
    return listed;
  }
}

/** Whether lists and pages that another article leads to one by are the same with both. */
function isListedAlike(a: Entry, b: Entry): boolean {
  return (
    a.revision === b.revision &&
    a.headline === b.headline &&
    a.description === b.description &&
    a.datePublished === b.datePublished &&
    a.dateModified === b.dateModified &&
    a.inLanguage === b.inLanguage &&
    a.status === b.status &&
    a.categories.length === b.categories.length &&
    a.categories.every(({ slug, name }, at) => {
      const other = b.categories[at];
      return slug === other?.slug && name === other.name;
    })
  );
}
