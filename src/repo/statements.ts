import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { storageError } from './storage-error.ts';

/** Statements of one connection, prepared when first used. Errors about the disk or the file come out as OvnError. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The first row, of the shape that the caller knows its SQL to give. */
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#run(sql, (statement) => statement.get(...values) as Row | undefined);
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#run(sql, (statement) => statement.all(...values) as Row[]);
  }

  /** The number of rows that were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#run(sql, (statement) => Number(statement.run(...values).changes));
  }

  #run<T>(sql: string, use: (statement: StatementSync) => T): T {
    try {
      return use(this.prepare(sql));
    } catch (error) {
      throw storageError(error);
    }
  }

  /** For loops where a call more a row counts, and for settings of one statement. */
  prepare(sql: string): StatementSync {
    const found = this.#prepared.get(sql);
    if (found !== undefined) return found;
    const statement = this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
