import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));

/** Whether the shared test vectors are beside the project; without them the tests that need them skip. */
export const hasVectors = existsSync(FOLDER);

if (!hasVectors) console.warn('shared vectors are absent: tests against them are skipped');

/** Path of one shared vector file or folder. */
export function vectors(path: string): string {
  return FOLDER + path;
}
