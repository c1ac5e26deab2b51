import type { Statements } from './statements.ts';

/** Stands for all articles where a category is asked for: no slug is empty. */
export const ALL = '';

/** Articles by category and period, as changes: what staging adds up before it is written. */
export class CountChanges {
  readonly #changes = new Map<string, { category: string; depth: number; period: string; change: number }>();

  /** Counts an article in (`change` 1) or out (-1) of a category, in every period it lies in. */
  add(category: string, id: string, change: 1 | -1): void {
    for (const [depth, period] of ['', id.slice(0, 4), id.slice(0, 7), id.slice(0, 10)].entries()) {
      const key = `${category} ${period}`;
      const found = this.#changes.get(key);
      if (found === undefined) this.#changes.set(key, { category, depth, period, change });
      else found.change += change;
    }
  }

  /** Adds them to what is staged already. */
  write(sql: Statements): void {
    for (const { category, depth, period, change } of this.#changes.values()) {
      if (change !== 0) sql.run(STAGE, category, depth, period, change);
    }
  }
}

const STAGE = `INSERT INTO staged_counts (category, depth, period, count) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;
