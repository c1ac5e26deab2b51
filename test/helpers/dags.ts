import { randomBytes } from 'node:crypto';
import type { CID } from 'multiformats/cid';
import { packCar, writeCar } from '../../src/node/car-writer.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { addDirectory } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { cidKey } from '../../src/unixfs/hash.ts';

/** A folder of files that nobody has seen before, in memory. */
export interface TestDag {
  root: CID;
  blocks: Block[];
  car(): AsyncIterable<Uint8Array>;
  /** The same root in front of other blocks: some are left out, or altered. */
  carOf(change: (blocks: Block[]) => Block[]): AsyncIterable<Uint8Array>;
}

/** @param files sizes in bytes */
export async function makeDag(...files: number[]): Promise<TestDag> {
  const blocks: Block[] = [];
  const sink = (block: Block): void => void blocks.push(block);
  const entries = await Promise.all(
    files.map(async (size, at) => ({ name: `file-${at}`, ...(await addFile(randomBytes(size), sink)) })),
  );
  const { cid: root } = await addDirectory(entries, sink);
  const held = new Map(blocks.map(({ cid, bytes }) => [cidKey(cid), bytes]));
  return {
    root,
    blocks,
    car: () => writeCar(root, async (cid) => held.get(cidKey(cid))),
    carOf: (change) => packCar(root, each(change([...blocks].reverse()))),
  };
}

/** The CAR of a DAG, in the middle of which something happens. */
export function interrupted(dag: TestDag, happen: () => Promise<void>): () => AsyncIterable<Uint8Array> {
  return async function* () {
    let sent = 0;
    for await (const chunk of dag.car()) {
      const before = sent;
      sent += chunk.length;
      if (before < 3_000_000 && sent >= 3_000_000) await happen();
      yield chunk;
    }
  };
}

async function* each(blocks: Block[]): AsyncGenerator<Block> {
  yield* blocks;
}
