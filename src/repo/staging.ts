import type { DatabaseSync } from 'node:sqlite';
import { instantOf } from '../article/calendar.ts';
import type { Category } from '../article/document.ts';
import type { Archive } from '../edition/archive.ts';
import { ARTICLE_COLUMNS, toValues } from './article-row.ts';
import { transaction } from './database.ts';
import { MergedArchive } from './merged-archive.ts';
import { SqlArchive } from './sql-archive.ts';
import { type StagedArticle, StagedChanges, type StagedRevision } from './staged-changes.ts';
import { Statements } from './statements.ts';

interface Current {
  revision: number;
  cid: string;
}

interface StoredCurrent extends Current {
  categories: readonly Category[];
  ordinal: number;
}

/** Changes of the index that only this process sees until they are committed. */
export class Staging {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;
  readonly #stored: SqlArchive;
  #changes = new StagedChanges();
  /** Whether the changes were written in a transaction that may since have been rolled back. */
  #written = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = new Statements(db);
    this.#stored = new SqlArchive(db);
  }

  /** Puts revisions on top of what is stored and staged already. Writes nothing. */
  stage(revisions: readonly StagedRevision[]): void {
    this.#settle();
    const isFirst = this.#stored.count() === 0;
    const ordinals = this.#newOrdinals(revisions);
    for (const revision of revisions) {
      const { id } = revision.entry;
      const stored = isFirst ? undefined : this.#storedArticle(id);
      const before = this.#changes.articles.get(id);
      requireNext(revision, before?.order.entry ?? stored);
      const ordinal = before?.ordinal ?? stored?.ordinal ?? ordinals.get(id) ?? 0;
      this.#changes.add(revision, ordinal, stored?.categories);
    }
  }

  /** See {@link StagedChanges.complete}. */
  complete(revision: StagedRevision): void {
    this.#changes.complete(revision);
  }

  archive(): Archive {
    this.#settle();
    return this.#changes.isEmpty ? this.#stored : new MergedArchive(this.#stored, this.#changes);
  }

  /**
   * Makes what is staged true, in the caller's transaction.
   *
   * @param sequence of the edition that lists it.
   * @param time when that was, UTC.
   */
  commit(sequence: number, time: string): void {
    this.#settle();
    transaction(this.#db, () => {
      const inOrder = [...this.#changes.articles].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [, article] of inOrder) this.#writeArticle(article);
      for (const { category, depth, period, change } of this.#changes.counts.all()) {
        this.#sql.run(ADD_COUNT, category, depth, period, change);
      }
      this.#sql.run('DELETE FROM counts WHERE count = 0');
      for (const [slug, name] of this.#changes.names) this.#sql.run(PUT_NAME, slug, name);
      for (const { entry, digest, kind } of this.#changes.revisions) {
        this.#sql.run(
          ADD_REVISION,
          entry.id,
          entry.revision,
          entry.cid,
          entry.size,
          digest,
          kind,
          time,
          sequence,
        );
      }
    });
    this.#written = true;
  }

  discard(): void {
    this.#changes = new StagedChanges();
    this.#written = false;
  }

  /** After a commit: what was rolled back is still staged, what is stored is not. */
  #settle(): void {
    const [first] = this.#changes.revisions;
    if (!this.#written || first === undefined) return;
    this.#written = false;
    const { id, revision } = first.entry;
    const stored = this.#sql.get('SELECT 1 FROM revisions WHERE article = ? AND revision = ?', id, revision);
    if (stored !== undefined) this.discard();
  }

  /** Numbers for articles that are new, in the order in which the log gets them: by id. */
  #newOrdinals(revisions: readonly StagedRevision[]): Map<string, number> {
    const isNew = ({ entry }: StagedRevision): boolean => entry.revision === 1;
    const taken = this.#stored.count() + this.#changes.revisions.filter(isNew).length;
    const ids = revisions.filter(isNew).map(({ entry }) => entry.id);
    return new Map(ids.sort().map((id, at) => [id, taken + at]));
  }

  #writeArticle({ order, source, ordinal, stored }: StagedArticle): void {
    const { entry, day, instant, modified } = order;
    if (stored !== undefined)
      this.#sql.run(REMOVE_CATEGORIES, entry.id, JSON.stringify(stored.map(({ slug }) => slug)));
    this.#sql.run(PUT_ARTICLE, ...toValues(order, source, ordinal));
    for (const { slug } of entry.categories)
      this.#sql.run(ADD_CATEGORY, slug, day, instant, entry.id, modified, ordinal);
    if (stored !== undefined) this.#sql.run('DELETE FROM notices WHERE article = ?', entry.id);
    for (const [at, { datePublished }] of entry.notices.entries())
      this.#sql.run(ADD_NOTICE, datePublished.slice(0, 4), instantOf(datePublished), entry.id, at);
  }

  #storedArticle(id: string): StoredCurrent | undefined {
    const row = this.#sql.get<{ revision: number; cid: string; categories: string; ordinal: number }>(
      'SELECT revision, cid, categories, ordinal FROM articles WHERE id = ?',
      id,
    );
    return row === undefined ? undefined : { ...row, categories: JSON.parse(row.categories) as Category[] };
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

const PUT_ARTICLE = `INSERT OR REPLACE INTO articles (${ARTICLE_COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const REMOVE_CATEGORIES = `DELETE FROM article_categories WHERE (category, day, instant, id) IN (
  SELECT slug.value, a.day, a.instant, a.id FROM articles a CROSS JOIN json_each(?2) slug WHERE a.id = ?1)`;

const ADD_CATEGORY =
  'INSERT INTO article_categories (category, day, instant, id, modified, ordinal) VALUES (?, ?, ?, ?, ?, ?)';

const ADD_NOTICE = 'INSERT INTO notices (year, instant, article, at) VALUES (?, ?, ?, ?)';

const ADD_COUNT = `INSERT INTO counts (category, depth, period, count) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

const PUT_NAME = `INSERT INTO categories (slug, name) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET name = excluded.name`;

const ADD_REVISION = `INSERT INTO revisions (article, revision, cid, size, digest, kind, time, sequence)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
