import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { unsealBackup } from '../repo/backup-seal.ts';
import { type BackupFile, removeFiles } from '../repo/backup-tables.ts';
import { makeDurable } from '../repo/durable.ts';
import { describeKeys, writeKeyring } from '../repo/keyring-files.ts';
import { partialPath, partialPid, removeLeftOvers } from '../repo/left-overs.ts';
import { DATABASE, SETTINGS, STATE } from '../repo/places.ts';
import { setRestoredMark } from '../repo/restored-mark.ts';
import { readSettings } from '../repo/settings.ts';
import { formatInstant } from '../trust/instant.ts';
import { openBackup, type VerifiedBackup } from './restoring/open-backup.ts';

export interface RestoreOptions {
  file: string;
  dir: string;
  dryRun: boolean;
}

export interface RestoreEffects {
  now: Date;
  signal: AbortSignal;
  onProgress?: (what: 'bytes' | 'blocks', done: number, total: number) => void;
}

export interface RestoreReport {
  /** Absolute. */
  dir: string;
  /** Nothing in a mirror. */
  publication: string | null;
  /** Of the head that was in it; nothing when nothing was published. */
  sequence: number | null;
  /** When the backup was made. UTC. */
  made: string;
  keys: number;
  /** Whether all of them are; nothing when there are none. */
  encrypted: boolean | null;
  /** `kept`: there was an ovn.json, the same or another, and it stays. */
  settings: 'restored' | 'kept' | 'kept-different';
}

/**
 * Makes a repository of a backup: all of it or nothing. The file is copied and its digest compared, then the database is
 * judged as one from a stranger, before anything of it is used. An ovn.json that is there already, from git, stays.
 *
 * A crash before the last step leaves a folder `.ovn.<process id>.partial`, which the next call takes away, or, between the
 * last two steps, an ovn.json without `.ovn`, as a clone from git has it.
 *
 * @throws {OvnError} `exists` where there is an `.ovn` already; `not-found`, `malformed` or `limit` for the file; `refused`
 * when its mastheads do not hold; `usage` when a newer program made it.
 */
export async function restore(options: RestoreOptions, effects: RestoreEffects): Promise<RestoreReport> {
  const dir = resolve(options.dir);
  requireFree(dir);
  using place = options.dryRun ? rehearsalPlace() : makePlace(dir);
  const database = join(place.state, DATABASE);
  await unsealBackup(options.file, database, {
    signal: effects.signal,
    onProgress: (done, total) => effects.onProgress?.('bytes', done, total),
  });
  const report = await take(database, dir, place, options, effects);
  if (!options.dryRun) commit(dir, place);
  return report;
}

/** Judges the copy, and lays out of it what goes to `dir`. */
async function take(
  database: string,
  dir: string,
  { state, settings: draft }: Place,
  { dryRun }: RestoreOptions,
  effects: RestoreEffects,
): Promise<RestoreReport> {
  using backup = await openBackup(database, {
    now: effects.now,
    signal: effects.signal,
    onProgress: (done) => effects.onProgress?.('blocks', done, done),
  });
  const { files, made, repository } = backup;
  const settings = fateOfSettings(dir, files);
  const sequence = repository.head()?.sequence ?? null;
  const publication = repository.isMirror ? null : repository.publicationId;
  const report = { dir, publication, sequence, made, ...describeKeys(files), settings };
  if (dryRun) return report;
  writeKeyring(state, files);
  writeFileSync(join(state, '.gitignore'), '*\n');
  if (settings === 'restored') writeFileSync(draft, contentOf(files));
  settle(backup, formatInstant(effects.now));
  return report;
}

/** Makes of the backup's database a repository's own, which says that it was restored. */
function settle({ files: _, made, repository }: VerifiedBackup, restored: string): void {
  removeFiles(repository.db);
  setRestoredMark(repository.meta, { made, restored, sequence: repository.head()?.sequence ?? 0 });
  repository.db.exec('PRAGMA journal_mode = WAL');
}

/** The two steps after which there is a repository; from the first to the second it is as after a clone from git. */
function commit(dir: string, { state, settings: draft }: Place): void {
  makeDurable(join(state, DATABASE));
  makeDurable(state);
  requireFree(dir);
  const target = join(dir, SETTINGS);
  const isNew = existsSync(draft);
  if (isNew) {
    makeDurable(draft);
    renameSync(draft, target);
  }
  try {
    renameSync(state, join(dir, STATE));
  } catch (error) {
    if (isNew) rmSync(target);
    throw error;
  }
  makeDurable(dir);
}

/** Where the parts lie until they are whole; what is still there at the end is taken away. */
interface Place extends Disposable {
  /** To become `.ovn`. */
  state: string;
  /** To become ovn.json, inside of `state`. */
  settings: string;
}

function makePlace(dir: string): Place {
  const first = mkdirSync(dir, { recursive: true });
  removeLeftOvers(dir, (name) => partialPid(STATE, name));
  const state = partialPath(join(dir, STATE));
  mkdirSync(state, { mode: 0o700 });
  return {
    state,
    settings: join(state, SETTINGS),
    [Symbol.dispose]() {
      rmSync(state, { recursive: true, force: true });
      if (first !== undefined) removeEmpty(dir, first);
    },
  };
}

function rehearsalPlace(): Place {
  const state = mkdtempSync(join(tmpdir(), 'ovn-restore-'));
  return {
    state,
    settings: join(state, SETTINGS),
    [Symbol.dispose]: () => rmSync(state, { recursive: true, force: true }),
  };
}

/** Takes empty folders away, from `dir` up to `last`. */
function removeEmpty(dir: string, last: string): void {
  try {
    rmdirSync(dir);
  } catch {
    return; // it is in use
  }
  if (dir !== last) removeEmpty(dirname(dir), last);
}

function requireFree(dir: string): void {
  if (!existsSync(join(dir, STATE))) return;
  throw new OvnError('exists', `${dir} has an ${STATE} already; nothing was changed`, {
    hint: `Restore into another folder, or move ${STATE} away: a repository is never replaced.`,
  });
}

function fateOfSettings(dir: string, files: readonly BackupFile[]): RestoreReport['settings'] {
  const path = join(dir, SETTINGS);
  if (!existsSync(path)) return 'restored';
  readSettings(path);
  return readFileSync(path).equals(contentOf(files)) ? 'kept' : 'kept-different';
}

function contentOf(files: readonly BackupFile[]): Uint8Array {
  const file = files.find(({ path }) => path === SETTINGS);
  if (file === undefined) throw new OvnError('malformed', `the backup holds no ${SETTINGS}`);
  return file.bytes;
}
