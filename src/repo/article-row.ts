import type { SQLInputValue } from 'node:sqlite';
import type { Category } from '../article/document.ts';
import type { Entry } from '../edition/archive.ts';
import type { Ordered } from './article-order.ts';

/** An article of the index, and the source it was made from. */
export interface StoredArticle extends Entry {
  /** As the source index names it. */
  source: string;
}

/** A row of `articles`. */
export interface ArticleRow {
  id: string;
  source: string;
  headline: string;
  description: string | null;
  date_published: string;
  date_modified: string;
  language: string;
  categories: string;
  authors: string;
  status: string;
  corrections: number;
  revision: number;
  cid: string;
  size: number;
}

/** The columns of {@link ArticleRow} and what they are sorted by, in the order of {@link toValues}. */
export const ARTICLE_COLUMNS = `id, instant, modified, source, headline, description, date_published, date_modified,
  language, categories, authors, status, corrections, revision, cid, size`;

export function toEntry(row: ArticleRow): Entry {
  return {
    id: row.id,
    headline: row.headline,
    ...(row.description === null ? {} : { description: row.description }),
    datePublished: row.date_published,
    dateModified: row.date_modified,
    inLanguage: row.language,
    categories: parseList<Category>(row.categories),
    authors: parseList<string>(row.authors),
    status: row.status === 'retracted' ? 'retracted' : 'published',
    corrections: row.corrections,
    revision: row.revision,
    cid: row.cid,
    size: row.size,
  };
}

/** Lists by their text: many articles have the same categories and authors. Nobody changes them. */
const lists = new Map<string, unknown[]>();
const MOST_LISTS = 4096;

function parseList<T>(text: string): T[] {
  const known = lists.get(text);
  if (known !== undefined) return known as T[];
  const list = JSON.parse(text) as T[];
  if (lists.size < MOST_LISTS) lists.set(text, list);
  return list;
}

export function toArticle(row: ArticleRow): StoredArticle {
  return { ...toEntry(row), source: row.source };
}

/** Values for {@link ARTICLE_COLUMNS}. */
export function toValues({ entry, instant, modified }: Ordered, source: string): SQLInputValue[] {
  return [
    entry.id,
    instant,
    modified,
    source,
    entry.headline,
    entry.description ?? null,
    entry.datePublished,
    entry.dateModified,
    entry.inLanguage,
    JSON.stringify(entry.categories),
    JSON.stringify(entry.authors),
    entry.status,
    entry.corrections,
    entry.revision,
    entry.cid,
    entry.size,
  ];
}
