import type { DatabaseSync } from 'node:sqlite';
import { base36 } from 'multiformats/bases/base36';
import { CID } from 'multiformats/cid';
import { transaction } from './database.ts';
import { Statements } from './statements.ts';

/** A record that was verified before it came here. */
export interface StoredNameRecord {
  /** CID of the key. */
  name: CID;
  bytes: Uint8Array;
  value: string;
  sequence: bigint;
  validUntil: Date;
  /** Seconds. */
  ttl: number;
}

const COLUMNS = 'name, bytes, value, sequence, valid_until, ttl';

/** Most records of others that are kept: those that came last, and those of publications that are followed. */
const MOST = 1024;

interface Row {
  name: string;
  bytes: Uint8Array;
  value: string;
  sequence: string;
  valid_until: number;
  ttl: number;
}

/**
 * The newest record of every name that was met; our own, and those of who is followed, for ever. It only moves forward, whoever writes: of two processes,
 * or from the network (invariant 5).
 */
export class NameRecordStore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = new Statements(db);
  }

  get(name: CID): StoredNameRecord | undefined {
    const sql = `SELECT ${COLUMNS} FROM name_records WHERE name = ?`;
    const row = this.#sql.get<Row>(sql, name.toString(base36));
    return row === undefined ? undefined : recordOf(row);
  }

  /** The records of our own names. */
  own(): StoredNameRecord[] {
    const sql = `SELECT ${COLUMNS} FROM name_records WHERE own = 1 ORDER BY name`;
    return this.#sql.all<Row>(sql).map(recordOf);
  }

  /** Every record that is kept. */
  all(): StoredNameRecord[] {
    return this.#sql.all<Row>(`SELECT ${COLUMNS} FROM name_records ORDER BY name`).map(recordOf);
  }

  /** Keeps a record, unless an equal or newer one is kept. */
  put(record: StoredNameRecord): 'kept' | 'older' | 'same' {
    return this.#keep(record, false);
  }

  /** Keeps a record of a name of our own, which is never dropped to make room. */
  putOwn(record: StoredNameRecord): 'kept' | 'older' | 'same' {
    return this.#keep(record, true);
  }

  #keep(record: StoredNameRecord, own: boolean): 'kept' | 'older' | 'same' {
    return transaction(this.#db, () => {
      const known = this.get(record.name);
      const order = known === undefined ? 1 : compare(record, known);
      if (order > 0) this.#write(record, own);
      else if (own)
        this.#sql.run('UPDATE name_records SET own = 1 WHERE name = ?', record.name.toString(base36));
      if (order > 0 && known === undefined) this.#makeRoom();
      return order > 0 ? 'kept' : order < 0 ? 'older' : 'same';
    });
  }

  #write({ name, bytes, value, sequence, validUntil, ttl }: StoredNameRecord, own: boolean): void {
    this.#sql.run(
      `INSERT INTO name_records (name, bytes, value, sequence, valid_until, ttl, own, place)
        VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM name_records))
        ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, value = excluded.value,
          sequence = excluded.sequence, valid_until = excluded.valid_until, ttl = excluded.ttl,
          own = max(own, excluded.own), place = excluded.place`,
      name.toString(base36),
      bytes,
      value,
      sequence.toString(),
      validUntil.getTime(),
      ttl,
      own ? 1 : 0,
    );
  }

  #makeRoom(): void {
    this.#sql.run(
      `DELETE FROM name_records WHERE own = 0 AND name NOT IN
        (SELECT name FROM name_records WHERE own = 0 ORDER BY place DESC LIMIT ${MOST})
        AND name NOT IN (SELECT name FROM followed WHERE name IS NOT NULL)`,
    );
  }
}

function recordOf({ name, bytes, value, sequence, valid_until: until, ttl }: Row): StoredNameRecord {
  const cid = CID.parse(name, base36);
  return { name: cid, bytes, value, sequence: BigInt(sequence), validUntil: new Date(until), ttl };
}

/** The rule of IPNS: the higher sequence, then the later end. */
function compare(a: StoredNameRecord, b: StoredNameRecord): number {
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? 1 : -1;
  return Math.sign(a.validUntil.getTime() - b.validUntil.getTime());
}
