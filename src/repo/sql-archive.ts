import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type {
  Archive,
  CategoryState,
  EarlierRevision,
  Entry,
  Noticed,
  NumberedEntry,
} from '../edition/archive.ts';
import { ALL } from './article-counts.ts';
import { type ArticleRow, FINDABLE_COLUMNS, type FindableRow, toEntry, toFindable } from './article-row.ts';
import { Statements } from './statements.ts';

export const NO_LIMIT = -1;

/** The last change of an article in a category. */
export interface LastChange {
  /** ms since 1970 */
  modified: number;
  /** As written. */
  text: string;
}

/** All that is known of an article, and how many were first published before it. */
export interface Numbered {
  ordinal: number;
  entry: Entry;
}

/** The index as it is stored. */
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
    return this.names()
      .map(({ slug, name }) => ({ slug, name, count: this.count(slug), updated: this.#updated(slug) }))
      .filter(({ count }) => count > 0);
  }

  /** Every name that a category slug ever got, by slug. */
  names(): { slug: string; name: string }[] {
    return this.#sql.all('SELECT slug, name FROM categories ORDER BY slug');
  }

  earlierRevisions(id: string): EarlierRevision[] {
    return this.revisions(id).slice(0, -1);
  }

  /** Oldest first, the newest one among them. */
  revisions(id: string): EarlierRevision[] {
    return this.#sql.all('SELECT revision, cid, size FROM revisions WHERE article = ? ORDER BY revision', id);
  }

  /**
   * The last change among a category's articles, those that `skip` names left out. Of equal moments that are written
   * differently, the text that sorts last: one answer whatever the order of publications.
   */
  lastChange(category: string, skip: (id: string) => boolean): LastChange | undefined {
    let last: LastChange | undefined;
    for (const row of this.#sql.prepare(CHANGES).iterate(category)) {
      const { id, modified } = row as { id: string; modified: number };
      if (skip(id)) continue;
      if (last !== undefined && modified < last.modified) break;
      const text = this.#sql.get<{ text: string }>(CHANGE_TEXT, id)?.text ?? '';
      if (last === undefined || text > last.text) last = { modified, text };
    }
    return last;
  }

  notices(of: { year: string } | { limit: number }): Noticed[] {
    const rows =
      'year' in of
        ? this.#sql.all<NoticeRow>(NOTICES_OF_YEAR, of.year)
        : this.#sql.all<NoticeRow>(NEWEST_NOTICES, of.limit);
    return rows.map((row) => noticedIn(toEntry(row), row.at));
  }

  noticeYears(): { year: string; count: number }[] {
    return this.#sql.all('SELECT year, count(*) AS count FROM notices GROUP BY year ORDER BY year DESC');
  }

  predecessors(id: string, category: string, limit: number): Entry[] {
    const ordinal = this.ordinal(id);
    return ordinal === undefined ? [] : takeFirst(this.before(ordinal, category), limit);
  }

  successors(id: string, category: string, limit: number): Entry[] {
    const ordinal = this.ordinal(id);
    return ordinal === undefined ? [] : takeFirst(this.after(ordinal, category), limit);
  }

  since(ordinal: number): NumberedEntry[] {
    return this.#findable(SINCE, ordinal);
  }

  inOrder(period: string): NumberedEntry[] {
    return this.#findable(IN_ORDER, period, endOf(period));
  }

  /** How many articles were first published before this one; nothing where it was never published. */
  ordinal(id: string): number | undefined {
    return this.#sql.get<{ ordinal: number }>('SELECT ordinal FROM articles WHERE id = ?', id)?.ordinal;
  }

  /** Articles of a category with a smaller ordinal, the nearest first. */
  before(ordinal: number, category: string): Iterable<Numbered> {
    return this.#numbered(BEFORE, ordinal, category);
  }

  /** Articles of a category with a larger ordinal, the nearest first. */
  after(ordinal: number, category: string): Iterable<Numbered> {
    return this.#numbered(AFTER, ordinal, category);
  }

  *#numbered(sql: string, ordinal: number, category: string): Generator<Numbered> {
    for (const row of this.#sql.prepare(sql).iterate(category, ordinal)) {
      yield toNumbered(row as unknown as ArticleRow);
    }
  }

  #findable(sql: string, ...values: SQLInputValue[]): NumberedEntry[] {
    const rows = this.#sql.all<FindableRow & { ordinal: number }>(sql, ...values);
    return rows.map((row) => ({ ordinal: row.ordinal, entry: toFindable(row) }));
  }

  #entries(period: string, limit: number, category: string | undefined): Entry[] {
    const rows =
      category === undefined
        ? this.#sql.all<ArticleRow>(ENTRIES, period, endOf(period), limit)
        : this.#sql.all<ArticleRow>(CATEGORY_ENTRIES, period, endOf(period), limit, category);
    return rows.map(toEntry);
  }

  #updated(category: string): string {
    return this.lastChange(category, () => false)?.text ?? '';
  }
}

type NoticeRow = ArticleRow & { at: number };

/** The notice at a place in an entry; the index names no other. */
function noticedIn(entry: Entry, at: number): Noticed {
  const notice = entry.notices[at];
  if (notice === undefined) throw new Error(`${entry.id} has no notice ${at}`);
  return { entry, notice };
}

function toNumbered(row: ArticleRow): Numbered {
  return { ordinal: row.ordinal, entry: toEntry(row) };
}

function takeFirst(articles: Iterable<Numbered>, limit: number): Entry[] {
  const taken: Entry[] = [];
  if (limit > 0) for (const { entry } of articles) if (taken.push(entry) >= limit) break;
  return taken;
}

/** A text after all days of a period: they go on with `/`, which sorts before `0`. Of all time: after every digit. */
function endOf(period: string): string {
  return period === '' ? ':' : `${period}0`;
}

const ENTRIES = `SELECT * FROM articles WHERE day >= ?1 AND day < ?2 ORDER BY day DESC, instant DESC, id LIMIT ?3`;

const FINDABLE = `SELECT ordinal, ${FINDABLE_COLUMNS} FROM articles`;
const SINCE = `${FINDABLE} WHERE ordinal >= ? ORDER BY ordinal`;
const IN_ORDER = `${FINDABLE} WHERE day >= ?1 AND day < ?2 ORDER BY ordinal`;

const CATEGORY_ENTRIES = `SELECT a.* FROM article_categories c CROSS JOIN articles a ON a.id = c.id
  WHERE c.category = ?4 AND c.day >= ?1 AND c.day < ?2 ORDER BY c.day DESC, c.instant DESC, c.id LIMIT ?3`;

const COUNT = 'SELECT count FROM counts WHERE category = ? AND depth = 0';

const PERIODS = `SELECT period, count FROM counts
  WHERE category = ?1 AND depth = ?2 AND period > ?3 AND period < ?4 ORDER BY period DESC`;

/** In the order of an index: only the first rows are read. */
const CHANGES = 'SELECT id, modified FROM article_categories WHERE category = ? ORDER BY modified DESC';

const NOTICES = `SELECT a.*, n.at FROM notices n CROSS JOIN articles a ON a.id = n.article`;
const NOTICES_OF_YEAR = `${NOTICES} WHERE n.year = ? ORDER BY n.instant DESC, n.article, n.at`;
const NEWEST_NOTICES = `${NOTICES} ORDER BY n.instant DESC, n.article, n.at LIMIT ?`;

const NEAREST = `SELECT a.* FROM article_categories c CROSS JOIN articles a ON a.id = c.id WHERE c.category = ?`;
const BEFORE = `${NEAREST} AND c.ordinal < ? ORDER BY c.ordinal DESC`;
const AFTER = `${NEAREST} AND c.ordinal > ? ORDER BY c.ordinal`;

const CHANGE_TEXT = 'SELECT date_modified AS text FROM articles WHERE id = ?';
