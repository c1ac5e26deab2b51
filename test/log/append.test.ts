import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendEntries } from '../../src/log/append.ts';
import { isExtension } from '../../src/log/merkle.ts';
import { isTileOf, tileName, tilesOfSize } from '../../src/log/tile.ts';
import type { TileReader } from '../../src/log/tile-reader.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import { leafHash, rootOfHashes } from '../../src/log/tree-hash.ts';
import { flipped } from '../helpers/flipped.ts';
import { bytesOf, entriesOf, hexOf, LogFiles, naive, refusalOfAsync } from './support.ts';

/** Files as text, so that two logs can be compared. */
const contentOf = ({ files }: LogFiles) =>
  Object.fromEntries([...files].map(([name, bytes]) => [name, hexOf(bytes)]).sort());

describe('appending', () => {
  it('gives the same files and root, however entries are split into batches', async () => {
    const batches = fc.array(fc.oneof(fc.nat(3), fc.nat(300), fc.constantFrom(255, 256, 257)), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(batches, async (counts) => {
        const log = new LogFiles();
        for (const count of counts) {
          await log.append(entriesOf(count, log.head.size));
          // Nothing but what the size demands is there, at any time.
          expect([...log.files.keys()].sort()).toEqual([...tilesOfSize(log.head.size)].map(tileName).sort());
        }
        const entries = entriesOf(log.head.size);
        expect(contentOf(log)).toEqual(contentOf(await LogFiles.of(entries)));
        expect(hexOf(log.head.root)).toBe(hexOf(naive.root(entries.map(naive.leaf))));
      }),
      { numRuns: 30 },
    );
  });

  it('one by one is a chain of consistent trees', async () => {
    const log = await LogFiles.of(entriesOf(510));
    for (let size = 510; size < 516; size++) {
      const older = log.head;
      await log.append(entriesOf(1, size));
      const tree = await TileTree.open(log.head, log.read);
      expect(isExtension(older, log.head, await tree.consistencyProof(size, size + 1))).toBe(true);
    }
  });

  it('nothing reads the edge and writes nothing', async () => {
    const log = await LogFiles.of(entriesOf(5));
    const { head, files, removed } = await appendEntries(log.head, [], log.read);
    expect([head, files, removed]).toEqual([log.head, [], []]);
  });

  it('removes the partial tile that becomes full, at every level', async () => {
    const log = await LogFiles.of(entriesOf(256 * 2 - 1));
    const { files, removed } = await appendEntries(log.head, entriesOf(1, 511), log.read);
    expect(removed.map((path) => path.join('/'))).toEqual([
      'tile/entries/001.p/255',
      'tile/0/001.p/255',
      'tile/1/000.p/1',
    ]);
    expect(files.map(({ path }) => path.join('/'))).toEqual([
      'tile/entries/001',
      'tile/0/001',
      'tile/1/000.p/2',
    ]);
  });

  it('refuses to build on a changed edge, and entries that do not fit', async () => {
    const log = await LogFiles.of(entriesOf(300));
    for (const name of ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44']) {
      const changed = flipped(log.files.get(name)!, 20, 0);
      const read: TileReader = async (path, limit) =>
        path.join('/') === name ? changed : log.read(path, limit);
      expect(await refusalOfAsync(() => appendEntries(log.head, entriesOf(1), read))).toMatch(/^refused: /);
    }
    const large = [new Uint8Array(65_536)];
    expect(await refusalOfAsync(() => appendEntries(log.head, large, log.read))).toMatch(/^limit: /);
  });
});

/**
 * A log of the same entry over and over, whose tiles need not be stored: all full ones of a level are the
 * same.
 */
function monotonous(entry: Uint8Array): TileReader & { count: number; bytes: number } {
  const rows = [Buffer.concat(Array.from({ length: 256 }, () => leafHash(entry)))];
  const rowOf = (level: number): Uint8Array => {
    const below = rows[level] ?? rowOf(level - 1);
    rows[level + 1] ??= Buffer.concat(Array.from({ length: 256 }, () => rootOfHashes(below)));
    return below;
  };
  const framed = Buffer.concat([Uint8Array.of(0, entry.length), entry]);
  const read = async ([, level = '', ...name]: readonly string[]) => {
    const width = name.at(-2)?.endsWith('.p') === true ? Number(name.at(-1)) : 256;
    const one = level === 'entries' ? framed : rowOf(Number(level)).subarray(0, 32);
    const bytes = Buffer.concat(Array.from({ length: width }, () => one));
    reader.count++;
    reader.bytes += bytes.length;
    return bytes;
  };
  const reader = Object.assign(read, { count: 0, bytes: 0 });
  return reader;
}

describe('a log of a million entries', () => {
  const entry = bytesOf('the same');
  const leaf = leafHash(entry);
  /** Root of so many equal leaves. */
  const rootAt = (size: number): Uint8Array => {
    const perfect = [leaf];
    while (perfect.length < 40) perfect.push(rootOfHashes(Buffer.concat([perfect.at(-1)!, perfect.at(-1)!])));
    const bits = Array.from({ length: 40 }, (_, bit) => bit).filter(
      (bit) => Math.floor(size / 2 ** bit) % 2 === 1,
    );
    return bits
      .map((bit) => perfect[bit]!)
      .reduce((right, left) => rootOfHashes(Buffer.concat([left, right])));
  };

  it.each([999_999, 1_000_000, 65_536 * 3 - 1, 256 ** 4 - 1])(
    'of %i grows by a few small tiles',
    async (size) => {
      const read = monotonous(entry);
      const { head, files, removed } = await appendEntries({ size, root: rootAt(size) }, [entry], read);
      expect(hexOf(head.root)).toBe(hexOf(rootAt(size + 1)));
      expect(read.count).toBeLessThanOrEqual(6);
      expect(read.bytes).toBeLessThanOrEqual(6 * 8192);
      expect(files.length).toBeLessThanOrEqual(6);
      expect(removed.every((path) => isTileOf(size, path) && !isTileOf(size + 1, path))).toBe(true);
      expect(files.every(({ path }) => isTileOf(size + 1, path) && !isTileOf(size, path))).toBe(true);
    },
  );

  it('proves any entry, and any older tree, by a few small tiles', async () => {
    const size = 1_000_000;
    const read = monotonous(entry);
    const tree = await TileTree.open({ size, root: rootAt(size) }, read);
    const proof = await tree.consistencyProof(123_457, size);
    expect(isExtension({ size: 123_457, root: rootAt(123_457) }, tree.head, proof)).toBe(true);
    expect(hexOf(await tree.entry(654_321))).toBe(hexOf(entry));
    expect(read.count).toBeLessThanOrEqual(3 + 5 + 4);
  });
});
