import {
  chmodSync,
  createWriteStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { makeFolder } from '../repo/make-folder.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { readIfDirectory } from '../unixfs/directory.ts';
import { fileSize, streamFile } from '../unixfs/file.ts';
import { measureDag } from './measure-dag.ts';

/** A name that is one step down and nothing else on any file system. */
const SAFE_NAME = /^(?!\.{1,2}$)[^/\\\0]{1,255}$/;
const MAX_DEPTH = 32;

/** Entries that are written without a pause. */
const TURN = 256;

/**
 * A folder may hold so many times what its blocks do, for each place where the same thing lies. A few blocks that lead to each other
 * would else fill any disk.
 */
const MOST_COPIES = 100;
const FREE_ENTRIES = 1000;

/** What may still be written. */
interface Budget {
  entries: number;
  bytes: number;
}

/**
 * Writes a UnixFS directory as a folder. It appears under its name when it is whole: what breaks off leaves nothing.
 *
 * @throws {OvnError} `exists` when there is something at `target`; `malformed` for names that lead elsewhere; `limit` for one that is
 * out of all proportion to its blocks; `incomplete` where some of them are missing.
 */
export async function writeFolder(
  cid: CID,
  target: string,
  read: BlockReader,
  signal: AbortSignal,
): Promise<void> {
  const path = resolve(target);
  if (!isFree(path)) throw new OvnError('exists', `${target} is there already`);
  const { blocks, bytes } = await measureDag(cid, read, signal);
  const budget = { entries: FREE_ENTRIES + MOST_COPIES * blocks, bytes: MOST_COPIES * bytes };
  await replaceWhenWhole(path, (partial) => writeEntry(cid, partial, 0, { read, signal, budget }));
}

/**
 * Writes bytes to a file; it appears under its name, in place of what was there, when it is whole. A symbolic link stays one. What is
 * no file, such as a pipe or /dev/null, is written to as it is.
 *
 * @throws {OvnError} `exists` for a folder.
 */
export async function writeWholeFile(
  target: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const path = resolve(target);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new OvnError('exists', `${target} is a folder`);
  const write = (file: string) => pipeline(Readable.from(bytes), createWriteStream(file), { signal });
  if (there === undefined) await replaceWhenWhole(path, write);
  else if (!there.isFile()) await write(path);
  else
    await replaceWhenWhole(realpathSync(path), async (partial) => {
      await write(partial);
      chmodSync(partial, there.mode);
    });
}

/** Nothing is there, or an empty folder. */
function isFree(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || (stat.isDirectory() && readdirSync(path).length === 0);
}

async function replaceWhenWhole(path: string, write: (partial: string) => Promise<void>): Promise<void> {
  makeFolder(dirname(path));
  const partial = `${path}.${process.pid}.partial`;
  try {
    await write(partial);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

async function writeEntry(
  cid: CID,
  path: string,
  depth: number,
  effects: { read: BlockReader; signal: AbortSignal; budget: Budget },
): Promise<void> {
  const { read, signal, budget } = effects;
  if (--budget.entries % TURN === 0) await setImmediate();
  signal.throwIfAborted();
  if (depth > MAX_DEPTH) throw new OvnError('limit', `${cid}: folders are nested deeper than ${MAX_DEPTH}`);
  const entries = await readIfDirectory(cid, read);
  if (entries === undefined) budget.bytes -= await fileSize(cid, read);
  if (budget.entries < 0 || budget.bytes < 0)
    throw new OvnError('limit', `the folder is more than ${MOST_COPIES} times as large as its blocks`);
  if (entries === undefined) {
    const bytes = Readable.from(streamFile(cid, read, { signal }));
    await pipeline(bytes, createWriteStream(path, { flags: 'wx' }), { signal });
    return;
  }
  mkdirSync(path);
  for (const { name, cid: child } of entries) {
    if (!SAFE_NAME.test(name))
      throw new OvnError('malformed', `${cid}: the name ${JSON.stringify(name)} is not safe`);
    await writeEntry(child, join(path, name), depth + 1, effects);
  }
}
