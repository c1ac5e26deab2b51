import { join } from 'node:path';

/** Where the parts of a repository lie in its folder. */
export const SETTINGS = 'ovn.json';
export const STATE = '.ovn';
export const DATABASE = 'ovn.db';

/** The database of the repository in a folder. */
export function databasePath(dir: string): string {
  return join(dir, STATE, DATABASE);
}
