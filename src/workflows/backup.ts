import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { OvnError } from '../errors.ts';
import { sealBackup } from '../repo/backup-seal.ts';
import { addFiles, type BackupFile } from '../repo/backup-tables.ts';
import { copyDatabase } from '../repo/copy-database.ts';
import { openDatabase } from '../repo/database.ts';
import { makeDurable } from '../repo/durable.ts';
import { describeKeys, readKeyring } from '../repo/keyring-files.ts';
import { partialPath, partialPid, removeLeftOvers } from '../repo/left-overs.ts';
import { SETTINGS } from '../repo/places.ts';
import { Repository } from '../repo/repository.ts';
import { formatInstant } from '../trust/instant.ts';

export interface BackupOptions {
  file: string;
  /** Put the keyring in. */
  keys: boolean;
  /** Take the place of a file that is there. */
  force: boolean;
  dryRun: boolean;
}

export interface BackupEffects {
  repository: Repository;
  now: Date;
  signal: AbortSignal;
  /** Told the pages of the database that are copied. */
  onProgress?: (done: number, total: number) => void;
}

export interface BackupReport {
  /** Absolute. */
  file: string;
  /** Of the file; in a dry run of the database alone. */
  bytes: number;
  /** Nothing in a mirror. */
  publication: string | null;
  /** Of the head that is in it; nothing when nothing was published. */
  sequence: number | null;
  /** How many are in it. */
  keys: number;
  /** Whether all of them are; nothing when there are none. */
  encrypted: boolean | null;
}

/**
 * Writes the whole repository to one file: the database as it is at one moment, while others read and write, with
 * ovn.json and the keyring in a table of their own. It appears under its name when it is whole and durable. The sources are
 * not in it; the bundles, which hold what was published of them, are.
 *
 * The keyring is read after the database: keys are made before the masthead that names them, so none can be missing.
 *
 * @throws {OvnError} `exists` for a file that is there, without `force`; `not-found` for a folder that is not; `usage` for a
 * place inside of `.ovn`.
 */
export async function backUp(options: BackupOptions, effects: BackupEffects): Promise<BackupReport> {
  const { repository, signal } = effects;
  const file = resolve(options.file);
  requirePlace(file, options, repository);
  if (options.dryRun) return foresee(file, options, repository);
  removeLeftOvers(dirname(file), (name) => partialPid(basename(file), name));
  const partial = partialPath(file);
  try {
    await copyDatabase(repository.db, partial, effects);
    const report = furnish(partial, options, effects);
    await sealBackup(partial, { signal });
    makeDurable(partial);
    signal.throwIfAborted();
    requirePlace(file, options, repository);
    renameSync(partial, file);
    makeDurable(dirname(file));
    return { file, bytes: statSync(file).size, ...report };
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Puts the files into the copy, and says what is in it. */
function furnish(
  partial: string,
  options: BackupOptions,
  { repository, now }: BackupEffects,
): Omit<BackupReport, 'file' | 'bytes'> {
  using db = openDatabase(partial, { create: false });
  db.exec('PRAGMA journal_mode = MEMORY'); // one file: neither a journal nor a WAL beside it
  const files = filesOf(repository, options);
  addFiles(db, files, formatInstant(now));
  return describe(new Repository(repository.dir, repository.settings, db), files);
}

function filesOf({ dir, stateDir }: Repository, { keys }: BackupOptions): BackupFile[] {
  const settings = { path: SETTINGS, bytes: readFileSync(join(dir, SETTINGS)) };
  return [settings, ...(keys ? readKeyring(stateDir) : [])];
}

function describe(
  repository: Repository,
  files: readonly BackupFile[],
): Omit<BackupReport, 'file' | 'bytes'> {
  const publication = repository.isMirror ? null : repository.publicationId;
  return { publication, sequence: repository.head()?.sequence ?? null, ...describeKeys(files) };
}

function foresee(file: string, options: BackupOptions, repository: Repository): BackupReport {
  const sql = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
  const bytes = Number(repository.db.prepare(sql).get()?.['bytes'] ?? 0);
  return { file, bytes, ...describe(repository, filesOf(repository, options)) };
}

function requirePlace(file: string, { force }: BackupOptions, { stateDir }: Repository): void {
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new OvnError('not-found', `there is no folder ${folder}`, {
      hint: 'Is the disk there? A backup makes no folders.',
    });
  }
  if (`${realpathSync(folder)}${sep}`.startsWith(`${realpathSync(stateDir)}${sep}`)) {
    throw new OvnError('usage', 'a backup inside of .ovn would be lost with it');
  }
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined || (force && there.isFile())) return;
  throw new OvnError('exists', `${file} is there already; it was left as it is`, {
    ...(there.isFile() ? { hint: '--force puts the new backup in its place.' } : {}),
  });
}
