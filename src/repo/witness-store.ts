import type { DatabaseSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/** A witness's signature on the checkpoint of an edition; it was checked before it came here. */
export interface StoredCosignature {
  sequence: number;
  /** Verifier key of the witness. */
  key: string;
  /** At which it signed, in seconds since 1970. */
  time: number;
  /** What follows the key id in the signature line. */
  signature: Uint8Array;
}

/** What is known of a witness. */
export interface WitnessState {
  key: string;
  /** Entries of the log in the checkpoint that it cosigned last; 0 for none. */
  size: number;
  /** When, in seconds since 1970; nothing where it never did. */
  time?: number;
  /** The largest log that it said it knows. Above our own: entries are missing here. */
  seen: number;
  /** What it last said, where that was no cosignature. */
  problem?: string;
}

type StateRow = { key: string; size: number; time: number | null; seen: number; problem: string | null };

/** Cosignatures of editions, and how far each witness has come. Keys are verifier keys. */
export class WitnessStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = new Statements(db);
  }

  /** Keeps a cosignature of a checkpoint of so many entries, in the caller's transaction. */
  addCosignature({ sequence, key, time, signature }: StoredCosignature, size: number): void {
    const add = 'INSERT OR REPLACE INTO cosignatures (sequence, key, time, signature) VALUES (?, ?, ?, ?)';
    this.#sql.run(add, sequence, key, time, signature);
    this.#sql.run(NOTE_COSIGNED, key, size, time, size);
  }

  /** Of the checkpoint of one edition, by key. */
  cosignatures(sequence: number): StoredCosignature[] {
    const sql = 'SELECT sequence, key, time, signature FROM cosignatures WHERE sequence = ? ORDER BY key';
    return this.#sql.all(sql, sequence);
  }

  /** Notes why a witness did not cosign, in words for people. */
  noteProblem(key: string, problem: string): void {
    this.#sql.run(NOTE_PROBLEM, key, problem);
  }

  /** Notes how large a witness said the log is. */
  noteSeen(key: string, size: number): void {
    this.#sql.run(NOTE_SEEN, key, size);
  }

  /** One witness; one that was never asked has nothing. */
  state(key: string): WitnessState {
    const row = this.#sql.get<StateRow>(
      'SELECT key, size, time, seen, problem FROM witnesses WHERE key = ?',
      key,
    );
    const { size = 0, time = null, seen = 0, problem = null } = row ?? {};
    return { key, size, seen, ...(time === null ? {} : { time }), ...(problem === null ? {} : { problem }) };
  }
}

const NOTE_COSIGNED = `INSERT INTO witnesses (key, size, time, seen) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
  SET size = max(size, excluded.size), time = max(coalesce(time, 0), excluded.time),
      seen = max(seen, excluded.seen), problem = NULL`;
const NOTE_PROBLEM = `INSERT INTO witnesses (key, size, seen, problem) VALUES (?, 0, 0, ?) ON CONFLICT (key) DO UPDATE
  SET problem = excluded.problem`;
const NOTE_SEEN = `INSERT INTO witnesses (key, size, seen) VALUES (?, 0, ?) ON CONFLICT (key) DO UPDATE
  SET seen = max(seen, excluded.seen)`;
