import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CID } from 'multiformats/cid';
import type { Block } from '../unixfs/block.ts';
import { transaction } from './database.ts';
import type { SqliteBlockstore } from './sqlite-blockstore.ts';
import { storageError } from './storage-error.ts';

/** What has come in so far of one DAG that is being fetched. It outlives the process, so that the next one goes on from there. */
export interface FetchStore extends Disposable {
  /** Whether nothing was left by an earlier try. */
  readonly isNew: boolean;
  /** Bytes that earlier tries left, about. */
  readonly left: number;
  /** Whether an earlier try left it. */
  has(cid: CID): boolean;
  get(cid: CID): Uint8Array | undefined;
  put(blocks: readonly Block[]): void;
  /** Stores all of it in a repository. It is closed by that, and gone. Every block in it must have been read, and hashed, or put. */
  moveInto(blockstore: Pick<SqliteBlockstore, 'takeOver'>): void;
  /** It is not needed any more. */
  discard(): void;
}

const PREFIX = 'fetch-';

/** What nobody went on with for so long is taken away: seven days, in ms. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

const SQLITE_BUSY = 5;

/** A torn page is no danger: whoever reads from here hashes what is read. But a killed process must leave a database. */
const SETTINGS = `
PRAGMA page_size = 32768;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = TRUNCATE;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE IF NOT EXISTS blocks (id INTEGER PRIMARY KEY, multihash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;`;

/**
 * Opens the store of a root below `dir`, with what an earlier try left in it.
 * @throws {OvnError} `io` when it cannot be written.
 */
export function openFetchStore(dir: string, root: CID): FetchStore {
  mkdirSync(dir, { recursive: true });
  removeOld(dir);
  const { db, path, isShared } = open(dir, root);
  const insert = db.prepare('INSERT OR REPLACE INTO blocks (multihash, bytes) VALUES (?, ?)');
  const select = db.prepare('SELECT bytes FROM blocks WHERE multihash = ?');
  const find = db.prepare('SELECT 1 FROM blocks WHERE multihash = ?');
  const isNew = isEmpty(db);
  const close = (): void => {
    if (!db.isOpen) return;
    db.close();
    rmSync(journalOf(path), { force: true });
  };
  return {
    isNew,
    left: isNew ? 0 : statSync(path).size,
    // What came in since is known to whoever put it.
    has: (cid) => !isNew && find.get(cid.multihash.bytes) !== undefined,
    get: (cid) => select.get(cid.multihash.bytes)?.['bytes'] as Uint8Array | undefined,
    put(blocks) {
      transaction(db, () => {
        for (const { cid, bytes } of blocks) insert.run(cid.multihash.bytes, bytes);
      });
    },
    moveInto(blockstore) {
      close();
      blockstore.takeOver(path);
      remove(path);
    },
    discard() {
      close();
      remove(path);
    },
    [Symbol.dispose]() {
      const isUseless = db.isOpen && (!isShared || isEmpty(db));
      close();
      if (isUseless) remove(path);
    },
  };
}

interface Opened {
  db: DatabaseSync;
  path: string;
  /** Whether the next one goes on from it. */
  isShared: boolean;
}

/** Of two that fetch the same at once, the second has a place of its own, which nobody goes on from. */
function open(dir: string, root: CID): Opened {
  const path = join(dir, `${PREFIX}${root}.db`);
  try {
    return { db: prepare(path), path, isShared: true };
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      const own = join(dir, `${PREFIX}${root}.${randomUUID()}.db`);
      return { db: prepare(own), path: own, isShared: false };
    }
    // What cannot be read after a loss of power is fetched anew.
    remove(path);
    return { db: prepareAnew(path), path, isShared: true };
  }
}

function prepareAnew(path: string): DatabaseSync {
  try {
    return prepare(path);
  } catch (error) {
    throw storageError(error);
  }
}

function prepare(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(SETTINGS);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM blocks LIMIT 1').get() === undefined;
}

function removeOld(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (!name.startsWith(PREFIX) || !name.endsWith('.db')) continue;
    const stat = statSync(join(dir, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > KEPT_FOR) remove(join(dir, name));
  }
}

function remove(path: string): void {
  for (const each of [path, journalOf(path)]) rmSync(each, { force: true });
}

function journalOf(path: string): string {
  return `${path}-journal`;
}
