import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes a file, or the names in a folder, survive the loss of power. Windows has no such thing for folders. */
export function makeDurable(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    closeSync(file);
  }
}
