import type { DatabaseSync } from 'node:sqlite';
import type { FileStat } from './source-files.ts';
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

export interface SourceMedia {
  path: string;
  stat: FileStat;
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

/** The sources of the published articles. */
export class SourceIndex {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  /** By path, in the order of paths. */
  all(): Map<string, SourceRecord> {
    const rows = this.#prepare(
      `SELECT ${COLUMNS} FROM sources ORDER BY path`,
    ).all() as unknown as SourceRow[];
    return new Map(rows.map((row) => [row[0], toRecord(row)]));
  }

  get(path: string): SourceRecord | undefined {
    const row = this.#prepare(`SELECT ${COLUMNS} FROM sources WHERE path = ?`).get(path);
    return row === undefined ? undefined : toRecord(row as unknown as SourceRow);
  }

  put({ path, articleId, digest, stat, media }: SourceRecord): void {
    const sql = `INSERT OR REPLACE INTO sources (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#sql.run(sql, path, articleId, digest, ...statValues(stat), mediaText(media));
  }

  /** Notes that the files were looked at again and hold what they held. */
  touch(path: string, stat: FileStat, media: readonly SourceMedia[]): void {
    const sql = 'UPDATE sources SET size = ?, mtime_ms = ?, ctime_ms = ?, ino = ?, media = ? WHERE path = ?';
    this.#sql.run(sql, ...statValues(stat), mediaText(media), path);
  }

  forget(path: string): void {
    this.#sql.run('DELETE FROM sources WHERE path = ?', path);
  }

  #prepare(sql: string): ReturnType<Statements['prepare']> {
    const statement = this.#sql.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

function toRecord([path, articleId, digest, size, mtimeMs, ctimeMs, ino, media]: SourceRow): SourceRecord {
  const stat = { size, mtimeMs, ctimeMs, ino };
  return {
    path,
    articleId,
    digest,
    stat,
    media: media === null ? [] : (JSON.parse(media) as SourceMedia[]),
  };
}

function statValues({ size, mtimeMs, ctimeMs, ino }: FileStat): [number, number, number, number] {
  return [size, mtimeMs, ctimeMs, ino];
}

function mediaText(media: readonly SourceMedia[]): string | null {
  return media.length === 0 ? null : JSON.stringify(media);
}
