import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { OvnError } from '../errors.ts';
import { storageError } from './storage-error.ts';

const FILE = 'publish.lock';
const POLL_MS = 50;

export interface LockOptions {
  /** Ends the wait. */
  signal?: AbortSignal;
  /** Called once, when another process holds the lock. */
  onWait?: () => void;
}

/**
 * Waits until no other process publishes in this repository, and keeps others waiting until it is disposed of. The lock
 * is the operating system's, on a database file of its own: it ends with the process, however that ends.
 *
 * @param dir the repository's `.ovn`.
 */
export async function acquirePublishLock(
  dir: string,
  { signal, onWait }: LockOptions = {},
): Promise<AsyncDisposable> {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, FILE), { timeout: 0 });
  try {
    let waited = false;
    while (!tryLock(db)) {
      if (!waited) onWait?.();
      waited = true;
      await setTimeout(POLL_MS, undefined, signal === undefined ? {} : { signal });
    }
    signal?.throwIfAborted();
  } catch (error) {
    db.close();
    throw error;
  }
  return { [Symbol.asyncDispose]: async () => db.close() };
}

function tryLock(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const told = storageError(error);
    if (told instanceof OvnError && told.code === 'busy') return false;
    throw told;
  }
}
