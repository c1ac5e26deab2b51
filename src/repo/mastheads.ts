import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

export interface StoredMasthead {
  version: number;
  cid: string;
  bytes: Uint8Array;
}

/** Every version of the masthead, as it was signed. */
export class MastheadStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  /** Version 1 first. */
  list(): StoredMasthead[] {
    return this.#sql.all('SELECT version, cid, bytes FROM mastheads ORDER BY version');
  }

  /** Invariant 4: chains are unbroken, so a version follows the one before and never takes the place of one. */
  add({ version, cid, bytes }: StoredMasthead): void {
    const { last } = this.#sql.get<{ last: number }>(
      'SELECT coalesce(max(version), 0) AS last FROM mastheads',
    ) ?? { last: 0 };
    if (version !== last + 1) throw new Error(`masthead ${version} does not follow ${last}`);
    this.#sql.run('INSERT INTO mastheads (version, cid, bytes) VALUES (?, ?, ?)', version, cid, bytes);
  }
}
