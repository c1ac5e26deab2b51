import type { DatabaseSync } from 'node:sqlite';
import type { Archive } from '../edition/archive.ts';
import { type ArticleRow, type StoredArticle, toArticle } from './article-row.ts';
import type { EventKind } from './events.ts';
import type { StagedRevision } from './staged-changes.ts';
import { Staging } from './staging.ts';
import { Statements } from './statements.ts';

export type { EventKind, StagedRevision, StoredArticle };

/** A revision that was published. */
export interface StoredRevision {
  revision: number;
  /** Of its bundle. */
  cid: string;
  /** Tsize of its bundle. */
  size: number;
  /** Of the edition that first listed it. */
  sequence: number;
  kind: EventKind;
  time: string;
  /** Of the normalised source and media it was made from. */
  digest: string;
}

/** An earlier revision whose text is not to be had any more. */
export interface WithheldRevision {
  /** Article id. */
  id: string;
  revision: number;
  /** Of its bundle. */
  cid: string;
}

export interface Headline {
  headline: string;
  cid: string;
  revision: number;
}

/** The articles of the head edition, and the changes that are staged for the next one. */
export class ArticleIndex {
  readonly #sql: Statements;
  readonly #staging: Staging;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
    this.#staging = new Staging(db);
  }

  get(id: string): StoredArticle | undefined {
    return this.#select('WHERE id = ?', id)[0];
  }

  bySlug(slug: string): StoredArticle[] {
    return this.#select(
      'WHERE id IN (SELECT id FROM articles WHERE substr(id, 12) = ?) ORDER BY day DESC, instant DESC, id',
      slug,
    );
  }

  /** The article made from a source; of several (a source that was given a new date), the newest. */
  bySource(path: string): StoredArticle | undefined {
    return this.#select('WHERE source = ? ORDER BY day DESC, instant DESC, id LIMIT 1', path)[0];
  }

  /** The articles of a day, in no order. `day` is `YYYY/MM/DD`. */
  ofDay(day: string): Pick<StoredArticle, 'id' | 'source' | 'headline'>[] {
    return this.#sql.all(
      'SELECT id, source, headline FROM articles WHERE id > ? AND id < ?',
      `${day}/`,
      `${day}0`,
    );
  }

  /** The article and revision whose bundle this is, be it the newest revision or an earlier one. */
  byCid(cid: string): { id: string; revision: number } | undefined {
    return this.#sql.get('SELECT article AS id, revision FROM revisions WHERE cid = ?', cid);
  }

  /** Newest first. */
  list({ category, limit = -1 }: { category?: string; limit?: number } = {}): StoredArticle[] {
    const rows =
      category === undefined
        ? this.#sql.all<ArticleRow>(LIST, limit)
        : this.#sql.all<ArticleRow>(LIST_CATEGORY, category, limit);
    return rows.map(toArticle);
  }

  /** What a report says of every article; much cheaper than {@link list}. */
  headlines(): Map<string, Headline> {
    const rows = this.#sql.all<Headline & { id: string }>('SELECT id, headline, cid, revision FROM articles');
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The names of the categories that articles are in, by slug. */
  categoryNames(): Map<string, string> {
    const rows = this.#sql.all<{ slug: string; name: string }>(CATEGORY_NAMES);
    return new Map(rows.map(({ slug, name }) => [slug, name]));
  }

  /** Notes what categories are called in the edition that becomes the head, whatever their articles' bundles say; part of its transaction. */
  nameCategories(names: Iterable<readonly [slug: string, name: string]>): void {
    for (const [slug, name] of names)
      this.#sql.run('UPDATE categories SET name = ?1 WHERE slug = ?2 AND name <> ?1', name, slug);
  }

  /** Every revision of an article, oldest first. */
  history(id: string): StoredRevision[] {
    const columns = 'revision, cid, size, sequence, kind, time, digest';
    return this.#sql.all(`SELECT ${columns} FROM revisions WHERE article = ? ORDER BY revision`, id);
  }

  /** Every revision, or every one of an article, that a retraction withholds. */
  withheld(id?: string): WithheldRevision[] {
    return id === undefined ? this.#sql.all(WITHHELD) : this.#sql.all(`${WITHHELD} AND e.article = ?`, id);
  }

  /** Notes that the source of an article is at another path now. */
  moveSource(id: string, path: string): void {
    this.#sql.run('UPDATE articles SET source = ? WHERE id = ?', path, id);
  }

  /** Puts revisions on top of the index, for {@link archive}; they are stored by {@link commitStaged}. */
  stage(changes: readonly StagedRevision[]): void {
    this.#staging.stage(changes);
  }

  /** Puts what became of a staged revision in its place: of one that was planned, and had no bundle yet. */
  complete(change: StagedRevision): void {
    this.#staging.complete(change);
  }

  /** The articles as they are after the staged changes. It reads the database anew at every call. */
  archive(): Archive {
    return this.#staging.archive();
  }

  /** Makes the staged changes true, inside the caller's transaction. `time` is UTC. */
  commitStaged(sequence: number, time: string): void {
    this.#staging.commit(sequence, time);
  }

  discardStaged(): void {
    this.#staging.discard();
  }

  #select(where: string, value: string): StoredArticle[] {
    return this.#sql.all<ArticleRow>(`SELECT * FROM articles ${where}`, value).map(toArticle);
  }
}

const LIST = 'SELECT * FROM articles ORDER BY day DESC, instant DESC, id LIMIT ?';

const LIST_CATEGORY = `SELECT a.* FROM article_categories c CROSS JOIN articles a ON a.id = c.id
  WHERE c.category = ? ORDER BY c.day DESC, c.instant DESC, c.id LIMIT ?`;

const WITHHELD = `SELECT DISTINCT r.article AS id, r.revision, r.cid
  FROM events e CROSS JOIN json_each(e.withheld) w CROSS JOIN revisions r ON r.article = e.article AND r.revision = w.value
  WHERE e.withheld IS NOT NULL`;

const CATEGORY_NAMES = `SELECT slug, name FROM categories c CROSS JOIN counts n ON n.category = c.slug
  WHERE n.depth = 0 ORDER BY slug`;
