import { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { type BackupFile, readFiles } from '../../repo/backup-tables.ts';
import { checkBlocks } from '../../repo/check-blocks.ts';
import { checkDatabase, openDatabase } from '../../repo/database.ts';
import { SETTINGS } from '../../repo/places.ts';
import { Repository } from '../../repo/repository.ts';
import { requirePlainTables, requireSchema } from '../../repo/require-schema.ts';
import { parseSettings } from '../../repo/settings.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { requireGenuineFollowed } from '../auditing/followed.ts';
import { requireGenuine } from '../naming/require-genuine.ts';

/** The copy of a backup's database, judged and open. */
export interface VerifiedBackup extends Disposable {
  /** On the copy; its folders are not there yet. */
  repository: Repository;
  files: readonly BackupFile[];
  /** UTC. */
  made: string;
}

export interface OpenBackupEffects {
  now: Date;
  signal: AbortSignal;
  /** Told the blocks that are hashed. */
  onProgress?: (done: number) => void;
}

const YIELD_EVERY = 1024;
/** Errors that say all there is to say of a file from outside. */
const TOLD: readonly string[] = ['malformed', 'limit', 'refused', 'usage', 'interrupted'];

/**
 * Opens the copy of a backup's database, which belongs to nobody else, and judges it as one that a stranger made: what it is
 * made of before it is asked anything, SQLite's own check of the file, every path, every block's hash (invariant 1), the
 * chain of mastheads, every name record, and the documents of what is followed.
 *
 * @throws {OvnError} `malformed`, `limit` or `refused`; `usage` when a newer program made it.
 */
export async function openBackup(path: string, effects: OpenBackupEffects): Promise<VerifiedBackup> {
  try {
    lookAtSchema(path);
    const db = openDatabase(path, { create: false });
    try {
      return await judge(db, effects);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    effects.signal.throwIfAborted();
    if (!(error instanceof Error) || (error instanceof OvnError && TOLD.includes(error.code))) throw error;
    throw new OvnError('malformed', `the database in the backup is not whole: ${error.message}`, {
      cause: error,
    });
  }
}

function lookAtSchema(path: string): void {
  using db = new DatabaseSync(path);
  requirePlainTables(db);
}

async function judge(db: DatabaseSync, effects: OpenBackupEffects): Promise<VerifiedBackup> {
  requireSchema(db, ['backup_files']);
  const [problem] = checkDatabase(db);
  if (problem !== undefined) throw new Error(problem);
  const { files, made } = readFiles(db);
  const repository = new Repository('.', readSettingsIn(files), db);
  await requireTrueBlocks(repository, effects);
  requirePublication(repository);
  await requireGenuine(repository.names.all());
  const read = async (cid: CID) => repository.blockstore.getBytes(cid);
  await requireGenuineFollowed(repository, read, effects);
  return { repository, files, made, [Symbol.dispose]: () => db.close() };
}

function readSettingsIn(files: readonly BackupFile[]): ReturnType<typeof parseSettings> {
  const file = files.find(({ path }) => path === SETTINGS);
  if (file === undefined) throw new OvnError('malformed', `the backup holds no ${SETTINGS}`);
  return parseSettings(Buffer.from(file.bytes).toString('utf8'));
}

async function requireTrueBlocks(
  { blockstore }: Repository,
  { signal, onProgress }: OpenBackupEffects,
): Promise<void> {
  let count = 0;
  for (const damaged of checkBlocks(blockstore)) {
    if (damaged !== undefined) throw new Error(`the bytes of block ${damaged} are others`);
    count += 1;
    if (count % YIELD_EVERY !== 0) continue;
    onProgress?.(count);
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
}

/** The mastheads hold, and the head's manifest is there. A mirror has neither. */
function requirePublication(repository: Repository): void {
  if (repository.isMirror) {
    if (repository.mastheads().length === 0 && repository.head() === undefined) return;
    throw new OvnError('malformed', 'the backup says that it is of a mirror, and holds a paper');
  }
  const { publicationId } = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  if (publicationId !== repository.publicationId)
    throw new OvnError('malformed', 'masthead 1 has another CID than is recorded');
  const head = repository.head();
  if (head !== undefined && !repository.blockstore.has(CID.parse(head.manifest)))
    throw new OvnError('malformed', `the manifest of edition ${head.sequence} is not in the backup`);
}
