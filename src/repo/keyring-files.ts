import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupFile } from './backup-tables.ts';
import { parseKeyFileName, writeSecret } from './key-file.ts';

const FOLDER = 'keys';
/** What a process that was killed while it stored a key leaves behind. */
const DRAFT = /\.tmp$/;

/** The files of the keyring, byte by byte: what is encrypted stays encrypted. */
export function readKeyring(stateDir: string): BackupFile[] {
  const dir = join(stateDir, FOLDER);
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => !DRAFT.test(name) && statSync(join(dir, name)).isFile())
    .map((name) => ({
      path: [FOLDER, ...name.split(/[\\/]/)].join('/'),
      bytes: readFileSync(join(dir, name)),
    }));
}

/** Writes the files of a keyring into a state folder that has none; only their owner can read them. */
export function writeKeyring(stateDir: string, files: readonly BackupFile[]): void {
  for (const { path, bytes } of files)
    if (path.startsWith(`${FOLDER}/`)) writeSecret(join(stateDir, path), bytes);
}

/** How many keys there are among files, and whether a passphrase protects all of them; nothing where there are none. */
export function describeKeys(files: readonly BackupFile[]): { keys: number; encrypted: boolean | null } {
  const keys = files
    .map(({ path }) => parseKeyFileName(path.slice(path.lastIndexOf('/') + 1)))
    .filter((key) => key !== undefined);
  return { keys: keys.length, encrypted: keys.length === 0 ? null : keys.every((key) => key.encrypted) };
}
