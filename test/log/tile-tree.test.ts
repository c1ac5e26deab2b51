import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isExtension, verifyInclusion } from '../../src/log/merkle.ts';
import type { TileReader } from '../../src/log/tile-reader.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import { rootOfHashes } from '../../src/log/tree-hash.ts';
import { headOf, type TreeHead } from '../../src/log/tree-head.ts';
import { flipped } from '../helpers/flipped.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';
import { entriesOf, hexesOf, hexOf, LogFiles, naive, refusalOfAsync } from './support.ts';

const SIZE = 700;
const ENTRIES = entriesOf(SIZE);
const LEAVES = ENTRIES.map(naive.leaf);
const rootOf = (size: number) => naive.root(LEAVES.slice(0, size));
const sizes = fc.integer({ min: 0, max: SIZE });

let log: LogFiles;
beforeAll(async () => {
  log = await LogFiles.of(ENTRIES);
});

/** Reads everything that there is in a log. */
async function readAll(head: TreeHead, read: TileReader): Promise<number> {
  const tree = await TileTree.open(head, read);
  let count = 0;
  for await (const { index, bytes } of tree.entries(0)) {
    if (Buffer.compare(bytes, ENTRIES[index]!) !== 0) throw new Error(`entry ${index} is another`);
    count++;
  }
  await tree.rootAt(head.size);
  return count;
}

describe('a tree over tiles', () => {
  it('gives the root at every size up to its own', async () => {
    const tree = await TileTree.open(log.head, log.read);
    for (let size = 0; size <= SIZE; size += 7) {
      expect(hexOf(await tree.rootAt(size)), `${size}`).toBe(hexOf(rootOf(size)));
    }
    await expect(tree.rootAt(SIZE + 1)).rejects.toThrow(RangeError);
  });

  it('gives the inclusion proof of any entry at any size', async () => {
    const tree = await TileTree.open(log.head, log.read);
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(SIZE - 1), async (one, other) => {
        const [index, size] = [Math.min(one, other), Math.max(one, other) + 1];
        const proof = await tree.inclusionProof(index, size);
        expect(hexesOf(proof)).toEqual(hexesOf(naive.path(index, LEAVES.slice(0, size))));
        expect(verifyInclusion(LEAVES[index]!, index, { size, root: rootOf(size) }, proof)).toBe(true);
      }),
      { numRuns: 60 },
    );
    await expect(tree.inclusionProof(5, 5)).rejects.toThrow(RangeError);
    await expect(tree.inclusionProof(SIZE, SIZE + 1)).rejects.toThrow(RangeError);
  });

  it('gives the consistency proof between any two sizes', async () => {
    const tree = await TileTree.open(log.head, log.read);
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (one, other) => {
        const [older, newer] = [Math.min(one, other), Math.max(one, other)];
        const proof = await tree.consistencyProof(older, newer);
        const heads = [older, newer].map((size) => ({ size, root: rootOf(size) })) as [TreeHead, TreeHead];
        if (older > 0) expect(hexesOf(proof)).toEqual(hexesOf(naive.proof(older, LEAVES.slice(0, newer))));
        expect(isExtension(...heads, proof)).toBe(true);
      }),
      { numRuns: 60 },
    );
    await expect(tree.consistencyProof(6, 5)).rejects.toThrow(RangeError);
  });

  it('gives entries one by one and in runs', async () => {
    const tree = await TileTree.open(log.head, log.read);
    for (const index of [0, 255, 256, 511, 512, 699]) {
      expect(hexOf(await tree.entry(index))).toBe(hexOf(ENTRIES[index]!));
    }
    const run = await Array.fromAsync(tree.entries(250, 520));
    expect(run.map(({ index }) => index)).toEqual(Array.from({ length: 270 }, (_, at) => 250 + at));
    expect(run.every(({ index, bytes }) => hexOf(bytes) === hexOf(ENTRIES[index]!))).toBe(true);
    expect(await Array.fromAsync(tree.entries(SIZE))).toEqual([]);
    await expect(tree.entry(SIZE)).rejects.toThrow(RangeError);
    await expect(tree.entry(-1)).rejects.toThrow(RangeError);
  });

  it('reads only what an answer needs, and a full tile once', async () => {
    log.reads = [];
    const tree = await TileTree.open(log.head, log.read);
    expect(log.reads).toEqual(['tile/0/002.p/188', 'tile/1/000.p/2']);
    await tree.inclusionProof(3, SIZE);
    await tree.entry(600);
    expect(log.reads.slice(2)).toEqual(['tile/0/000', 'tile/entries/002.p/188']);
    await tree.inclusionProof(4, SIZE);
    expect(log.reads).toHaveLength(4);
  });

  it('asks again for a tile that was missing once', async () => {
    let isDown = true;
    const tree = await TileTree.open(log.head, async (path, limit) =>
      isDown && path.at(-1) === '000' ? undefined : log.read(path, limit),
    );
    expect(await refusalOfAsync(() => tree.inclusionProof(3, SIZE))).toMatch(/^not-found: tile\/0\/000 /);
    isDown = false;
    expect(hexesOf(await tree.inclusionProof(3, SIZE))).toEqual(hexesOf(naive.path(3, LEAVES)));
  });

  it('of nothing has no tiles', async () => {
    const tree = await TileTree.open(new LogFiles().head, async () => undefined);
    expect(hexOf(await tree.rootAt(0))).toBe(hexOf(naive.root([])));
    expect(await tree.consistencyProof(0, 0)).toEqual([]);
    expect(await Array.fromAsync(tree.entries(0))).toEqual([]);
  });

  it.skipIf(!hasVectors)('reads the tiles of a mirror in the vectors', async () => {
    const folder = 'tlog/witness/mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706';
    const file = (name: string) => readFileSync(vectors(`${folder}/${name}`));
    // The vectors lack the tile of level 1, which is one hash.
    const level1 = rootOfHashes(file('tile/0/000'));
    const read: TileReader = async (path) => (path[1] === '1' ? level1 : file(path.join('/')));
    const [, size, root = ''] = file('checkpoint').toString().split('\n');
    const tree = await TileTree.open(headOf({ size: Number(size), root }), read);
    expect(tree.head.size).toBe(300);
    expect(await tree.inclusionProof(299, 300)).toHaveLength(5);
    await expect(TileTree.open({ ...tree.head, root: new Uint8Array(32) }, read)).rejects.toThrow(
      'another root',
    );
  });
});

describe('a log with something wrong in it', () => {
  it('is read to the end when nothing is', async () => {
    expect(await readAll(log.head, log.read)).toBe(SIZE);
    expect(new Set(log.reads)).toEqual(new Set(log.files.keys()));
  });

  it('is refused for any changed bit in any file, naming it', async () => {
    const names = [...log.files.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(7), async (name, place, bit) => {
        const bytes = log.files.get(name)!;
        const changed = flipped(bytes, place % bytes.length, bit);
        const read: TileReader = async (path, limit) =>
          path.join('/') === name ? changed : log.read(path, limit);
        const refusal = await refusalOfAsync(() => readAll(log.head, read));
        expect(refusal).toMatch(/^(refused|malformed): /);
        expect(refusal).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused for a file that is missing, short, long or that of another place', async () => {
    for (const [name, bytes] of log.files) {
      const readWith = (replaced: Uint8Array | undefined) =>
        refusalOfAsync(() =>
          readAll(log.head, async (path, limit) =>
            path.join('/') === name ? replaced : log.read(path, limit),
          ),
        );
      expect(await readWith(undefined)).toBe(`not-found: ${name} of the log is missing`);
      expect(await readWith(bytes.subarray(1))).toMatch(/^malformed: /);
      expect(await readWith(Buffer.concat([bytes, Uint8Array.of(0)]))).toMatch(/^malformed: /);
      if (otherTile(name))
        expect(await readWith(otherTile(name))).toBe(`refused: ${name} is not of the log of 700 entries`);
    }
  });

  it('is refused for a head of another size or root', async () => {
    const { size, root } = log.head;
    expect(await refusalOfAsync(() => readAll({ size, root: flipped(root, 3, 3) }, log.read))).toBe(
      'refused: the log of 700 entries has another root than tile/0/002.p/188, tile/1/000.p/2',
    );
    expect(await refusalOfAsync(() => readAll({ size: size - 1, root }, log.read))).toMatch(/^not-found: /);
    expect(await refusalOfAsync(() => readAll({ size: 0, root }, log.read))).toMatch(/^refused: /);
  });

  /** The one of the two full tiles of level 0 that is not this one. */
  const otherTile = (name: string) =>
    log.files.get({ 'tile/0/000': 'tile/0/001', 'tile/0/001': 'tile/0/000' }[name] ?? '');
});
