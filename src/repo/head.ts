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

const BETWEEN = `SELECT edition FROM manifests WHERE sequence >= ?1 AND sequence < ?2 AND edition <> ''
  UNION SELECT edition FROM former_editions WHERE sequence >= ?1 AND sequence < ?2 AND edition <> ''`;

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

  /**
   * Gives the head another root, in the caller's transaction: the same manifest, with more signatures on its checkpoint.
   * The former root is remembered.
   */
  replaceEdition({ sequence, manifest }: Head, edition: string): void {
    const head = this.readHead();
    if (head?.sequence !== sequence || head.manifest !== manifest) {
      throw new Error(`edition ${sequence} is not the head`);
    }
    this.#sql.run(
      'INSERT OR IGNORE INTO former_editions (sequence, edition) VALUES (?, ?)',
      sequence,
      head.edition,
    );
    this.#sql.run('UPDATE manifests SET edition = ? WHERE sequence = ?', edition, sequence);
  }

  /** Former roots of the edition of a sequence and of those after it. */
  formerEditions(sequence: number): string[] {
    const sql = 'SELECT edition FROM former_editions WHERE sequence >= ? ORDER BY sequence, edition';
    return this.#sql.all<{ edition: string }>(sql, sequence).map(({ edition }) => edition);
  }

  /** Every root, present or former, of the editions from a sequence on, before another. */
  editionsBetween(from: number, until: number): string[] {
    return this.#sql.all<{ edition: string }>(BETWEEN, from, until).map(({ edition }) => edition);
  }

  /** The manifest of an edition, named by its root, present or former. */
  byEdition(edition: string): Head | undefined {
    const sql = `SELECT ${COLUMNS} FROM manifests WHERE edition = ? OR sequence IN
      (SELECT sequence FROM former_editions WHERE edition = ?) ORDER BY sequence DESC LIMIT 1`;
    return this.#sql.get(sql, edition, edition);
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
