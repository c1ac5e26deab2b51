import type { DatabaseSync } from 'node:sqlite';
import { OvnError } from '../errors.ts';
import { isInstant } from '../trust/instant.ts';
import { transaction } from './database.ts';

/** A file beside the database that is part of the repository. */
export interface BackupFile {
  /** `ovn.json`, or `keys/…`. */
  path: string;
  bytes: Uint8Array;
}

const CREATE = 'CREATE TABLE backup_files (path TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT';

/** One or two steps down from `keys`, and nothing that a shell or a file system takes for anything but a name. */
const SAFE_PATH = /^(?:ovn\.json|keys(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){1,2})$/;
/** A keyring of hundreds of rotated keys is far below both. */
const MOST_FILES = 4096;
const FILE_LIMIT = 1024 * 1024;

/**
 * Puts the files of a repository beside its tables, and notes when that was. Called on a copy of the database.
 *
 * @param made UTC.
 */
export function addFiles(db: DatabaseSync, files: readonly BackupFile[], made: string): void {
  for (const file of files) requireSafe(file.path, file.bytes.length);
  transaction(db, () => {
    db.exec(CREATE);
    const insert = db.prepare('INSERT INTO backup_files (path, bytes) VALUES (?, ?)');
    for (const { path, bytes } of files) insert.run(path, bytes);
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('backup', ?)").run(made);
  });
}

/**
 * The files in a backup, and when it was made (UTC).
 *
 * @throws {OvnError} `malformed` for a path that leads elsewhere, `limit` for what no repository has.
 */
export function readFiles(db: DatabaseSync): { files: BackupFile[]; made: string } {
  const rows = db
    .prepare('SELECT path, length(bytes) AS size FROM backup_files ORDER BY path LIMIT ?')
    .all(MOST_FILES + 1) as { path: string; size: number }[];
  if (rows.length > MOST_FILES)
    throw new OvnError('limit', `the backup has more than ${MOST_FILES} files beside its database`);
  for (const { path, size } of rows) requireSafe(path, size);
  const select = db.prepare('SELECT bytes FROM backup_files WHERE path = ?');
  const files = rows.map(({ path }) => ({ path, bytes: select.get(path)?.['bytes'] as Uint8Array }));
  const made = db.prepare("SELECT value FROM meta WHERE key = 'backup'").get()?.['value'];
  if (typeof made !== 'string' || !isInstant(made))
    throw new OvnError('malformed', 'the backup does not say when it was made');
  return { files, made };
}

/**
 * Takes the files out of the database again, so that nothing of a key is left in its pages. In memory, because a journal
 * on the disk would hold them.
 */
export function removeFiles(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA secure_delete = ON');
  transaction(db, () => {
    db.exec("DROP TABLE backup_files; DELETE FROM meta WHERE key = 'backup'");
  });
}

function requireSafe(path: string, size: number): void {
  if (!SAFE_PATH.test(path))
    throw new OvnError('malformed', `${JSON.stringify(path.slice(0, 200))} is no file of a repository`);
  if (size > FILE_LIMIT) throw new OvnError('limit', `${path} is larger than ${FILE_LIMIT} bytes`);
}
