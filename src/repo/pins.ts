import type { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { transaction } from './database.ts';
import { Statements } from './statements.ts';

/** A root that is kept with all that it reaches. */
export interface Pin {
  cid: string;
  /** What the user called it: a category's slug, an article's id, a file's name. */
  name: string;
  kind: string;
}

/**
 * Pins, and marks on roots whose whole DAG is held. A mark is a promise about everything below a block: it goes when the
 * block goes, and all marks go when a single block is dropped by other means than garbage collection.
 */
export class PinStore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = new Statements(db);
  }

  /** Adds a pin, or gives the one that there is another name. */
  add({ cid, name, kind }: Pin): void {
    this.#sql.run('INSERT OR REPLACE INTO pins (cid, name, kind) VALUES (?, ?, ?)', cid, name, kind);
  }

  /** Whether there was such a pin. */
  remove(cid: string): boolean {
    return this.#sql.run('DELETE FROM pins WHERE cid = ?', cid) > 0;
  }

  /** By name, then by CID. */
  list(): Pin[] {
    return this.#sql.all('SELECT cid, name, kind FROM pins ORDER BY name, cid');
  }

  /** Says of roots that all they reach is held. What is not held itself is passed over. */
  markComplete(cids: Iterable<string | CID>): void {
    const sql = 'INSERT OR IGNORE INTO complete (block, codec) SELECT id, ? FROM blocks WHERE multihash = ?';
    transaction(this.#db, () => {
      for (const cid of cids) {
        const { code, multihash } = typeof cid === 'string' ? CID.parse(cid) : cid;
        this.#sql.run(sql, code, multihash.bytes);
      }
    });
  }

  /** Says of blocks that they are held, and not what they reach. */
  unmark(multihashes: Iterable<Uint8Array>): void {
    const sql = 'DELETE FROM complete WHERE block = (SELECT id FROM blocks WHERE multihash = ?)';
    transaction(this.#db, () => {
      for (const multihash of multihashes) this.#sql.run(sql, multihash);
    });
  }

  isComplete(cid: string | CID): boolean {
    const { code, multihash } = typeof cid === 'string' ? CID.parse(cid) : cid;
    const sql =
      'SELECT 1 FROM blocks b JOIN complete c ON c.block = b.id WHERE b.multihash = ? AND c.codec = ?';
    return this.#sql.get(sql, multihash.bytes, code) !== undefined;
  }
}
