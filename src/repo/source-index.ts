import type { DatabaseSync } from 'node:sqlite';
import type { FileStat } from './source-files.ts';
import {
  type LookRow,
  lookOf,
  mediaText,
  readMedia,
  type SourceLook,
  SourceLooks,
  type SourceMedia,
} from './source-looks.ts';
import { Statements } from './statements.ts';

/** A source that was published, and how its files looked then: what needs no second reading. */
export interface SourceRecord {
  /** As sourcePath() of source-files.ts writes it. */
  path: string;
  articleId: string;
  /** Of the normalised source and its media. */
  digest: string;
  stat: FileStat;
  /** Files that the source shows. */
  media: SourceMedia[];
}

type SourceRow = [
  path: string,
  article: string,
  digest: string,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  ino: number,
  media: string | null,
];

const COLUMNS = 'path, article, digest, size, mtime_ms, ctime_ms, ino, media';
const LOOK_COLUMNS = 'path, size, mtime_ms, ctime_ms, ino, media';
/** Rows that are read at once: enough that their number does not count, too few to outlive a collection of garbage. */
const LOOKS_PAGE = 256;

/** The sources of the published articles. */
export class SourceIndex {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  /** All of them, in the order of their paths. */
  paths(): string[] {
    return this.#sql.all<{ path: string }>('SELECT path FROM sources ORDER BY path').map(({ path }) => path);
  }

  /** Ids of the articles that were made of them, by path. */
  articleIds(): Map<string, string> {
    const rows = this.#sql.all<{ path: string; article: string }>('SELECT path, article FROM sources');
    return new Map(rows.map(({ path, article }) => [path, article]));
  }

  get(path: string): SourceRecord | undefined {
    const row = this.#prepare(`SELECT ${COLUMNS} FROM sources WHERE path = ?`).get(path);
    return row === undefined ? undefined : toRecord(row as unknown as SourceRow);
  }

  /** How one of them looked. */
  look(path: string): SourceLook | undefined {
    const row = this.#lookRow(path);
    return row === undefined ? undefined : lookOf(row);
  }

  /** How they looked, for a walk through all of them. */
  looks(): SourceLooks {
    const sql = `SELECT ${LOOK_COLUMNS} FROM sources WHERE path > ? ORDER BY path LIMIT ${LOOKS_PAGE}`;
    return new SourceLooks({
      get: (path) => this.#lookRow(path),
      after: (path) => this.#prepare(sql).all(path) as unknown as LookRow[],
    });
  }

  put({ path, articleId, digest, stat, media }: SourceRecord): void {
    const sql = `INSERT OR REPLACE INTO sources (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    const { size, mtimeMs, ctimeMs, ino } = stat;
    this.#sql.run(sql, path, articleId, digest, size, mtimeMs, ctimeMs, ino, mediaText(media));
  }

  forget(path: string): void {
    this.#sql.run('DELETE FROM sources WHERE path = ?', path);
  }

  #lookRow(path: string): LookRow | undefined {
    const row = this.#prepare(`SELECT ${LOOK_COLUMNS} FROM sources WHERE path = ?`).get(path);
    return row as unknown as LookRow | undefined;
  }

  #prepare(sql: string): ReturnType<Statements['prepare']> {
    const statement = this.#sql.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function toRecord([path, articleId, digest, size, mtimeMs, ctimeMs, ino, media]: SourceRow): SourceRecord {
  return { path, articleId, digest, stat: { size, mtimeMs, ctimeMs, ino }, media: readMedia(media) };
}
