import { createReadStream } from 'node:fs';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { readCar } from '../node/car.ts';
import { openScratch } from '../repo/scratch.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { walkDag } from '../unixfs/walk.ts';
import { countDag } from './measure-dag.ts';

/** What was taken in below one root. */
export interface ImportedRoot {
  cid: CID;
  /** Blocks and bytes that the root reaches and that are held now. */
  blocks: number;
  bytes: number;
  /** Blocks that the root reaches and that are not here: 0 when it is whole. */
  missing: number;
}

export interface ImportEffects {
  read: BlockReader;
  put(blocks: Iterable<Block>): Promise<void>;
  /** Held to the end, so that garbage collection does not run in between. */
  lock(): Promise<AsyncDisposable>;
  /** Says of roots that they are whole. */
  markComplete(roots: readonly CID[]): void;
  /** Folder for what is not believed yet. */
  scratchDir: string;
  dryRun: boolean;
  signal: AbortSignal;
  onProgress?: (bytes: number) => void;
}

const BATCH_BYTES = 16 * 1024 * 1024;

/**
 * Takes a CAR file in. Its blocks are hashed into a scratch store first, and every root is walked there: a file that
 * breaks off, or holds a block that is not what its CID says or cannot be decoded, leaves nothing behind. Of the rest only
 * what the roots reach is kept.
 *
 * @throws {OvnError} `malformed` or `limit` for a file that is refused; `not-found` for one that is not there.
 */
export async function importCar(path: string, effects: ImportEffects): Promise<ImportedRoot[]> {
  using scratch = openScratch(effects.scratchDir);
  const roots = await readInto(scratch, path, effects);
  await using _lock = await effects.lock();
  const read: BlockReader = async (cid) => scratch.get(cid) ?? (await effects.read(cid));
  const imported: ImportedRoot[] = [];
  for (const root of roots) imported.push(await measure(root, read, effects.signal));
  if (effects.dryRun) return imported;
  for (const root of roots) await storeDag(root, read, effects);
  effects.markComplete(imported.filter(({ missing }) => missing === 0).map(({ cid }) => cid));
  return imported;
}

async function readInto(
  scratch: { put(blocks: readonly Block[]): void },
  path: string,
  effects: ImportEffects,
): Promise<CID[]> {
  let roots: CID[] = [];
  let batch: Block[] = [];
  let waiting = 0;
  let total = 0;
  const flush = (): void => {
    scratch.put(batch);
    batch = [];
    waiting = 0;
    effects.onProgress?.(total);
  };
  for await (const item of readCar(createReadStream(path, { signal: effects.signal }))) {
    if ('roots' in item) {
      roots = item.roots;
      continue;
    }
    batch.push(item);
    waiting += item.bytes.length;
    total += item.bytes.length;
    if (waiting > BATCH_BYTES) flush();
  }
  flush();
  if (roots.length === 0)
    throw new OvnError('malformed', `${path} names no root, so nothing of it would be kept`);
  return roots;
}

/** Counts what a root reaches, which finds out whether all of it can be walked. */
async function measure(root: CID, read: BlockReader, signal: AbortSignal): Promise<ImportedRoot> {
  const { blocks, bytes, missing } = await countDag(root, read, signal);
  if (blocks === 0) throw new OvnError('malformed', `the root ${root} is not in the file`);
  return { cid: root, blocks, bytes, missing };
}

/** Stores what a root reaches in batches, children as they come: until the root is marked whole nothing counts on them. */
export async function storeDag(
  root: CID,
  read: BlockReader,
  effects: Pick<ImportEffects, 'put' | 'signal'>,
): Promise<void> {
  let batch: Block[] = [];
  let waiting = 0;
  const flush = async (): Promise<void> => {
    await effects.put(batch);
    batch = [];
    waiting = 0;
  };
  for await (const { cid, bytes } of walkDag(root, read, { signal: effects.signal })) {
    if (bytes === undefined) continue;
    batch.push({ cid, bytes });
    waiting += bytes.length;
    if (waiting > BATCH_BYTES) await flush();
  }
  await flush();
}
