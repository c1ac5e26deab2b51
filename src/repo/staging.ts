import type { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../edition/archive.ts';
import { ALL, CountChanges } from './article-counts.ts';
import { ARTICLE_COLUMNS, toValues } from './article-row.ts';
import { temporaryTransaction, transaction } from './database.ts';
import type { EventKind } from './events.ts';
import { CREATE_STAGING } from './schema.ts';
import { Statements } from './statements.ts';

/** A revision that is to become the newest of its article. */
export interface StagedRevision {
  entry: Entry;
  source: string;
  /** Of the normalised source and its media. */
  digest: string;
  kind: EventKind;
  /** The revision before, where there is one. */
  previous?: { cid: string; size: number; revision: number };
}

interface Current {
  revision: number;
  cid: string;
  categories: string;
}

/** Changes of the index that only this connection sees until they are committed; they are held in TEMP tables. */
export class Staging {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = new Statements(db);
    db.exec(CREATE_STAGING);
  }

  /** Puts revisions on top of what is stored and staged already. Takes no write lock of the main file. */
  stage(changes: readonly StagedRevision[]): void {
    temporaryTransaction(this.#db, () => {
      const counts = new CountChanges();
      const names = new Map<string, string>();
      for (const change of changes) this.#stageOne(change, counts, names);
      counts.write(this.#sql);
      for (const [slug, name] of names) this.#sql.run(STAGE_NAME, slug, name);
    });
  }

  /**
   * Makes what is staged true, in the caller's transaction.
   *
   * @param sequence of the edition that lists it.
   * @param time when that was, UTC.
   */
  commit(sequence: number, time: string): void {
    transaction(this.#db, () => {
      this.#sql.run(REMOVE_CATEGORIES); // before the articles, which say what they were in
      this.#sql.run(COMMIT_ARTICLES);
      this.#sql.run(COMMIT_CATEGORIES);
      this.#sql.run(COMMIT_COUNTS);
      this.#sql.run(REMOVE_ZEROES);
      this.#sql.run(COMMIT_NAMES);
      this.#sql.run(COMMIT_REVISIONS, time, sequence);
      this.discard();
    });
  }

  discard(): void {
    temporaryTransaction(this.#db, () => {
      for (const table of TABLES) this.#sql.run(`DELETE FROM ${table}`);
    });
  }

  #stageOne(change: StagedRevision, counts: CountChanges, names: Map<string, string>): void {
    const { entry, source, digest, kind } = change;
    const current = this.#current(entry.id);
    requireNext(change, current);
    if (current === undefined) counts.add(ALL, entry.id, 1);
    for (const { slug } of categoriesOf(current)) counts.add(slug, entry.id, -1);
    for (const { slug } of entry.categories) counts.add(slug, entry.id, 1);
    this.#sql.run(STAGE_ARTICLE, ...toValues(entry, source));
    this.#sql.run(STAGE_REVISION, entry.id, entry.revision, entry.cid, entry.size, digest, kind);
    if (current !== undefined) this.#sql.run('DELETE FROM staged_categories WHERE id = ?', entry.id);
    for (const { slug, name } of entry.categories) {
      this.#sql.run(STAGE_CATEGORY, slug, entry.id);
      names.set(slug, name);
    }
  }

  #current(id: string): Current | undefined {
    const columns = 'SELECT revision, cid, categories FROM';
    return (
      this.#sql.get<Current>(`${columns} staged_articles WHERE id = ?`, id) ??
      this.#sql.get<Current>(`${columns} articles WHERE id = ?`, id)
    );
  }
}

/** Invariant 4: chains of revisions are unbroken. A break here is a defect of the caller. */
function requireNext({ entry, previous }: StagedRevision, current: Current | undefined): void {
  const follows = entry.revision === (current?.revision ?? 0) + 1;
  const names =
    previous === undefined || (previous.revision === current?.revision && previous.cid === current.cid);
  if (follows && names) return;
  throw new Error(
    `revision ${entry.revision} of ${entry.id} does not follow revision ${current?.revision ?? 0}`,
  );
}

function categoriesOf(current: Current | undefined): Entry['categories'] {
  return current === undefined ? [] : (JSON.parse(current.categories) as Entry['categories']);
}

const TABLES = ['staged_articles', 'staged_categories', 'staged_counts', 'staged_names', 'staged_revisions'];

const STAGE_ARTICLE = `INSERT OR REPLACE INTO staged_articles (${ARTICLE_COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const STAGE_CATEGORY = `INSERT INTO staged_categories (category, day, instant, id, modified)
  SELECT ?, day, instant, id, modified FROM staged_articles WHERE id = ?`;

const STAGE_NAME = 'INSERT OR REPLACE INTO staged_names (slug, name) VALUES (?, ?)';

const STAGE_REVISION = `INSERT INTO staged_revisions (article, revision, cid, size, digest, kind)
  VALUES (?, ?, ?, ?, ?, ?)`;

const REMOVE_CATEGORIES = `DELETE FROM article_categories WHERE (category, day, instant, id) IN (
  SELECT category.value ->> 'slug', a.day, a.instant, a.id
  FROM staged_articles s CROSS JOIN articles a ON a.id = s.id CROSS JOIN json_each(a.categories) category)`;

const COMMIT_ARTICLES = `INSERT OR REPLACE INTO articles (${ARTICLE_COLUMNS}) SELECT ${ARTICLE_COLUMNS} FROM staged_articles`;

const COMMIT_CATEGORIES = `INSERT INTO article_categories (category, day, instant, id, modified)
  SELECT category, day, instant, id, modified FROM staged_categories`;

const COMMIT_COUNTS = `INSERT INTO counts (category, depth, period, count)
  SELECT category, depth, period, count FROM staged_counts WHERE true
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

const REMOVE_ZEROES = `DELETE FROM counts WHERE count = 0 AND (category, depth, period) IN (
  SELECT category, depth, period FROM staged_counts WHERE count <= 0)`;

const COMMIT_NAMES = `INSERT INTO categories (slug, name) SELECT slug, name FROM staged_names WHERE true
  ON CONFLICT DO UPDATE SET name = excluded.name`;

const COMMIT_REVISIONS = `INSERT INTO revisions (article, revision, cid, size, digest, kind, time, sequence)
  SELECT article, revision, cid, size, digest, kind, ?, ? FROM staged_revisions`;
