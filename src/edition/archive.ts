import type { Category } from '../article/document.ts';

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
  /** Number of correction notices. */
  corrections: number;
  revision: number;
  /** CID of the bundle. */
  cid: string;
  /** Tsize of the bundle's root. */
  size: number;
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
  /** Revisions before the newest one, oldest first. */
  earlierRevisions(id: string): EarlierRevision[];
}
