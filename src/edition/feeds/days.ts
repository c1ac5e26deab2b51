import type { Archive } from '../archive.ts';

/** The days of a list that have articles, and which is next to which. */
export class Days {
  readonly #archive: Archive;
  readonly #category: string | undefined;
  /** Periods below a period, newest first. */
  readonly #periods = new Map<string, readonly string[]>();

  constructor(archive: Archive, category: string | undefined) {
    this.#archive = archive;
    this.#category = category;
  }

  /** Whether there are articles of this day. */
  has(day: string): boolean {
    return this.#below(day.slice(0, 7)).includes(day);
  }

  /** The newest day with articles before this one. */
  before(day: string): string | undefined {
    return this.#nearest('', (period) => period <= day.slice(0, period.length) && period !== day, this.#down);
  }

  /** The oldest day with articles after this one. */
  after(day: string): string | undefined {
    return this.#nearest('', (period) => period >= day.slice(0, period.length) && period !== day, this.#up);
  }

  readonly #down = (parent: string): readonly string[] => this.#below(parent);
  readonly #up = (parent: string): readonly string[] => this.#below(parent).toReversed();

  /** The first day below `parent`, in an order, of those that are asked for. */
  #nearest(
    parent: string,
    isAsked: (period: string) => boolean,
    inOrder: (parent: string) => readonly string[],
  ): string | undefined {
    for (const period of inOrder(parent)) {
      if (!isAsked(period)) continue;
      const found = period.length === DAY ? period : this.#nearest(period, isAsked, inOrder);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #below(parent: string): readonly string[] {
    let periods = this.#periods.get(parent);
    if (periods === undefined) {
      periods = this.#archive.periods(parent, this.#category).map(({ period }) => period);
      this.#periods.set(parent, periods);
    }
    return periods;
  }
}

/** Length of `YYYY/MM/DD`. */
const DAY = 10;
