import type { DatabaseSync } from 'node:sqlite';
import { BaseDatastore } from 'datastore-core/base';
import type { Batch, KeyQuery, Pair, Query } from 'interface-datastore';
import { Key } from 'interface-datastore/key';
import { transaction } from './database.ts';
import { NotFoundError } from './not-found-error.ts';
import { Statements } from './statements.ts';

interface Abortable {
  signal?: AbortSignal;
}

const PUT =
  'INSERT INTO records (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
const DELETE = 'DELETE FROM records WHERE key = ?';
const WITH_PREFIX = 'FROM records WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key';

/** Records by key, in the repository's database: what the embedded node keeps for itself. */
export class SqliteDatastore extends BaseDatastore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    super();
    this.#db = db;
    this.#sql = new Statements(db);
  }

  override put(key: Key, value: Uint8Array, options?: Abortable): Key {
    options?.signal?.throwIfAborted();
    this.#sql.run(PUT, key.toString(), value);
    return key;
  }

  override get(key: Key, options?: Abortable): Uint8Array {
    options?.signal?.throwIfAborted();
    const row = this.#sql.get<{ value: Uint8Array }>(
      'SELECT value FROM records WHERE key = ?',
      key.toString(),
    );
    if (row === undefined) throw new NotFoundError(`there is no record ${key.toString()}`);
    return row.value;
  }

  override has(key: Key, options?: Abortable): boolean {
    options?.signal?.throwIfAborted();
    return this.#sql.get('SELECT 1 FROM records WHERE key = ?', key.toString()) !== undefined;
  }

  override delete(key: Key, options?: Abortable): void {
    options?.signal?.throwIfAborted();
    this.#sql.run(DELETE, key.toString());
  }

  /** Puts and deletions that are stored together, or not at all. */
  override batch(): Batch {
    let steps: [sql: string, key: string, ...value: Uint8Array[]][] = [];
    return {
      put: (key, value) => void steps.push([PUT, key.toString(), value]),
      delete: (key) => void steps.push([DELETE, key.toString()]),
      commit: (options) => {
        options?.signal?.throwIfAborted();
        transaction(this.#db, () => {
          for (const step of steps) this.#sql.run(...step);
        });
        steps = [];
      },
    };
  }

  /** Read as a whole first, so that the caller may change the store while it goes through. */
  override *_all({ prefix = '' }: Query, options?: Abortable): Generator<Pair> {
    options?.signal?.throwIfAborted();
    for (const { key, value } of this.#sql.all<{ key: string; value: Uint8Array }>(
      `SELECT key, value ${WITH_PREFIX}`,
      prefix,
    )) {
      yield { key: new Key(key), value };
      options?.signal?.throwIfAborted();
    }
  }

  override *_allKeys({ prefix = '' }: KeyQuery, options?: Abortable): Generator<Key> {
    options?.signal?.throwIfAborted();
    for (const { key } of this.#sql.all<{ key: string }>(`SELECT key ${WITH_PREFIX}`, prefix)) {
      yield new Key(key);
      options?.signal?.throwIfAborted();
    }
  }
}
