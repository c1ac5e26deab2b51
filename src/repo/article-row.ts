import type { SQLInputValue } from 'node:sqlite';
import type { Category, Correction } from '../article/document.ts';
import { canonicalize } from '../bundle/canonical-json.ts';
import type { Entry, EntryImage, FindableEntry } from '../edition/archive.ts';
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
  /** JSON, as in article.json. */
  notices: string;
  /** See `articleTerms`. */
  terms: string;
  /** JSON; NULL for none. */
  image: string | null;
  revision: number;
  cid: string;
  size: number;
  ordinal: number;
}

/** The columns of {@link FindableRow}. */
export const FINDABLE_COLUMNS = 'id, headline, description, language, status, terms';

export type FindableRow = Pick<
  ArticleRow,
  'id' | 'headline' | 'description' | 'language' | 'status' | 'terms'
>;

/** The columns of {@link ArticleRow} and what they are sorted by, in the order of {@link toValues}. */
export const ARTICLE_COLUMNS = `id, instant, modified, source, headline, description, date_published, date_modified,
  language, categories, authors, status, notices, terms, image, revision, cid, size, ordinal`;

/** What search needs of a row, which is a fifth of the work that all of it is. */
export function toFindable({
  id,
  headline,
  description,
  language,
  status,
  terms,
}: FindableRow): FindableEntry {
  return {
    id,
    headline,
    ...(description === null ? {} : { description }),
    inLanguage: language,
    status: status === 'retracted' ? 'retracted' : 'published',
    ...(terms === '' ? {} : { terms }),
  };
}

export function toEntry(row: ArticleRow): Entry {
  return {
    ...toFindable(row),
    datePublished: row.date_published,
    dateModified: row.date_modified,
    categories: parseList<Category>(row.categories),
    authors: parseList<string>(row.authors),
    notices: parseList<Correction>(row.notices),
    ...(row.image === null ? {} : { image: JSON.parse(row.image) as EntryImage }),
    revision: row.revision,
    cid: row.cid,
    size: row.size,
  };
}

const NO_NOTICES = '[]';

/** The notices of an entry as they are stored: one text, wherever the entry comes from. */
export function noticesText({ notices }: Entry): string {
  return notices.length === 0 ? NO_NOTICES : canonicalize(notices);
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
export function toValues(
  { entry, instant, modified }: Ordered,
  source: string,
  ordinal: number,
): SQLInputValue[] {
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
    noticesText(entry),
    entry.terms ?? '',
    entry.image === undefined ? null : JSON.stringify(entry.image),
    entry.revision,
    entry.cid,
    entry.size,
    ordinal,
  ];
}
