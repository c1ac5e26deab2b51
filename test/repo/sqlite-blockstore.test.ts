import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openNode } from '../../src/node/node.ts';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import { PinStore } from '../../src/repo/pins.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { SqliteDatastore } from '../../src/repo/sqlite-datastore.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { rawBlock, rawBlocks } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const DAG_PB = 0x70;

function newStore() {
  const path = join(temporaryFolder(), 'ovn.db');
  const db = openDatabase(path, { create: true });
  onTestFinished(() => void (db.isOpen && db.close()));
  return { path, db, blockstore: new SqliteBlockstore(db), pins: new PinStore(db) };
}

const keyOf = (multihash: Uint8Array) => Buffer.from(multihash).toString('hex');

describe('SqliteBlockstore', () => {
  it('gives the bytes of a block under every CID of its multihash', () => {
    const { blockstore } = newStore();
    const { cid, bytes } = rawBlock('hello');
    expect(blockstore.getBytes(cid)).toBeUndefined();
    blockstore.putBatch([{ cid, bytes }]);
    expect(blockstore.getBytes(cid)).toEqual(bytes);
    expect(blockstore.getBytes(CID.createV1(DAG_PB, cid.multihash))).toEqual(bytes);
    expect(blockstore.has(CID.create(0, DAG_PB, cid.multihash))).toBe(true);
  });

  it('keeps what is there: a block is put once', () => {
    const { blockstore } = newStore();
    const { cid, bytes } = rawBlock('hello');
    blockstore.putBatch([
      { cid, bytes },
      { cid, bytes },
    ]);
    blockstore.put(cid, new Uint8Array(3));
    expect(blockstore.getBytes(cid)).toEqual(bytes);
    expect(blockstore.stats()).toEqual({ blocks: 1, bytes: 5 });
  });

  it('holds empty and large blocks', () => {
    const { blockstore } = newStore();
    const blocks = [rawBlock(''), rawBlock(new Uint8Array(2 * 1024 * 1024).fill(7))];
    blockstore.putBatch(blocks);
    for (const { cid, bytes } of blocks) expect(blockstore.getBytes(cid)).toEqual(bytes);
  });

  it('stores all blocks of a batch or none', () => {
    const { blockstore } = newStore();
    function* broken(): Generator<Block> {
      yield rawBlock('one');
      throw new Error('no more');
    }
    expect(() => blockstore.putBatch(broken())).toThrow('no more');
    expect(blockstore.stats().blocks).toBe(0);
  });

  it('gives out CIDs of putMany when their blocks are stored, and waits for no more than 8 MiB of them', async () => {
    const { path, blockstore } = newStore();
    const other = openDatabase(path, { create: false });
    onTestFinished(() => other.close());
    const seen = new SqliteBlockstore(other);
    let read = 0;
    async function* source() {
      for (const block of rawBlocks(20, 1_000_000, 1_000_000)) {
        read += 1;
        yield block;
      }
    }
    let given = 0;
    for await (const cid of blockstore.putMany(source())) {
      given += 1;
      expect(seen.has(cid)).toBe(true);
      expect(read - given).toBeLessThanOrEqual(9);
    }
    expect(given).toBe(20);
  });

  it('lists multihashes while blocks come and go', () => {
    const { db, blockstore } = newStore();
    const blocks = [...rawBlocks(2500, 40, 60)];
    blockstore.putBatch(blocks);
    const listed: string[] = [];
    transaction(db, () => {
      for (const multihash of blockstore.allMultihashes()) {
        listed.push(keyOf(multihash));
        const block = blocks[listed.length - 1];
        if (block !== undefined) blockstore.delete(block.cid);
      }
    });
    expect(listed).toEqual(blocks.map(({ cid }) => keyOf(cid.multihash.bytes)));
    expect(blockstore.stats()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('needs little more disk than the blocks have bytes', () => {
    const { path, db, blockstore } = newStore();
    blockstore.putBatch(rawBlocks(6000, 150, 6000));
    const { bytes } = blockstore.stats();
    db.close();
    expect(statSync(path).size).toBeLessThan(1.2 * bytes);
  });
});

describe('a batch', () => {
  it('is stored at its end, and what others put meanwhile at once', async () => {
    const { path, blockstore } = newStore();
    using db = openDatabase(path, { create: false });
    const other = new SqliteBlockstore(db);
    const blocks = [...rawBlocks(20, 100, 200)];
    const own = rawBlock('own');
    await blockstore.batch(async (options) => {
      for (const { cid, bytes } of blocks) expect(await blockstore.put(cid, bytes, options)).toBe(cid);
      expect(other.stats().blocks).toBe(0);
      blockstore.put(own.cid, own.bytes);
      expect(other.has(own.cid)).toBe(true);
    });
    for (const { cid, bytes } of [...blocks, own]) expect(other.getBytes(cid)).toEqual(bytes);
  });

  it('holds no more back than memory has room for', async () => {
    const { blockstore } = newStore();
    await blockstore.batch(async (options) => {
      for (const { cid, bytes } of rawBlocks(5000, 10, 20)) blockstore.put(cid, bytes, options);
      expect(blockstore.stats().blocks).toBe(4096);
    });
    expect(blockstore.stats().blocks).toBe(5000);
  });

  it('that breaks off stores nothing', async () => {
    const { blockstore } = newStore();
    const { cid, bytes } = rawBlock('one');
    const broken = blockstore.batch(async (options) => {
      blockstore.put(cid, bytes, options);
      throw new Error('no more');
    });
    await expect(broken).rejects.toThrow('no more');
    expect(blockstore.has(cid)).toBe(false);
  });

  it('is what a node puts, also of blocks that are here', async () => {
    const { path, db, blockstore } = newStore();
    using second = openDatabase(path, { create: false });
    const other = new SqliteBlockstore(second);
    const blocks = [...rawBlocks(50, 100, 200)];
    blockstore.putBatch(blocks.slice(0, 10));
    function* watched(): Generator<Block> {
      for (const block of blocks) {
        yield block;
        expect(other.stats().blocks).toBe(10);
      }
    }
    await using node = await openNode({ blockstore, datastore: new SqliteDatastore(db) });
    await node.put(watched());
    expect(other.stats().blocks).toBe(50);
  });
});

describe('garbage collection', () => {
  it('drops what is not reachable, with its marks, and nothing else', () => {
    const { blockstore, pins } = newStore();
    const blocks = [...rawBlocks(100, 100, 200)];
    blockstore.putBatch(blocks);
    pins.markComplete(blocks.map(({ cid }) => cid.toString()));
    const kept = new Set(blocks.filter((_, i) => i % 3 === 0).map(({ cid }) => keyOf(cid.multihash.bytes)));
    const isReachable = (multihash: Uint8Array) => kept.has(keyOf(multihash));
    const before = blockstore.stats();
    const told = blockstore.deleteAllBut(isReachable, { dryRun: true });
    expect(blockstore.stats()).toEqual(before);
    expect(blockstore.deleteAllBut(isReachable, { dryRun: false })).toEqual(told);
    const after = blockstore.stats();
    expect(after).toEqual({ blocks: kept.size, bytes: before.bytes - told.bytes });
    for (const { cid } of blocks) {
      const isKept = kept.has(keyOf(cid.multihash.bytes));
      expect(blockstore.has(cid)).toBe(isKept);
      expect(pins.isComplete(cid.toString())).toBe(isKept);
    }
  });

  it('gives the space back to the disk', () => {
    const { path, db, blockstore } = newStore();
    blockstore.putBatch(rawBlocks(1000, 2000, 3000));
    blockstore.deleteAllBut(() => false, { dryRun: false });
    blockstore.compact();
    db.close();
    expect(statSync(path).size).toBeLessThan(2_000_000);
    using again = openDatabase(path, { create: false });
    expect(new SqliteBlockstore(again).stats().blocks).toBe(0);
  });
});

describe('marks of completeness', () => {
  it('belong to a root as it is read: bytes as dag-pb have links, as raw they have none', () => {
    const { blockstore, pins } = newStore();
    const { cid, bytes } = rawBlock('root');
    const dagPb = CID.createV1(DAG_PB, cid.multihash).toString();
    blockstore.putBatch([{ cid, bytes }]);
    pins.markComplete([cid.toString()]);
    expect(pins.isComplete(cid.toString())).toBe(true);
    expect(pins.isComplete(dagPb)).toBe(false);
    pins.markComplete([dagPb]);
    expect(pins.isComplete(dagPb)).toBe(true);
  });

  it('are not given to what is not held', () => {
    const { blockstore, pins } = newStore();
    const { cid, bytes } = rawBlock('later');
    pins.markComplete([cid.toString()]);
    blockstore.putBatch([{ cid, bytes }]);
    expect(pins.isComplete(cid.toString())).toBe(false);
  });

  it('all go when one block is dropped: it may lie below any of them', () => {
    const { blockstore, pins } = newStore();
    const [root, leaf, absent] = [rawBlock('root'), rawBlock('leaf'), rawBlock('absent')];
    blockstore.putBatch([root, leaf]);
    pins.markComplete([root.cid.toString()]);
    blockstore.delete(absent.cid);
    expect(pins.isComplete(root.cid.toString())).toBe(true);
    blockstore.delete(leaf.cid);
    expect(pins.isComplete(root.cid.toString())).toBe(false);
  });
});
