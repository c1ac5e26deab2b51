import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/** Single facts about the repository, by name. */
export class Meta {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  get(key: string): string | undefined {
    return this.#sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
  }

  set(key: string, value: string): void {
    this.#sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
  }

  remove(key: string): void {
    this.#sql.run('DELETE FROM meta WHERE key = ?', key);
  }
}
