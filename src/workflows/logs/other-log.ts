import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OvnError } from '../../errors.ts';
import { NOTE_LIMIT, parseNote } from '../../log/note.ts';
import type { TileReader } from '../../log/tile-reader.ts';
import { fetchFile } from '../../node/fetch-file.ts';
import { readFileLimited } from '../../repo/source-files.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import { tileReader } from '../log-of-edition.ts';
import { openCar } from '../verification/outside.ts';

/** A log that somebody else shows. Nothing of it is believed yet. */
export interface OtherLog {
  /** The signed checkpoint. */
  note: Uint8Array;
  /** Its tiles, where they are at hand: not where only a checkpoint is. */
  read?: TileReader;
}

/**
 * Opens what was named: a checkpoint file, a folder or CAR of an edition, the folder of a log, or the http(s) address of a
 * log (C2SP tlog-tiles, "Parameters") or of an edition.
 *
 * @throws {OvnError} `not-found` where there is no checkpoint; `malformed` or `limit` for a file that is neither checkpoint
 * nor CAR; `io`.
 */
export async function openOtherLog(what: string, signal: AbortSignal): Promise<OtherLog> {
  if (/^https?:\/\//i.test(what)) return openAddress(what, signal);
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat === undefined) throw new OvnError('not-found', `there is no file or folder ${what}`);
  if (stat.isDirectory()) return openFolder(what);
  const note = stat.size > NOTE_LIMIT ? undefined : readNote(what);
  return note === undefined ? openEdition(what, signal) : { note };
}

async function openAddress(what: string, signal: AbortSignal): Promise<OtherLog> {
  const base = URL.parse(what.endsWith('/') ? what : `${what}/`);
  if (base === null) throw new OvnError('usage', `${what} is no address`);
  const get = (path: string, limit: number) => fetchFile(new URL(path, base), limit, signal);
  for (const folder of ['', 'log/']) {
    const note = await get(`${folder}checkpoint`, NOTE_LIMIT);
    if (note !== undefined) return { note, read: (path, limit) => get(folder + path.join('/'), limit) };
  }
  throw noCheckpoint(what);
}

function openFolder(what: string): OtherLog {
  const folder = [what, join(what, 'log')].find((path) => existsSync(join(path, 'checkpoint')));
  if (folder === undefined) throw noCheckpoint(what);
  const read = (path: readonly string[], limit: number): Uint8Array | undefined => {
    const file = join(folder, ...path);
    return existsSync(file) ? readFileLimited(file, limit, file).bytes : undefined;
  };
  const note = readFileLimited(join(folder, 'checkpoint'), NOTE_LIMIT, join(folder, 'checkpoint')).bytes;
  return { note, read: async (path, limit) => read(path, limit) };
}

/** The bytes of a file that is a signed note, whatever it says; `undefined` for others. */
function readNote(file: string): Uint8Array | undefined {
  const { bytes } = readFileLimited(file, NOTE_LIMIT, file);
  try {
    parseNote(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof OvnError) return undefined;
    throw error;
  }
}

async function openEdition(file: string, signal: AbortSignal): Promise<OtherLog> {
  const { root, read } = await openCar(file, signal).catch((error: unknown) => {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError(error.code, `${file} is no checkpoint, and no CAR: ${error.message}`, {
      cause: error,
    });
  });
  const log = await resolvePath(root, ['log'], read);
  const link = log === undefined ? undefined : await resolvePath(log.cid, ['checkpoint'], read);
  if (log === undefined || link === undefined) throw noCheckpoint(file);
  const note = await readFile(link.cid, read, { limit: NOTE_LIMIT, signal });
  return { note, read: tileReader(Tree.open(log, read), read) };
}

function noCheckpoint(what: string): OvnError {
  return new OvnError('not-found', `${what} has neither checkpoint nor log/checkpoint`);
}
