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
  cid?: string;
  /** UTC. */
  time: string;
  /** Of the edition in which it came. */
  sequence: number;
}

export interface StoredEvent extends PublicationEvent {
  /** Position in the order of events, from 1. */
  position: number;
}

type EventRow = Omit<StoredEvent, 'article' | 'revision' | 'cid'> & {
  article: string | null;
  revision: number | null;
  cid: string | null;
};

/** Everything that was ever published, in its order; nothing is ever taken out. The log is made from it. */
export class EventStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  append({ kind, article, revision, cid, time, sequence }: PublicationEvent): void {
    const sql = 'INSERT INTO events (kind, article, revision, cid, time, sequence) VALUES (?, ?, ?, ?, ?, ?)';
    this.#sql.run(sql, kind, article ?? null, revision ?? null, cid ?? null, time, sequence);
  }

  /** In order, from position `from` on. */
  list({ from = 1, limit = -1 }: { from?: number; limit?: number } = {}): StoredEvent[] {
    const columns = 'id AS position, kind, article, revision, cid, time, sequence';
    const sql = `SELECT ${columns} FROM events WHERE id >= ? ORDER BY id LIMIT ?`;
    return this.#sql.all<EventRow>(sql, from, limit).map(toEvent);
  }
}

function toEvent({ article, revision, cid, ...event }: EventRow): StoredEvent {
  return {
    ...event,
    ...(article === null ? {} : { article }),
    ...(revision === null ? {} : { revision }),
    ...(cid === null ? {} : { cid }),
  };
}
