import { unixfs } from '@helia/unixfs';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import { describe, expect, it } from 'vitest';
import { openNode } from '../../src/node/node.ts';
import { rawCid } from '../../src/unixfs/hash.ts';

const BYTES = Uint8Array.of(1, 2, 3);
const CID = rawCid(BYTES);

function stores(): { blockstore: MemoryBlockstore; datastore: MemoryDatastore } {
  return { blockstore: new MemoryBlockstore(), datastore: new MemoryDatastore() };
}

describe('openNode', () => {
  it('gives a running Helia over the stores, to which put adds and from which read reads', async () => {
    await using node = await openNode(stores());
    expect(node.helia.status).toBe('started');
    expect(await node.read(CID)).toBeUndefined();
    await node.put([{ cid: CID, bytes: BYTES }]);
    expect(await node.read(CID)).toEqual(BYTES);
    const pieces: Uint8Array[] = [];
    for await (const piece of unixfs(node.helia).cat(CID, { offline: true })) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(BYTES));
  });

  it('hands all blocks to the store in one batch, through Helia', async () => {
    const { blockstore, datastore } = stores();
    const batches: number[] = [];
    const marked: object[] = [];
    class Batching extends MemoryBlockstore {
      async batch(work: (options?: object) => Promise<void>): Promise<void> {
        batches.push(0);
        await work({ batch: batches.length });
      }

      override put(...[cid, bytes, options]: Parameters<MemoryBlockstore['put']>) {
        batches[batches.length - 1] = (batches.at(-1) ?? 0) + 1;
        marked.push(options ?? {});
        return blockstore.put(cid, bytes);
      }
    }
    await using node = await openNode({ blockstore: new Batching(), datastore });
    await node.put(
      [1, 2, 3].map((each) => ({ cid: rawCid(Uint8Array.of(each)), bytes: Uint8Array.of(each) })),
    );
    expect(batches).toEqual([3]);
    expect(marked).toEqual(Array(3).fill({ batch: 1 }));
  });

  it('says that the store is damaged where it holds other bytes', async () => {
    const { blockstore, datastore } = stores();
    await using node = await openNode({ blockstore, datastore });
    await blockstore.put(CID, Uint8Array.of(9));
    await expect(node.read(CID)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('passes on what the store throws', async () => {
    class Failing extends MemoryBlockstore {
      override has(): boolean {
        throw new Error('disk gone');
      }
    }
    await using node = await openNode({ blockstore: new Failing(), datastore: new MemoryDatastore() });
    await expect(node.read(CID)).rejects.toThrow('disk gone');
  });

  it('lets timers fire while a store answers at once', async () => {
    await using node = await openNode(stores());
    await node.put([{ cid: CID, bytes: BYTES }]);
    const signal = AbortSignal.timeout(20);
    let reads = 0;
    for (; !signal.aborted && reads < 1_000_000; reads++) await node.read(CID);
    expect(signal.aborted).toBe(true);
  });

  it('refuses the collection of garbage by Helia, which knows no pins of ours', async () => {
    await using node = await openNode(stores());
    await node.put([{ cid: CID, bytes: BYTES }]);
    await expect(node.helia.gc()).rejects.toMatchObject({ code: 'usage' });
    expect(await node.read(CID)).toEqual(BYTES);
  });

  it('stops when it is let go', async () => {
    const node = await openNode(stores());
    await node[Symbol.asyncDispose]();
    expect(node.helia.status).toBe('stopped');
    await node.stop();
  });
});
