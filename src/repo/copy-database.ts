import { closeSync, openSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import { storageError } from './storage-error.ts';

/** Pages that are copied before the event loop turns: 8 MiB. */
const PAGES_A_STEP = 256;

export interface CopyOptions {
  signal: AbortSignal;
  /** Told the pages that are copied, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Copies the database as it is at this moment to a new file that only its owner can read. Others read and write
 * meanwhile: one transaction is open to the end, so the copy neither sees them nor starts again because of them.
 */
export async function copyDatabase(
  db: DatabaseSync,
  target: string,
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  closeSync(openSync(target, 'wx', 0o600));
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM meta').get(); // only a first read fixes what the transaction sees
    await backup(db, target, {
      rate: PAGES_A_STEP,
      progress: ({ totalPages, remainingPages }) => {
        signal.throwIfAborted();
        onProgress?.(totalPages - remainingPages, totalPages);
      },
    });
    signal.throwIfAborted();
  } catch (error) {
    throw storageError(error);
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}
