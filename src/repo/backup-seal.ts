import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { OvnError } from '../errors.ts';

/** What the first bytes of every SQLite database are (https://sqlite.org/fileformat2.html, section 1.3). */
const MAGIC = 'SQLite format 3\0';
/** The line after the database; it is always as long as this one. */
const SEAL = /^\novn-backup\/1 sha256 (?<digest>[0-9a-f]{64})\n$/;
const SEAL_LENGTH = '\novn-backup/1 sha256 \n'.length + 64;
/** Smallest page that SQLite knows. */
const SMALLEST = 512;

export interface SealOptions {
  signal: AbortSignal;
  /** Told the bytes that were read, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Puts the line with the digest of all bytes before it at the end of a backup. SQLite passes over what follows its pages. */
export async function sealBackup(path: string, { signal }: SealOptions): Promise<void> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal })) digest.update(chunk as Buffer);
  appendFileSync(path, `\novn-backup/1 sha256 ${digest.digest('hex')}\n`);
}

/**
 * Copies the database out of a backup to a new file that only its owner can read, and checks the digest.
 *
 * @throws {OvnError} `not-found`; `malformed` when the file is no backup, was cut or changed.
 */
export async function unsealBackup(path: string, target: string, options: SealOptions): Promise<void> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const expected = await readSeal(file, size);
    await using copy = await open(target, 'wx', 0o600);
    const digest = createHash('sha256');
    const length = size - SEAL_LENGTH;
    let done = 0;
    const stream = file.createReadStream({ start: 0, end: length - 1, autoClose: false });
    for await (const chunk of stream) {
      options.signal.throwIfAborted();
      digest.update(chunk as Buffer);
      await copy.writeFile(chunk as Buffer);
      done += (chunk as Buffer).length;
      options.onProgress?.(done, length);
    }
    if (digest.digest('hex') !== expected) throw changed(path);
  } finally {
    await file.close();
  }
}

async function readSeal(file: FileHandle, size: number): Promise<string> {
  const magic = await readAt(file, 0, MAGIC.length);
  if (magic !== MAGIC) throw new OvnError('malformed', 'this file is no backup of ovn');
  const seal = size < SMALLEST + SEAL_LENGTH ? '' : await readAt(file, size - SEAL_LENGTH, SEAL_LENGTH);
  const digest = SEAL.exec(seal)?.groups?.['digest'];
  if (digest !== undefined) return digest;
  throw new OvnError('malformed', 'this file does not end as a backup does: it was cut, or never was one', {
    hint: 'Copy it again from where it is kept, or take another backup.',
  });
}

async function readAt(file: FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString('latin1', 0, bytesRead);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OvnError('not-found', `there is no file ${path}`, { cause: error });
  }
}

function changed(path: string): OvnError {
  return new OvnError('malformed', `${path} was changed since it was made: its digest is another`, {
    hint: 'Copy it again from where it is kept, or take another backup.',
  });
}
