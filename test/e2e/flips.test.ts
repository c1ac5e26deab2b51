import { closeSync, cpSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import { flipped } from '../helpers/flipped.ts';
import type { MemoryBlocks } from '../helpers/memory-blocks.ts';
import {
  blocksOf,
  carOf,
  makeIn,
  openIn,
  publishIn,
  sharedFolder,
  sourceOf,
  verifyOutside,
} from './support.ts';

describe('a bundle of which something was changed', () => {
  const folder = sharedFolder();
  let dir: string;
  let root: CID;
  let blocks: MemoryBlocks;
  let car: Uint8Array;

  beforeAll(async () => {
    dir = await makeIn(folder, { 'first-light.md': sourceOf({ body: 'A *short* text.\n' }) });
    const [article] = (await publishIn(dir)).articles;
    root = CID.parse(article?.cid ?? '');
    await using open = await openIn(dir);
    blocks = await blocksOf(root, open.read);
    car = carOf([root], blocks.blocks.values());
    await writeFolder(root, join(folder, 'bundle'), open.read, new AbortController().signal);
  });

  /** Writes bytes to a file of its own and judges it. */
  async function verdictOf(bytes: Uint8Array, name = 'a.car'): Promise<string> {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return (await verifyOutside(path)).report.verdict;
  }

  /** Flips a bit of every byte of a file in turn, judges `what`, and gives the offsets at which it was not refused. */
  async function acceptedFlips(file: string, what: string): Promise<number[]> {
    const bytes = readFileSync(file);
    const descriptor = openSync(file, 'r+');
    const accepted: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      writeSync(descriptor, flipped(bytes.subarray(at, at + 1), 0, at % 8), 0, 1, at);
      const { report, exitCode } = await verifyOutside(what);
      if (report.ok || report.verdict !== 'refused' || exitCode !== 4) accepted.push(at);
      writeSync(descriptor, bytes, at, 1, at);
    }
    closeSync(descriptor);
    return accepted;
  }

  it('is genuine before that', async () => {
    expect(await verdictOf(car)).toBe('genuine');
    expect((await verifyOutside(join(folder, 'bundle'))).report.verdict).toBe('genuine');
  });

  it('is refused as a CAR, whichever byte it is', async () => {
    const file = join(folder, 'flipped.car');
    writeFileSync(file, car);
    expect(await acceptedFlips(file, file)).toEqual([]);
    expect((await verifyOutside(file)).report.verdict).toBe('genuine');
  });

  it.each(['article.json', 'index.html', 'style.css', 'masthead/1.json'])(
    'is refused as a folder, whichever byte of %s it is',
    async (name) => {
      const copy = join(folder, name.replaceAll('/', '-'));
      cpSync(join(folder, 'bundle'), copy, { recursive: true });
      expect(await acceptedFlips(join(copy, name), copy)).toEqual([]);
      expect((await verifyOutside(copy)).report.verdict).toBe('genuine');
    },
  );

  it('is refused as a CAR that breaks off, wherever that is', async () => {
    for (let length = 0; length < car.length; length += length < 200 ? 1 : 37) {
      expect(await verdictOf(car.subarray(0, length)), `${length} bytes`).toBe('refused');
    }
  });

  it('is refused as a CAR that goes on after its end', async () => {
    expect(await verdictOf(Buffer.concat([car, Buffer.from([0])]))).toBe('refused');
    expect(await verdictOf(Buffer.concat([car, car]))).toBe('refused');
  });
});
