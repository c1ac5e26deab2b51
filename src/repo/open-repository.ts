import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { openDatabase } from './database.ts';
import { DATABASE, databasePath, SETTINGS, STATE } from './places.ts';
import { Repository } from './repository.ts';
import { readSettings } from './settings.ts';

/**
 * The repository that a folder lies in: the nearest one upward that has an ovn.json.
 *
 * @throws {OvnError} `not-found`.
 */
export function findRepository(from: string): string {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (existsSync(join(dir, SETTINGS))) return dir;
    if (dir !== dirname(dir)) continue;
    throw new OvnError('not-found', `neither ${resolve(from)} nor a folder above it has an ${SETTINGS}`, {
      hint: 'ovn init makes a repository; --repo or OVN_REPO names one.',
    });
  }
}

/**
 * Opens the repository of a folder that has an ovn.json.
 *
 * @throws {OvnError} `not-found` without ovn.json or `.ovn`; `malformed` for an ovn.json with errors; `damaged`, `usage`
 * and `io` as {@link openDatabase} does.
 */
export function openRepository(dir: string): Repository {
  const root = resolve(dir);
  const settings = readSettings(join(root, SETTINGS));
  const database = databasePath(root);
  if (!existsSync(database)) {
    throw new OvnError('not-found', `${root} has an ${SETTINGS}, but no ${STATE}/${DATABASE} beside it`, {
      hint: `${STATE} is kept out of git: it comes back from a backup, not from a clone.`,
    });
  }
  return new Repository(root, settings, openDatabase(database, { create: false }));
}
