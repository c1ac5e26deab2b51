import { OvnError } from '../errors.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that a user can do something about. */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

const RESTORE = 'Restore it from a backup; copies of the file may tell more than the file alone, so keep it.';

/** Turns what SQLite throws about the disk, the file or other processes into an {@link OvnError}; passes on the rest. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const told = describe(error.errcode & 0xff, error.message);
  return told ?? error;
}

function describe(code: number, cause: string): OvnError | undefined {
  const options = { cause };
  switch (code) {
    case BUSY:
      return new OvnError('busy', 'another process is writing to the repository', {
        ...options,
        hint: 'Try again when it is done.',
      });
    case FULL:
      return new OvnError('io', 'the disk is full: nothing was changed', {
        ...options,
        hint: 'Free some space and try again.',
      });
    case READONLY:
    case CANTOPEN:
      return new OvnError('io', `the repository's database cannot be written: ${cause}`, options);
    case IOERR:
      return new OvnError('io', `the disk failed: ${cause}`, options);
    case CORRUPT:
      return new OvnError('damaged', `the repository's database is damaged: ${cause}`, {
        ...options,
        hint: RESTORE,
      });
    case NOTADB:
      return new OvnError('damaged', "the repository's database is not a database", {
        ...options,
        hint: RESTORE,
      });
    default:
      return undefined;
  }
}
