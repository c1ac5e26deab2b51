import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { readCar } from '../../node/car.ts';
import { readFileLimited } from '../../repo/source-files.ts';
import type { Block, BlockReader, Link } from '../../unixfs/block.ts';
import { addDirectory, type DirectoryEntry } from '../../unixfs/directory.ts';
import { addFile } from '../../unixfs/file.ts';
import { cidKey } from '../../unixfs/hash.ts';

/** Blocks of a CAR file or a folder, held in memory while they are judged. */
export interface Outside {
  root: CID;
  read: BlockReader;
}

/** Most that is held in memory to judge something that is in no store, in bytes. */
const MEMORY_LIMIT = 4 * 1024 ** 3;
const FILE_LIMIT = 512 * 1024 ** 2;
const MAX_DEPTH = 32;

/**
 * A CAR file as gateways make them: blocks in any order, more than the root reaches. Every block is hashed.
 *
 * @throws {OvnError} `malformed` or `limit` for a file that is no such CAR.
 */
export async function openCar(path: string, signal: AbortSignal): Promise<Outside> {
  const held = new Map<string, Uint8Array>();
  let roots: CID[] = [];
  for await (const item of readCar(createReadStream(path, { signal }), { total: MEMORY_LIMIT })) {
    if ('roots' in item) roots = item.roots;
    else held.set(cidKey(item.cid), item.bytes);
  }
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new OvnError('malformed', `${path} has ${roots.length} roots; what is verified has one`);
  }
  return { root, read: async (cid) => held.get(cidKey(cid)) };
}

/** A folder as `get --format dir` writes it: the CID that it has is worked out from its bytes. */
export async function openFolder(path: string, signal: AbortSignal): Promise<Outside> {
  const held = new Map<string, Uint8Array>();
  const sink = ({ cid, bytes }: Block): void => void held.set(cidKey(cid), bytes);
  const { cid } = await addFolder(path, path, 0, sink, signal);
  return { root: cid, read: async (wanted) => held.get(cidKey(wanted)) };
}

async function addFolder(
  path: string,
  name: string,
  depth: number,
  sink: (block: Block) => void,
  signal: AbortSignal,
): Promise<Link> {
  signal.throwIfAborted();
  if (depth > MAX_DEPTH) throw new OvnError('limit', `${name}: folders are nested deeper than ${MAX_DEPTH}`);
  const entries: DirectoryEntry[] = [];
  for (const child of readdirSync(path)) {
    const inside = join(path, child);
    const stat = lstatSync(inside);
    if (stat.isDirectory())
      entries.push({ name: child, ...(await addFolder(inside, inside, depth + 1, sink, signal)) });
    else if (stat.isFile())
      entries.push({
        name: child,
        ...(await addFile(readFileLimited(inside, FILE_LIMIT, inside).bytes, sink)),
      });
    else throw new OvnError('refused', `${inside} is neither a file nor a folder`);
  }
  return addDirectory(entries, sink);
}
