import type { CID } from 'multiformats/cid';
import { packCar, wholeDag } from '../../node/car-writer.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { walkDag } from '../../unixfs/walk.ts';

/**
 * A DAG as a CAR, without the blocks that other DAGs reach: of a new edition, what a publication changed. What is not held of the others is
 * as if it did not exist.
 *
 * @throws {OvnError} `incomplete`, `malformed`, as `writeCar` does.
 */
export async function* packDag(
  root: CID,
  less: readonly CID[],
  read: BlockReader,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const known = new Set<string>();
  for (const other of less)
    for await (const { cid, bytes } of walkDag(other, read, {
      signal,
      skip: (cid) => known.has(cidKey(cid)),
    }))
      if (bytes !== undefined) known.add(cidKey(cid));
  yield* packCar(root, wholeDag(root, read, { signal, skip: (cid) => known.has(cidKey(cid)) }));
}
