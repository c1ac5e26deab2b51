import type { Category, Correction } from '../article/document.ts';

/** What lists and feeds need to know of the newest revision of one article. */
export interface Entry {
  /** Article id, `YYYY/MM/DD/<slug>`. */
  id: string;
  headline: string;
  description?: string;
  /** As in article.json. */
  datePublished: string;
  dateModified: string;
  inLanguage: string;
  categories: Category[];
  authors: string[];
  status: 'published' | 'retracted';
  /** Its correction notices, in the order of the source. */
  notices: readonly Correction[];
  /** The terms that it is found by; see `articleTerms`. Absent where it is retracted. */
  terms?: string;
  /** The picture that stands for it, by its path in the bundle. */
  image?: EntryImage;
  revision: number;
  /** CID of the bundle. */
  cid: string;
  /** Tsize of the bundle's root. */
  size: number;
}

export interface EntryImage {
  /** `media/…` */
  path: string;
  type: string;
  /** Bytes. */
  size: number;
  alt: string;
  /** Pixels. */
  width?: number;
  height?: number;
}

/** A correction notice, and the article it belongs to. */
export interface Noticed {
  entry: Entry;
  notice: Correction;
}

/** What the search index says of an article. */
export type FindableEntry = Pick<
  Entry,
  'id' | 'headline' | 'description' | 'inLanguage' | 'status' | 'terms'
>;

/** An article, and how many were first published before it. */
export interface NumberedEntry {
  ordinal: number;
  entry: FindableEntry;
}

export interface EarlierRevision {
  revision: number;
  cid: string;
  size: number;
}

export interface CategoryState {
  slug: string;
  name: string;
  count: number;
  /** The newest `dateModified` among its articles. */
  updated: string;
}

/**
 * The articles of the edition that is being made, newest first: by day as written, then by the moment of publication,
 * then by id. A function of the set of articles, never of the order in which they came.
 */
export interface Archive {
  count(category?: string): number;
  newest(limit: number, category?: string): Entry[];
  /** Everything in a period: `YYYY`, `YYYY/MM` or `YYYY/MM/DD`. */
  within(period: string, category?: string): Entry[];
  /** The periods directly below `parent` (`''`, `YYYY`, `YYYY/MM`), newest first, with the number of articles in each. */
  periods(parent: string, category?: string): { period: string; count: number }[];
  categories(): CategoryState[];
  /** Correction notices, newest first (then by article id, then as in the source); of a year `YYYY`, or the newest so many. */
  notices(of: { year: string } | { limit: number }): Noticed[];
  /** The years that notices are dated in, newest first. */
  noticeYears(): { year: string; count: number }[];
  /**
   * Articles of a category that were first published before this one, the nearest first: by the order of the log, in which
   * those of one publication are sorted by id. None of an article that was never published.
   */
  predecessors(id: string, category: string, limit: number): Entry[];
  /** Those that were first published after it, the nearest first. */
  successors(id: string, category: string, limit: number): Entry[];
  /** The articles that were first published as number `ordinal` (counted from 0) or later, in that order. */
  since(ordinal: number): NumberedEntry[];
  /** Everything in a period, in the order of first publication. */
  inOrder(period: string): NumberedEntry[];
  /** Revisions before the newest one, oldest first. */
  earlierRevisions(id: string): EarlierRevision[];
}
