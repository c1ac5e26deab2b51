import type { DatabaseSync } from 'node:sqlite';
import type { Archive, CategoryState, EarlierRevision, Entry } from '../edition/archive.ts';
import { ALL } from './article-counts.ts';
import { type ArticleRow, toEntry } from './article-row.ts';
import { Statements } from './statements.ts';

const NO_LIMIT = -1;

/** The index with the staged changes on top, as the next edition shows it. */
export class SqlArchive implements Archive {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  count(category: string = ALL): number {
    return this.#sql.get<{ count: number }>(COUNT, category)?.count ?? 0;
  }

  newest(limit: number, category?: string): Entry[] {
    return this.#entries('', limit, category);
  }

  within(period: string, category?: string): Entry[] {
    return this.#entries(period, NO_LIMIT, category);
  }

  periods(parent: string, category: string = ALL): { period: string; count: number }[] {
    const depth = parent === '' ? 1 : parent.split('/').length + 1;
    return this.#sql.all<{ period: string; count: number }>(PERIODS, category, depth, parent, endOf(parent));
  }

  categories(): CategoryState[] {
    const named = this.#sql.all<{ slug: string; name: string }>(NAMES);
    const counted = named.map(({ slug, name }) => ({ slug, name, count: this.count(slug) }));
    return counted
      .filter(({ count }) => count > 0)
      .map((state) => ({ ...state, updated: this.#updated(state.slug) }));
  }

  earlierRevisions(id: string): EarlierRevision[] {
    return this.#sql.all<EarlierRevision>(REVISIONS, id).slice(0, -1);
  }

  #entries(period: string, limit: number, category: string | undefined): Entry[] {
    const rows =
      category === undefined
        ? this.#sql.all<ArticleRow>(ENTRIES, period, endOf(period), limit)
        : this.#sql.all<ArticleRow>(CATEGORY_ENTRIES, period, endOf(period), limit, category);
    return rows.map(toEntry);
  }

  /** Of equal moments that are written differently, the text that sorts last: one answer whatever the order of changes. */
  #updated(category: string): string {
    const { modified } = this.#sql.get<{ modified: number }>(LAST_MODIFIED, category) ?? { modified: 0 };
    return this.#sql.get<{ text: string }>(LAST_MODIFIED_TEXT, category, modified)?.text ?? '';
  }
}

/** A text after all days of a period: they go on with `/`, which sorts before `0`. Of all time: after every digit. */
function endOf(period: string): string {
  return period === '' ? ':' : `${period}0`;
}

const COLUMNS = `a.source, a.headline, a.description, a.date_published, a.date_modified, a.language, a.categories,
  a.authors, a.status, a.corrections, a.revision, a.cid, a.size`;

const NOT_STAGED = 'NOT EXISTS (SELECT 1 FROM staged_articles s WHERE s.id = a.id)';

const ENTRIES = `
  SELECT a.id AS id, a.day AS day, a.instant AS instant, ${COLUMNS} FROM articles a WHERE a.day >= ?1 AND a.day < ?2 AND ${NOT_STAGED}
  UNION ALL
  SELECT a.id AS id, a.day AS day, a.instant AS instant, ${COLUMNS} FROM staged_articles a WHERE a.day >= ?1 AND a.day < ?2
  ORDER BY day DESC, instant DESC, id LIMIT ?3`;

const inCategory = (articles: string, categories: string) => `
  SELECT c.id AS id, c.day AS day, c.instant AS instant, ${COLUMNS} FROM ${categories} c CROSS JOIN ${articles} a ON a.id = c.id
  WHERE c.category = ?4 AND c.day >= ?1 AND c.day < ?2`;

const CATEGORY_ENTRIES = `${inCategory('articles', 'article_categories')} AND ${NOT_STAGED}
  UNION ALL ${inCategory('staged_articles', 'staged_categories')}
  ORDER BY day DESC, instant DESC, id LIMIT ?3`;

const COUNT = `SELECT sum(count) AS count FROM (
  SELECT count FROM counts WHERE category = ?1 AND depth = 0
  UNION ALL SELECT count FROM staged_counts WHERE category = ?1 AND depth = 0)`;

const periodsIn = (table: string) => `
  SELECT period, count FROM ${table} WHERE category = ?1 AND depth = ?2 AND period > ?3 AND period < ?4`;

const PERIODS = `SELECT period, sum(count) AS count FROM (${periodsIn('counts')} UNION ALL ${periodsIn('staged_counts')})
  GROUP BY period HAVING sum(count) > 0 ORDER BY period DESC`;

const NAMES = `SELECT slug, name FROM staged_names
  UNION ALL SELECT slug, name FROM categories WHERE slug NOT IN (SELECT slug FROM staged_names) ORDER BY slug`;

const REVISIONS = `SELECT revision, cid, size FROM revisions WHERE article = ?1
  UNION ALL SELECT revision, cid, size FROM staged_revisions WHERE article = ?1 ORDER BY revision`;

const LAST_MODIFIED = `SELECT max(modified) AS modified FROM (
  SELECT * FROM (SELECT modified FROM article_categories a WHERE category = ?1 AND ${NOT_STAGED} ORDER BY modified DESC LIMIT 1)
  UNION ALL SELECT max(modified) FROM staged_categories WHERE category = ?1)`;

const modifiedAt = (articles: string, categories: string) => `
  SELECT a.date_modified AS text FROM ${categories} c CROSS JOIN ${articles} a ON a.id = c.id
  WHERE c.category = ?1 AND c.modified = ?2`;

const LAST_MODIFIED_TEXT = `SELECT max(text) AS text FROM (
  ${modifiedAt('articles', 'article_categories')} AND ${NOT_STAGED}
  UNION ALL ${modifiedAt('staged_articles', 'staged_categories')})`;
