import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/** What can happen to a publication; the transparency log knows the same kinds (design section 3). */
export type EventKind =
  | 'masthead'
  | 'edition'
  | 'publish'
  | 'update'
  | 'correction'
  | 'retraction'
  | 'rerender';

export interface PublicationEvent {
  kind: EventKind;
  /** Article id. */
  article?: string;
  revision?: number;
  /** Of the bundle, manifest or masthead. */
  cid: string;
  /** UTC. */
  time: string;
  /** Of the edition in which it came; of an `edition`, its own. */
  sequence: number;
  /** Of a retraction: revisions whose text is not to be had any more. */
  withheld?: number[];
}

export interface StoredEvent extends PublicationEvent {
  /** Position in the order of events, from 1: one more than the index of its entry in the log. */
  position: number;
}

type EventRow = Omit<StoredEvent, 'article' | 'revision' | 'withheld'> & {
  article: string | null;
  revision: number | null;
  withheld: string | null;
};

const COLUMNS = 'id AS position, kind, article, revision, cid, time, sequence, withheld';

/** Everything that was ever published, in its order; nothing is ever taken out. They are the entries of the log. */
export class EventStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  append({ kind, article, revision, cid, time, sequence, withheld }: PublicationEvent): void {
    const told = withheld === undefined ? null : JSON.stringify(withheld);
    this.#sql.run(APPEND, kind, article ?? null, revision ?? null, cid, time, sequence, told);
  }

  /** How many there are: the position of the last one. */
  count(): number {
    return this.#sql.get<{ count: number }>('SELECT coalesce(max(id), 0) AS count FROM events')?.count ?? 0;
  }

  /** What was recorded of a revision of an article. */
  ofRevision(article: string, revision: number): StoredEvent | undefined {
    const sql = `SELECT ${COLUMNS} FROM events WHERE article = ? AND revision = ?`;
    const row = this.#sql.get<EventRow>(sql, article, revision);
    return row === undefined ? undefined : toEvent(row);
  }

  /** The last one of a kind. */
  last(kind: EventKind): StoredEvent | undefined {
    const sql = `SELECT ${COLUMNS} FROM events WHERE kind = ? ORDER BY id DESC LIMIT 1`;
    const row = this.#sql.get<EventRow>(sql, kind);
    return row === undefined ? undefined : toEvent(row);
  }

  /** In order, from position `from` on. */
  list({ from = 1, limit = -1 }: { from?: number; limit?: number } = {}): StoredEvent[] {
    const sql = `SELECT ${COLUMNS} FROM events WHERE id >= ? ORDER BY id LIMIT ?`;
    return this.#sql.all<EventRow>(sql, from, limit).map(toEvent);
  }
}

const APPEND =
  'INSERT INTO events (kind, article, revision, cid, time, sequence, withheld) VALUES (?, ?, ?, ?, ?, ?, ?)';

function toEvent({ article, revision, withheld, ...event }: EventRow): StoredEvent {
  return {
    ...event,
    ...(article === null ? {} : { article }),
    ...(revision === null ? {} : { revision }),
    ...(withheld === null ? {} : { withheld: JSON.parse(withheld) as number[] }),
  };
}
