import type { Entry } from '../archive.ts';
import type { FeedList } from './feed.ts';

/** Days of a month whose articles one document of a category holds; the last one of a month holds the 31st too. */
const CATEGORY_DAYS = 10;

/**
 * The document that older articles of a day are in, by its first day: in `articles/` each day has its own. A category has few
 * articles a day, and would consist of such documents for the most part.
 *
 * @param day `YYYY/MM/DD`
 */
export function documentOf({ category }: FeedList, day: string): string {
  if (category === undefined) return day;
  const last = 30 / CATEGORY_DAYS - 1;
  const part = Math.min(Math.floor((Number(day.slice(8)) - 1) / CATEGORY_DAYS), last);
  return `${day.slice(0, 8)}${String(part * CATEGORY_DAYS + 1).padStart(2, '0')}`;
}

/** Where the document lies in its tree of dates: beside the page that lists the same articles. */
export function placeOf({ category }: FeedList, document: string): { folder: string; stem: string } {
  if (category === undefined) return { folder: document, stem: 'feed' };
  return { folder: document.slice(0, 7), stem: `feed-${document.slice(8)}` };
}

/** The documents of a list that have articles, and which is next to which. */
export class Documents {
  readonly #list: FeedList;
  /** Periods below a period, newest first. */
  readonly #periods = new Map<string, readonly string[]>();

  constructor(list: FeedList) {
    this.#list = list;
  }

  /** The articles in a document, newest first. */
  entries(document: string): Entry[] {
    const { archive, category } = this.#list;
    const days = this.#below(document.slice(0, 7)).filter((day) => this.#of(day) === document);
    return days.flatMap((day) => archive.within(day, category?.slug));
  }

  /** Whether there are articles in it. */
  has(document: string): boolean {
    return this.#below(document.slice(0, 7)).some((day) => this.#of(day) === document);
  }

  /** The newest document with articles before this one. */
  before(document: string): string | undefined {
    const day = this.#nearest('', this.#down, (period) => period <= document && period !== document);
    return day && this.#of(day);
  }

  /** The oldest document with articles after this one. */
  after(document: string): string | undefined {
    const day = this.#nearest('', this.#up, (period) =>
      period.length < DAY ? period >= document.slice(0, period.length) : this.#of(period) > document,
    );
    return day && this.#of(day);
  }

  #of(day: string): string {
    return documentOf(this.#list, day);
  }

  readonly #down = (parent: string): readonly string[] => this.#below(parent);
  readonly #up = (parent: string): readonly string[] => this.#below(parent).toReversed();

  /** The first day below `parent`, in an order, of those that are asked for. */
  #nearest(
    parent: string,
    inOrder: (parent: string) => readonly string[],
    isAsked: (period: string) => boolean,
  ): string | undefined {
    for (const period of inOrder(parent)) {
      if (!isAsked(period)) continue;
      const found = period.length === DAY ? period : this.#nearest(period, inOrder, isAsked);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #below(parent: string): readonly string[] {
    const { archive, category } = this.#list;
    let periods = this.#periods.get(parent);
    if (periods === undefined) {
      periods = archive.periods(parent, category?.slug).map(({ period }) => period);
      this.#periods.set(parent, periods);
    }
    return periods;
  }
}

/** Length of `YYYY/MM/DD`. */
const DAY = 10;
