import type { BlockSink, Link } from '../unixfs/block.ts';
import type { Entry } from './archive.ts';
import { addText } from './change.ts';
import { Documents, documentOf } from './feeds/documents.ts';
import { type FeedList, folderOf } from './feeds/feed.ts';
import { addOlderFeed } from './feeds/place-feeds.ts';
import { periodsOf } from './layout.ts';
import { renderArchivePage } from './pages/archive-page.ts';
import { renderCategoryArchivePage } from './pages/category-page.ts';
import type { PageContext } from './pages/page.ts';

/** What is known of an article before its bundle is made. */
type Expected = Pick<Entry, 'id' | 'categories'>;

/** A page of the archive, or a document with older articles in every form: what lists the articles of one period. */
interface PeriodList {
  list: FeedList;
  /** `YYYY/MM` or `YYYY/MM/DD`; of a document its first day. */
  period: string;
  isFeed: boolean;
  /** How many of its articles are still to be made. */
  left: number;
}

/**
 * Lists of months and days that are made as soon as the last of their articles is: meanwhile another thread makes the bundles of
 * others. Which articles there are must be known from the beginning, and all that the archive is sorted and counted by. They are the
 * same that the edition would make.
 */
export class EarlyLists {
  readonly #context: PageContext;
  readonly #made: Map<string, Link>;
  readonly #sink: BlockSink;
  /** All articles, and those of each category by its slug. */
  readonly #all: FeedList;
  readonly #ofCategories = new Map<string, FeedList>();
  readonly #lists = new Map<string, PeriodList>();
  readonly #documents = new Map<FeedList, Documents>();

  /**
   * @param context with an archive that has what is expected, and later what was made in its place.
   * @param expected with their categories called as they are now.
   * @param made takes them in, by their paths in the edition.
   */
  constructor(context: PageContext, expected: readonly Expected[], made: Map<string, Link>, sink: BlockSink) {
    this.#context = context;
    this.#made = made;
    this.#sink = sink;
    const { publication, archive } = context;
    this.#all = { publication, archive };
    for (const category of expected.flatMap(({ categories }) => categories))
      this.#ofCategories.set(category.slug, { publication, archive, category });
    for (const article of expected) for (const list of this.#listsOf(article)) list.left += 1;
  }

  /** Told of every article that was expected when the archive has it as it was made. */
  async add(article: Expected): Promise<void> {
    for (const list of this.#listsOf(article)) {
      list.left -= 1;
      if (list.left === 0) await (list.isFeed ? this.#makeFeed(list) : this.#makePage(list));
    }
  }

  #listsOf({ id, categories }: Expected): PeriodList[] {
    const [, , month, day] = periodsOf(id);
    const lists = [this.#page(this.#all, month), this.#page(this.#all, day), this.#feed(this.#all, day)];
    for (const { slug } of categories) {
      const list = this.#ofCategories.get(slug);
      if (list !== undefined) lists.push(this.#page(list, month), this.#feed(list, day));
    }
    return lists;
  }

  #page(list: FeedList, period: string): PeriodList {
    return this.#listOf(pagePathOf(list, period), { list, period, isFeed: false });
  }

  #feed(list: FeedList, day: string): PeriodList {
    const period = documentOf(list, day);
    return this.#listOf(`${folderOf(list)}/${period}`, { list, period, isFeed: true });
  }

  #listOf(key: string, given: Omit<PeriodList, 'left'>): PeriodList {
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = { ...given, left: 0 };
      this.#lists.set(key, list);
    }
    return list;
  }

  async #makePage({ list, period }: PeriodList): Promise<void> {
    const text =
      list.category === undefined
        ? renderArchivePage(this.#context, period)
        : renderCategoryArchivePage(this.#context, list.category, period);
    this.#made.set(pagePathOf(list, period), await addText(text, this.#sink));
  }

  async #makeFeed({ list, period }: PeriodList): Promise<void> {
    const documents = this.#documents.get(list) ?? new Documents(list);
    this.#documents.set(list, documents);
    for (const { path, link } of await addOlderFeed(list, documents, period, this.#sink))
      this.#made.set(`${folderOf(list)}/${path}`, link);
  }
}

/** Where the page of a period lies in the edition. */
export function pagePathOf(list: FeedList, period: string): string {
  return `${folderOf(list)}/${period}/index.html`;
}
