import { mkdirSync } from 'node:fs';
import { OvnError } from '../errors.ts';

/**
 * Makes a folder and those above it, where they are not there yet.
 *
 * @throws {OvnError} `exists` where a file lies in the place of one of them.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new OvnError('exists', `there cannot be a folder ${path}: a file is in its way`, { cause: error });
  }
}
