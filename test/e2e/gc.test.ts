import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { addFile } from '../../src/unixfs/file.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { PROGRAM, runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  carOf,
  copyTo,
  makeIn,
  openIn,
  type Published,
  publishIn,
  readJson,
  sharedFolder,
  snapshotOf,
  sourceOf,
  writeSources,
} from './support.ts';

interface Collected {
  blocks: number;
  bytes: number;
  kept: { blocks: number; bytes: number };
}

const EDITIONS = 13;
/** How large a file may become where the disk is said to be full: as much as deleting takes, and less than what stays. */
const FEW_KIB = 2048;

describe('ovn gc', () => {
  const folder = sharedFolder();
  const editions: Published[] = [];
  let dir: string;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'harbour.md': sourceOf({ title: 'Harbour', categories: ['World'] }) });
    for (let at = 1; at <= EDITIONS; at++) {
      writeSources(join(dir, 'articles'), { 'first-light.md': sourceOf({ body: `Text ${at}.\n` }) });
      editions.push(await publishIn(dir));
    }
  });

  /** Of the blocks below a root, how many are held, and whether all are. */
  async function heldOf(root: string | undefined, at: string): Promise<{ held: number; whole: boolean }> {
    await using open = await openIn(at);
    let held = 0;
    let missing = 0;
    for await (const { bytes } of walkDag(CID.parse(root ?? ''), open.read)) {
      if (bytes === undefined) missing += 1;
      else held += 1;
    }
    return { held, whole: missing === 0 };
  }

  async function collect(at: string, ...flags: string[]): Promise<Collected> {
    return readJson<Collected>(await runOvn(['gc', '--json', ...flags], { cwd: at, env: CLOCK }));
  }

  it('frees nothing of the head and the ten editions before it, and the one before those', async () => {
    const copy = copyTo(folder, dir);
    await collect(copy);
    for (const { edition, sequence } of editions.slice(2)) {
      expect(await heldOf(edition, copy), `edition ${sequence}`).toMatchObject({ whole: true });
    }
    for (const { edition, sequence } of editions.slice(0, 2)) {
      expect(await heldOf(edition, copy), `edition ${sequence}`).toMatchObject({ whole: false });
    }
    expect((await runOvn(['check'], { cwd: copy, env: CLOCK })).code).toBe(0);
    expect((await runOvn(['verify'], { cwd: copy, env: CLOCK })).code).toBe(0);
    expect((await runOvn(['show', `${editions[0]?.articles[0]?.cid}`], { cwd: copy, env: CLOCK })).code).toBe(
      0,
    );
    writeSources(join(copy, 'articles'), { 'third.md': sourceOf({ title: 'Third' }) });
    expect((await publishIn(copy)).sequence).toBe(EDITIONS + 1);
  });

  it('says with --dry-run what it would free, and frees nothing', async () => {
    const copy = copyTo(folder, dir);
    const before = snapshotOf(copy);
    const told = await collect(copy, '--dry-run');
    expect(snapshotOf(copy)).toEqual(before);
    expect(told.blocks).toBeGreaterThan(0);
    expect(told.blocks + told.kept.blocks).toBe(before['blocks']?.length);
    expect(await collect(copy)).toEqual(told);
    expect(snapshotOf(copy)['blocks']).toHaveLength(told.kept.blocks);
    expect(await collect(copy)).toEqual({ blocks: 0, bytes: 0, kept: told.kept });
  });

  it('frees nothing of a pin until it is released', async () => {
    const copy = copyTo(folder, dir);
    const old = editions[0]?.edition ?? '';
    expect((await runOvn(['pin', 'add', old], { cwd: copy })).code).toBe(0);
    await collect(copy);
    expect(await heldOf(old, copy)).toMatchObject({ whole: true });
    expect((await runOvn(['pin', 'rm', old], { cwd: copy })).code).toBe(0);
    expect((await collect(copy)).blocks).toBeGreaterThan(0);
    expect(await heldOf(old, copy)).toMatchObject({ whole: false });
  });

  it('frees what an interrupted publication left', async () => {
    const copy = copyTo(folder, dir);
    await collect(copy);
    const before = snapshotOf(copy)['blocks'];
    writeSources(join(copy, 'articles'), { 'third.md': sourceOf({ title: 'Third' }) });
    await runOvn(['publish'], { cwd: copy, env: { ...CLOCK, OVN_FAILPOINT: 'commit:before' } });
    expect(snapshotOf(copy)['blocks']?.length).toBeGreaterThan(before?.length ?? 0);
    await collect(copy);
    expect(snapshotOf(copy)['blocks']).toHaveLength(before?.length ?? 0);
    expect((await publishIn(copy)).articles).toHaveLength(3);
  });

  it('gives the space back to the disk', async () => {
    const copy = copyTo(folder, dir);
    await runOvn(['import', await bigCar(copy)], { cwd: copy });
    const before = statSync(join(copy, '.ovn/ovn.db')).size;
    await collect(copy);
    expect(statSync(join(copy, '.ovn/ovn.db')).size).toBeLessThan(before - 3_000_000);
  });

  it('gives it back the next time where there was no room to', async () => {
    const copy = copyTo(folder, dir);
    const size = () => statSync(join(copy, '.ovn/ovn.db')).size;
    const kept = await runOvn(['import', await bigCar(copy), '--json'], { cwd: copy });
    const [root] = readJson<{ roots: { cid: string }[] }>(kept).roots;
    await runOvn(['pin', 'add', `${root?.cid}`], { cwd: copy });
    await runOvn(['import', await bigCar(copy, [5, 6])], { cwd: copy });
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -f ${FEW_KIB * 2} && exec ${process.execPath} ${PROGRAM} gc`],
      { cwd: copy, encoding: 'utf8', env: { ...process.env, ...CLOCK } },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^ovn: \d+ blocks were freed, but \d{7} bytes .*\n.*run it again\.\n$/),
    });
    const before = size();
    expect(await collect(copy)).toMatchObject({ blocks: 0 });
    expect(size()).toBeLessThan(before - 2_000_000);
    expect((await runOvn(['check'], { cwd: copy, env: CLOCK })).code).toBe(0);
  });
});

/** A CAR of raw blocks of a mebibyte below one root, each full of one byte. */
async function bigCar(dir: string, fills = [1, 2, 3, 4]): Promise<string> {
  const blocks = new MemoryBlocks();
  const root = await addFile(
    Buffer.concat(fills.map((fill) => Buffer.alloc(1024 * 1024, fill))),
    blocks.sink,
  );
  writeFileSync(join(dir, 'big.car'), carOf([root.cid], blocks.blocks.values()));
  return 'big.car';
}
