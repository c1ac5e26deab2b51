/** Stands for all articles where a category is asked for: no slug is empty. */
export const ALL = '';

/** A change of the number of articles of a category in a period; `depth` 0 is all time, 1 a year, 2 a month, 3 a day. */
export interface CountChange {
  category: string;
  depth: number;
  period: string;
  change: number;
}

/** Articles by category and period, as changes of what is stored. */
export class CountChanges {
  readonly #totals = new Map<string, CountChange>();
  /** By category and the period above. */
  readonly #below = new Map<string, Map<string, CountChange>>();

  /** Counts an article in (`change` 1) or out (-1) of a category, in every period it lies in. */
  add(category: string, id: string, change: 1 | -1): void {
    this.#total(category).change += change;
    let parent = '';
    for (const [at, period] of [id.slice(0, 4), id.slice(0, 7), id.slice(0, 10)].entries()) {
      this.#period(category, at + 1, parent, period).change += change;
      parent = period;
    }
  }

  of(category: string): number {
    return this.#totals.get(category)?.change ?? 0;
  }

  /** Changes of the periods directly below one. */
  below(category: string, parent: string): Iterable<CountChange> {
    return this.#below.get(`${category} ${parent}`)?.values() ?? [];
  }

  /** Every change that is one. */
  *all(): Generator<CountChange> {
    for (const total of this.#totals.values()) if (total.change !== 0) yield total;
    for (const periods of this.#below.values()) {
      for (const period of periods.values()) if (period.change !== 0) yield period;
    }
  }

  #total(category: string): CountChange {
    const found = this.#totals.get(category);
    if (found !== undefined) return found;
    const made = { category, depth: 0, period: '', change: 0 };
    this.#totals.set(category, made);
    return made;
  }

  #period(category: string, depth: number, parent: string, period: string): CountChange {
    const key = `${category} ${parent}`;
    const periods = this.#below.get(key) ?? new Map<string, CountChange>();
    this.#below.set(key, periods);
    const found = periods.get(period);
    if (found !== undefined) return found;
    const made = { category, depth, period, change: 0 };
    periods.set(period, made);
    return made;
  }
}
