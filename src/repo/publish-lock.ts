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
 * Waits until no other process publishes in this repository, and keeps others waiting until it is disposed of.
 *
 * @param dir the repository's `.ovn`.
 */
export async function acquirePublishLock(dir: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  mkdirSync(dir, { recursive: true });
  return acquireLock(join(dir, FILE), options);
}

/**
 * A lock that one process has at a time. It is the operating system's, on a database file of its own: it ends with the
 * process, however that ends.
 */
export async function acquireLock(
  path: string,
  { signal, onWait }: LockOptions = {},
): Promise<AsyncDisposable> {
  const db = openLock(path);
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

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw storageError(error);
  }
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
