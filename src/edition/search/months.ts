import type { Archive, NumberedEntry } from '../archive.ts';

/** The articles of months in the order of their first publication, each month read once. */
export class Months {
  readonly #archive: Archive;
  readonly #lists = new Map<string, readonly NumberedEntry[]>();

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  of(month: string): readonly NumberedEntry[] {
    let list = this.#lists.get(month);
    if (list === undefined) {
      list = this.#archive.inOrder(month);
      this.#lists.set(month, list);
    }
    return list;
  }

  /** Twelve lists. */
  ofYear(year: string): (readonly NumberedEntry[])[] {
    const there = new Set(this.#archive.periods(year).map(({ period }) => period));
    return Array.from({ length: 12 }, (_, at) => {
      const month = `${year}/${String(at + 1).padStart(2, '0')}`;
      return there.has(month) ? this.of(month) : [];
    });
  }
}
