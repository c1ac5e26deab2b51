import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OvnError } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { APPLICATION_ID, CREATE_TABLES, PAGE_SIZE, SCHEMA_VERSION } from './schema.ts';
import { storageError } from './storage-error.ts';

/** How long a statement waits for another process, in ms. */
const BUSY_TIMEOUT = 30_000;

/** synchronous=FULL: what is committed survives the loss of power. Sizes in KiB (negative) or pages of {@link PAGE_SIZE}. */
const SETTINGS = `
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16000;
PRAGMA wal_autocheckpoint = 500;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;`;

/**
 * Opens the repository's database; with `create`, makes it where there is none.
 *
 * @throws {OvnError} `not-found` when it is not there; `damaged` when the file is not ours or not whole; `usage` when a
 * newer program made it; `io` when it cannot be opened.
 */
export function openDatabase(path: string, { create }: { create: boolean }): DatabaseSync {
  if (!create && !existsSync(path)) throw new OvnError('not-found', `there is no database ${path}`);
  const db = open(path);
  try {
    if (create && isBlank(db)) makeTables(db);
    requireOurs(db, path);
    db.exec(SETTINGS);
    if (pragma(db, 'user_version') < SCHEMA_VERSION) migrate(db);
    requireKnown(db, path);
    return db;
  } catch (error) {
    db.close();
    throw storageError(error);
  }
}

/**
 * Runs `work` in one transaction that takes the write lock at once: all of it is stored, or nothing. Inside of a
 * transaction it joins that one. `work` must be synchronous: an `await` would let others write into it.
 *
 * @throws {OvnError} `busy` when another process holds the lock for too long; `io` when the disk is full or fails.
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  return db.isTransaction ? work() : guarded(db, 'BEGIN IMMEDIATE', 'COMMIT', work);
}

function guarded<T>(db: DatabaseSync, begin: string, end: string, work: () => T): T {
  try {
    db.exec(begin);
    const result = work();
    if (result instanceof Promise) throw new TypeError('a transaction must be synchronous');
    db.exec(end);
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw storageError(error);
  }
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  } catch (error) {
    throw storageError(error);
  }
}

function makeTables(db: DatabaseSync): void {
  db.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
  transaction(db, () => {
    if (!isBlank(db)) return; // another process was faster
    db.exec(CREATE_TABLES);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
  });
}

/** From the schema of an older program to ours: all steps or none, also where two processes begin at once. */
function migrate(db: DatabaseSync): void {
  transaction(db, () => {
    for (let version = pragma(db, 'user_version'); version < SCHEMA_VERSION; version++) {
      MIGRATIONS.get(version)?.(db);
      db.exec(`PRAGMA user_version = ${version + 1};`);
    }
  });
}

function isBlank(db: DatabaseSync): boolean {
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  return tables === 0 && pragma(db, 'application_id') === 0;
}

function requireOurs(db: DatabaseSync, path: string): void {
  if (pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new OvnError('damaged', `${path} is not a database of OpenVoiceNews`, {
      hint: 'Move it away, and restore the repository from a backup.',
    });
  }
}

function requireKnown(db: DatabaseSync, path: string): void {
  const version = pragma(db, 'user_version');
  if (version !== SCHEMA_VERSION) {
    throw new OvnError('usage', `${path} has schema ${version}; this program knows ${SCHEMA_VERSION}`, {
      hint: 'A newer ovn made this repository: update ovn.',
    });
  }
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] as number;
}

/** What SQLite itself finds wrong with the file; nothing where it is sound. Reads all of it. */
export function checkDatabase(db: DatabaseSync): string[] {
  const rows = db.prepare('PRAGMA integrity_check(10)').all() as { integrity_check: string }[];
  return rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok');
}
