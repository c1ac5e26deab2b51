import { readFileSync } from 'node:fs';
import { OvnError } from '../../errors.ts';
import { replaceFile } from '../../repo/source-files.ts';

/** A file that is to be replaced. */
export interface FileChange {
  /** Absolute. */
  file: string;
  before: string;
  after: string;
}

/**
 * Replaces files, each whole or not at all. Where one cannot be written, those before it get their text back, and the error is thrown.
 * After a crash some are changed and some are not: the same command run again changes the rest.
 *
 * @throws {OvnError} `exists` for a file that says something else by now: somebody saved it since it was read.
 */
export function writeTogether(changes: readonly FileChange[]): void {
  const written: FileChange[] = [];
  try {
    for (const change of changes) {
      requireUnchanged(change);
      replaceFile(change.file, change.after);
      written.push(change);
    }
  } catch (error) {
    for (const { file, before } of written) replaceFile(file, before);
    throw error;
  }
}

function requireUnchanged({ file, before }: FileChange): void {
  if (readFileSync(file, 'utf8') === before) return;
  throw new OvnError('exists', `${file} was changed by somebody else just now; nothing was changed`, {
    hint: 'Run it again.',
  });
}
