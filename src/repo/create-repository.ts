import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { openDatabase } from './database.ts';
import { makeDurable } from './durable.ts';
import { partialPath, partialPid, removeLeftOvers } from './left-overs.ts';
import { databasePath, SETTINGS, STATE } from './places.ts';
import { Repository } from './repository.ts';
import { formatSettings, type Settings } from './settings.ts';

/**
 * Makes a repository: `.ovn`, which git is told to pass over, then what `furnish` adds (keys, masthead), then ovn.json,
 * which comes last, so that nothing half made is taken for a repository. After a crash it may be called again: `furnish`
 * then finds what it had added.
 *
 * @throws {OvnError} `exists` when there is an ovn.json; nothing was changed then.
 */
export async function createRepository(
  dir: string,
  settings: Settings,
  furnish: (repository: Repository) => Promise<void>,
): Promise<Repository> {
  const root = resolve(dir);
  const state = join(root, STATE);
  if (existsSync(join(root, SETTINGS))) throw exists(root);
  mkdirSync(root, { recursive: true });
  makeState(state);
  const repository = new Repository(root, settings, openDatabase(databasePath(root), { create: true }));
  try {
    await furnish(repository);
    writeSettings(root, settings);
    return repository;
  } catch (error) {
    repository.close();
    throw error;
  }
}

/** In `.ovn` first, and on the disk before it gets its name: a crash leaves all of it or none. */
function writeSettings(root: string, settings: Settings): void {
  const target = join(root, SETTINGS);
  const draft = partialPath(join(root, STATE, SETTINGS));
  removeLeftOvers(join(root, STATE), (name) => partialPid(SETTINGS, name));
  try {
    writeFileSync(draft, formatSettings(settings));
    makeDurable(draft);
    if (existsSync(target)) throw exists(root);
    renameSync(draft, target);
    makeDurable(root);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Makes an empty database where an ovn.json has none beside it, to be filled by recovery: it lacks even its masthead.
 *
 * @returns what takes it away again, where one was made; `.ovn` too, if it was made with it.
 */
export function replaceLostDatabase(dir: string): (() => void) | undefined {
  const state = join(resolve(dir), STATE);
  const path = databasePath(resolve(dir));
  if (existsSync(path)) return undefined;
  const isNew = !existsSync(state);
  makeState(state);
  openDatabase(path, { create: true }).close();
  return () => {
    for (const file of isNew ? [state] : [path, `${path}-wal`, `${path}-shm`])
      rmSync(file, { recursive: true, force: true });
  };
}

function makeState(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, '.gitignore'), '*\n');
}

function exists(dir: string): OvnError {
  return new OvnError('exists', `${dir} is a repository already: it stays as it is`);
}
