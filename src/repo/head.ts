import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/** The edition that this repository is at. */
export interface Head {
  sequence: number;
  /** Root CID of the edition; empty for one before a recovered head, of which only the manifest is known. */
  edition: string;
  /** CID of its manifest: the identity of the sequence. */
  manifest: string;
  /** UTC. */
  issued: string;
  expires: string;
}

const COLUMNS = 'sequence, edition, cid AS manifest, issued, expires';

/** The head, and every manifest before it. */
export class HeadStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  readHead(): Head | undefined {
    return this.#sql.get(`SELECT ${COLUMNS} FROM manifests ORDER BY sequence DESC LIMIT 1`);
  }

  /** Makes an edition the head, in the caller's transaction. Invariant 4: `sequence` only grows. */
  writeHead({ sequence, edition, manifest, issued, expires }: Head): void {
    const before = this.readHead()?.sequence ?? 0;
    if (sequence <= before) throw new Error(`sequence ${sequence} does not follow ${before}`);
    const sql = 'INSERT INTO manifests (sequence, cid, edition, issued, expires) VALUES (?, ?, ?, ?, ?)';
    this.#sql.run(sql, sequence, manifest, edition, issued, expires);
  }

  /** Every manifest that was issued, newest first; the head is the first. */
  manifests(limit = -1): Head[] {
    return this.#sql.all(`SELECT ${COLUMNS} FROM manifests ORDER BY sequence DESC LIMIT ?`, limit);
  }

  /** The editions of which more than the manifest is known, newest first. */
  editions(limit: number): Head[] {
    return this.#sql.all(
      `SELECT ${COLUMNS} FROM manifests WHERE edition <> '' ORDER BY sequence DESC LIMIT ?`,
      limit,
    );
  }
}
