import type { FileStat } from './source-files.ts';

/** How a source and the files that it shows looked when it was published. */
export interface SourceLook extends FileStat {
  media: readonly SourceMedia[];
}

/** A file that a source shows. */
export interface SourceMedia {
  path: string;
  stat: FileStat;
}

/** A row of the table of sources, as far as it says how files looked; `media` is JSON. */
export type LookRow = readonly [
  path: string,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  ino: number,
  media: string | null,
];

/** Reads rows by their paths. */
export interface LookRows {
  get(path: string): LookRow | undefined;
  /** Some of those that follow `path`, in the order of paths; none at the end. */
  after(path: string): LookRow[];
}

/**
 * Says how sources looked that are asked for one after the other, in the order of their paths. A page of rows is read at a time, and
 * none is held longer: ten thousand at once are an eighth of the time that one more article takes.
 */
export class SourceLooks {
  readonly #rows: LookRows;
  readonly #isEmpty: boolean;
  #page: LookRow[];
  #at = 0;
  readonly #passed: string[] = [];
  readonly #found = new Set<string>();

  constructor(rows: LookRows) {
    this.#rows = rows;
    this.#page = rows.after('');
    this.#isEmpty = this.#page.length === 0;
  }

  /** How a source looked; nothing where it was never published. Each is asked for once. */
  of(path: string): SourceLook | undefined {
    let row = this.#row;
    for (; row !== undefined && row[0] < path; row = this.#next()) this.#passed.push(row[0]);
    if (row?.[0] !== path) return this.#find(path);
    this.#next();
    return lookOf(row);
  }

  /** The published sources that nobody asked for. */
  rest(): string[] {
    for (let row = this.#row; row !== undefined; row = this.#next()) this.#passed.push(row[0]);
    return this.#passed.filter((path) => !this.#found.has(path));
  }

  /** It may be there all the same: SQLite compares UTF-8, JavaScript UTF-16, and they disagree on characters beyond U+FFFF. */
  #find(path: string): SourceLook | undefined {
    const row = this.#isEmpty ? undefined : this.#rows.get(path);
    if (row === undefined) return undefined;
    this.#found.add(path);
    return lookOf(row);
  }

  get #row(): LookRow | undefined {
    return this.#page[this.#at];
  }

  #next(): LookRow | undefined {
    const last = this.#row;
    this.#at += 1;
    if (this.#at === this.#page.length && last !== undefined) {
      this.#page = this.#rows.after(last[0]);
      this.#at = 0;
    }
    return this.#row;
  }
}

/** @param row `media` is as {@link mediaText} writes it. */
export function lookOf([, size, mtimeMs, ctimeMs, ino, media]: LookRow): SourceLook {
  return { size, mtimeMs, ctimeMs, ino, media: readMedia(media) };
}

export function readMedia(text: string | null): SourceMedia[] {
  return text === null ? [] : (JSON.parse(text) as SourceMedia[]);
}

export function mediaText(media: readonly SourceMedia[]): string | null {
  return media.length === 0 ? null : JSON.stringify(media);
}
