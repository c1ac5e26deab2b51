import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Tells whether anything in a database has changed, by whichever process; a look costs some microseconds. */
export class ChangeCounter {
  readonly #byOthers: StatementSync;
  readonly #byOurselves: StatementSync;
  readonly #lastBlock: StatementSync;

  constructor(db: DatabaseSync) {
    // PRAGMA data_version changes with what other connections commit, total_changes() with what this one writes.
    this.#byOthers = db.prepare('PRAGMA data_version');
    this.#byOurselves = db.prepare('SELECT total_changes() AS changes');
    this.#lastBlock = db.prepare('SELECT coalesce(max(id), 0) AS id FROM blocks');
  }

  /** Another text after each change. */
  read(): string {
    const { data_version: others } = this.#byOthers.get() as { data_version: number };
    const { changes: ours } = this.#byOurselves.get() as { changes: number };
    return `${others}/${ours}`;
  }

  /** Another number after blocks were added. */
  lastBlock(): number {
    return (this.#lastBlock.get() as { id: number }).id;
  }
}
