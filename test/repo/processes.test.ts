import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/repo/database.ts';
import { acquirePublishLock } from '../../src/repo/publish-lock.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { verifyBlock } from '../../src/unixfs/hash.ts';
import { rawBlocks } from '../helpers/blocks.ts';
import { startChild } from '../helpers/child.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const WRITER = 'repo/children/write-blocks.ts';
const HOLDER = 'repo/children/hold-lock.ts';

describe('several processes on one database', () => {
  it('all write at once and lose nothing', async () => {
    const path = join(temporaryFolder(), 'ovn.db');
    const children = ['a', 'b', 'c'].map((name) => startChild(WRITER, path, name, '20', '50'));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    using db = openDatabase(path, { create: false });
    const blockstore = new SqliteBlockstore(db);
    expect(blockstore.stats().blocks).toBe(3 * 20 * 50);
    for (const name of ['a', 'b', 'c']) {
      for (const { cid, bytes } of rawBlocks(50, 100, 9000, `${name} 19 `)) {
        expect(blockstore.getBytes(cid)).toEqual(bytes);
      }
    }
  });

  it.each([0, 1, 2, 3, 4, 5])('a writer that is killed leaves whole batches only (%i)', async (round) => {
    const path = join(temporaryFolder(), 'ovn.db');
    const child = startChild(WRITER, path, 'x', '100000', '300');
    let told = -1;
    while (told < round) told = Number(await child.line());
    await new Promise((resolve) => setTimeout(resolve, round * 3));
    child.process.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    using db = openDatabase(path, { create: false });
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const blockstore = new SqliteBlockstore(db);
    const { blocks } = blockstore.stats();
    expect(blocks % 300).toBe(0);
    expect(blocks).toBeGreaterThanOrEqual((told + 1) * 300);
    for (const { cid } of rawBlocks(300, 100, 9000, `x ${blocks / 300 - 1} `)) {
      expect(verifyBlock(cid, blockstore.getBytes(cid) ?? new Uint8Array())).toBe(true);
    }
  });
});

describe('acquirePublishLock', () => {
  it('lets one in at a time, in this process and in others', async () => {
    const dir = temporaryFolder();
    const first = await acquirePublishLock(dir);
    const child = startChild(HOLDER, dir);
    expect(await child.line()).toBe('waiting');
    let waits = 0;
    const second = acquirePublishLock(dir, { onWait: () => waits++ }).then((lock) =>
      lock[Symbol.asyncDispose](),
    );
    child.process.stdin.end();
    await first[Symbol.asyncDispose]();
    expect(await child.line()).toBe('locked');
    expect(await child.ended).toBe(0);
    await second;
    expect(waits).toBe(1);
  });

  it('is free again when its holder is killed', async () => {
    const dir = temporaryFolder();
    const child = startChild(HOLDER, dir);
    expect(await child.line()).toBe('locked');
    const waiting = acquirePublishLock(dir);
    child.process.kill('SIGKILL');
    await using lock = await waiting;
    expect(lock).toBeDefined();
  });

  it('stops waiting when it is told to', async () => {
    const dir = temporaryFolder();
    await using _held = await acquirePublishLock(dir);
    const controller = new AbortController();
    const waiting = acquirePublishLock(dir, { signal: controller.signal, onWait: () => controller.abort() });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
