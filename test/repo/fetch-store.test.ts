import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { type FetchStore, openFetchStore } from '../../src/repo/fetch-store.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { rawBlock, rawBlocks } from '../helpers/blocks.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const ROOT = rawBlock('root').cid;
const BLOCKS = [...rawBlocks(100, 1, 2000)];
const [FIRST = rawBlock('')] = BLOCKS;

function left(folder: string, blocks = BLOCKS): void {
  using store = openFetchStore(folder, ROOT);
  store.put(blocks);
}

function read(store: FetchStore): Buffer | undefined {
  const bytes = store.get(FIRST.cid);
  return bytes && Buffer.from(bytes);
}

describe('openFetchStore', () => {
  it('keeps what came in for the next one', () => {
    const folder = temporaryFolder();
    left(folder);
    using store = openFetchStore(folder, ROOT);
    expect(store.has(FIRST.cid)).toBe(true);
    expect(read(store)).toEqual(Buffer.from(FIRST.bytes));
    expect(store.has(rawBlock('another').cid)).toBe(false);
  });

  it('leaves nothing behind where nothing came in, or nothing of it is needed', () => {
    const folder = temporaryFolder();
    left(folder, []);
    expect(readdirSync(folder)).toEqual([]);
    left(folder);
    const store = openFetchStore(folder, ROOT);
    store.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('moves all of it into a repository, and is gone then', () => {
    const folder = temporaryFolder();
    using database = openDatabase(join(folder, 'ovn.db'), { create: true });
    const blockstore = new SqliteBlockstore(database);
    blockstore.putBatch(BLOCKS.slice(0, 10));
    const store = openFetchStore(join(folder, 'fetched'), ROOT);
    store.put(BLOCKS);
    store.moveInto(blockstore);
    expect(blockstore.stats().blocks).toBe(BLOCKS.length);
    for (const { cid, bytes } of BLOCKS)
      expect(Buffer.from(blockstore.getBytes(cid) ?? '')).toEqual(Buffer.from(bytes));
    expect(readdirSync(join(folder, 'fetched'))).toEqual([]);
    blockstore.putBatch([rawBlock('afterwards')]);
  });

  it('puts a block that is true in place of one that is not', () => {
    const folder = temporaryFolder();
    left(folder, [{ cid: FIRST.cid, bytes: Buffer.from('torn') }]);
    using store = openFetchStore(folder, ROOT);
    store.put([FIRST]);
    expect(read(store)).toEqual(Buffer.from(FIRST.bytes));
  });

  it('begins anew where a file is no database any more', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, `fetch-${ROOT}.db`), 'no database at all'.repeat(1000));
    using store = openFetchStore(folder, ROOT);
    store.put([FIRST]);
    expect(read(store)).toEqual(Buffer.from(FIRST.bytes));
  });

  it('gives the second of two that fetch the same a place of its own', () => {
    const folder = temporaryFolder();
    using store = openFetchStore(folder, ROOT);
    store.put([FIRST]);
    const second = openFetchStore(folder, ROOT);
    expect(second.has(FIRST.cid)).toBe(false);
    second.put([FIRST]);
    expect(read(second)).toEqual(Buffer.from(FIRST.bytes));
    expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toHaveLength(2);
    second[Symbol.dispose]();
    expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toEqual([`fetch-${ROOT}.db`]);
  });

  it('takes away what nobody went on with for a week', () => {
    const folder = temporaryFolder();
    left(folder);
    const path = join(folder, `fetch-${ROOT}.db`);
    const day = 24 * 60 * 60;
    utimesSync(path, Date.now() / 1000 - 6 * day, Date.now() / 1000 - 6 * day);
    openFetchStore(folder, rawBlock('other').cid)[Symbol.dispose]();
    expect(existsSync(path)).toBe(true);
    utimesSync(path, Date.now() / 1000 - 8 * day, Date.now() / 1000 - 8 * day);
    openFetchStore(folder, rawBlock('other').cid)[Symbol.dispose]();
    expect(existsSync(path)).toBe(false);
  });
});
