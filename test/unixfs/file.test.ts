import { encode } from '@ipld/dag-pb';
import fc from 'fast-check';
import { UnixFS } from 'ipfs-unixfs';
import { importBytes } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced, trickle } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../src/unixfs/block.ts';
import { addFile, fileSize, measureFile, readFile, streamFile } from '../../src/unixfs/file.ts';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';
import { importerStore } from '../../src/unixfs/importer-store.ts';
import { fileBomb, fileNode } from '../helpers/file-bomb.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { collect, concat, ovnStream } from '../helpers/streams.ts';

const LIMIT = 64 * 1024 * 1024;

function leaf(blocks: MemoryBlocks, ...content: number[]): CID {
  const bytes = Uint8Array.from(content);
  return blocks.put({ cid: rawCid(bytes), bytes });
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(stream));
}

describe('addFile', () => {
  it('answers at once for one chunk, and waits for a sink that asks for it', async () => {
    const blocks = new MemoryBlocks();
    const bytes = Uint8Array.of(1, 2, 3);
    expect(addFile(bytes, blocks.sink)).toEqual({ cid: rawCid(bytes), size: 3 });
    let stored = false;
    const link = addFile(bytes, async () => {
      await Promise.resolve();
      stored = true;
    });
    expect(link).toBeInstanceOf(Promise);
    expect(await link).toEqual({ cid: rawCid(bytes), size: 3 });
    expect(stored).toBe(true);
  });

  it('passes on what a sink throws', async () => {
    const full = async () => Promise.reject(new Error('disk full'));
    await expect(addFile(new Uint8Array(1), full)).rejects.toThrow('disk full');
    await expect(addFile(new Uint8Array(2 ** 20 + 1), full)).rejects.toThrow('disk full');
  });
});

describe('reading files', () => {
  const content = concat(ovnStream(10_000));
  const layouts = [
    ['raw leaves', { rawLeaves: true, layout: balanced({ maxChildrenPerNode: 3 }) }],
    [
      'wrapped leaves, version 0',
      { rawLeaves: false, cidVersion: 0 as const, layout: balanced({ maxChildrenPerNode: 4 }) },
    ],
    [
      'trickle',
      { rawLeaves: false, leafType: 'raw' as const, reduceSingleLeafToSelf: false, layout: trickle() },
    ],
  ] as const;

  it.each(layouts)('every range, with small chunks and deep: %s', async (_, layout) => {
    const blocks = new MemoryBlocks();
    const options = { ...layout, chunker: fixedSize({ chunkSize: 100 }) };
    const { cid } = await importBytes(content, importerStore(blocks.sink), options);
    expect(await fileSize(cid, blocks.read)).toBe(content.length);
    expect(Buffer.compare(await readFile(cid, blocks.read, { limit: content.length }), content)).toBe(0);
    const offset = fc.nat(content.length + 50);
    await fc.assert(
      fc.asyncProperty(offset, fc.option(offset, { nil: undefined }), async (start, end) => {
        const range = await bytesOf(streamFile(cid, blocks.read, { start, end }));
        expect(Buffer.compare(range, content.subarray(start, Math.max(start, end ?? content.length)))).toBe(
          0,
        );
      }),
    );
  });

  it('reads what addFile makes, and of a range only the blocks that it touches', async () => {
    const blocks = new MemoryBlocks();
    const bytes = concat(ovnStream(3 * 2 ** 20));
    const { cid } = await addFile(bytes, blocks.sink);
    expect(Buffer.compare(await readFile(cid, blocks.read, { limit: LIMIT }), bytes)).toBe(0);
    blocks.reads = 0;
    expect((await bytesOf(streamFile(cid, blocks.read, { start: 2 ** 20, end: 2 ** 20 + 5 }))).length).toBe(
      5,
    );
    expect(blocks.reads).toBe(2);
  });

  it('reads an empty file in every form', async () => {
    const blocks = new MemoryBlocks();
    for (const cid of [leaf(blocks), fileNode(blocks, []), fileNode(blocks, [[leaf(blocks), 0]])]) {
      expect(await readFile(cid, blocks.read, { limit: 0 })).toHaveLength(0);
    }
  });

  it('stops when it is aborted', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileNode(blocks, [
      [leaf(blocks, 1), 1],
      [leaf(blocks, 2), 1],
    ]);
    const controller = new AbortController();
    const stream = streamFile(cid, blocks.read, { signal: controller.signal });
    expect((await stream.next()).value).toEqual(Uint8Array.of(1));
    controller.abort(new Error('enough'));
    await expect(stream.next()).rejects.toThrow('enough');
  });
});

describe('hostile files', () => {
  it('a claim of 1 TB in a few blocks costs one read', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileBomb(blocks, 2, 1000, 1_000_000);
    await expect(readFile(cid, blocks.read, { limit: LIMIT })).rejects.toMatchObject({ code: 'limit' });
    expect(blocks.reads).toBe(1);
    const stream = streamFile(cid, blocks.read);
    await stream.next();
    expect(blocks.reads).toBeLessThanOrEqual(4);
    await stream.return(undefined);
  });

  it('a true file of a petabyte is measured by each of its blocks once', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileBomb(blocks, 3, 1000, 1_000_000);
    expect(await measureFile(cid, blocks.read)).toBe(1e15);
    expect(blocks.reads).toBe(4);
  });

  it('a file that says to be larger or smaller than its blocks is not measured', async () => {
    const blocks = new MemoryBlocks();
    const half = fileBomb(blocks, 1, 1000, 1000);
    for (const claim of [999_999, 1_000_001]) {
      const cid = fileNode(blocks, [
        [half, 1_000_000],
        [half, claim],
      ]);
      await expect(measureFile(cid, blocks.read)).rejects.toMatchObject({
        code: 'malformed',
        message: `block ${half} has 1000000 bytes where its file declares ${claim}`,
      });
    }
  });

  it('leaves of one byte are refused before they are many', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileBomb(blocks, 2, 1000, 1);
    await expect(readFile(cid, blocks.read, { limit: LIMIT })).rejects.toMatchObject({ code: 'limit' });
    expect(blocks.reads).toBeLessThan(25_000);
  });

  it('empty leaves are not even looked for', async () => {
    const blocks = new MemoryBlocks();
    const cid = fileBomb(blocks, 3, 1000, 0);
    expect(await readFile(cid, blocks.read, { limit: 0 })).toHaveLength(0);
    expect(blocks.reads).toBe(1);
  });

  it('a chain of nodes ends at the greatest depth', async () => {
    const blocks = new MemoryBlocks();
    let cid = leaf(blocks, 1);
    for (let depth = 0; depth < 1000; depth++) cid = fileNode(blocks, [[cid, 1]]);
    await expect(readFile(cid, blocks.read, { limit: LIMIT })).rejects.toMatchObject({ code: 'malformed' });
    expect(blocks.reads).toBeLessThan(40);
    await expect(bytesOf(streamFile(cid, blocks.read, { maxDepth: 2 }))).rejects.toThrow('too deep');
    await expect(measureFile(cid, blocks.read)).rejects.toThrow('too deep');
    // Below it lies a part that was measured where it lay higher.
    const low = fileNode(blocks, [[leaf(blocks, 1), 1]]);
    const deep = fileNode(blocks, [[fileNode(blocks, [[low, 1]]), 1]]);
    const both = fileNode(blocks, [
      [low, 1],
      [deep, 1],
    ]);
    expect(await measureFile(both, blocks.read, { maxDepth: 4 })).toBe(2);
    await expect(measureFile(both, blocks.read, { maxDepth: 3 })).rejects.toThrow('too deep');
  });

  it('a missing leaf is named', async () => {
    const blocks = new MemoryBlocks();
    const gone = leaf(blocks, 2);
    const cid = fileNode(blocks, [
      [leaf(blocks, 1), 1],
      [gone, 1],
    ]);
    blocks.delete(gone);
    await expect(readFile(cid, blocks.read, { limit: LIMIT })).rejects.toMatchObject({
      code: 'not-found',
      message: `block ${gone} is not here`,
    });
  });

  const blocks = new MemoryBlocks();
  const one = leaf(blocks, 1);
  const big = { cid: rawCid(new Uint8Array(2 ** 21 + 1)), bytes: new Uint8Array(2 ** 21 + 1) };
  const directory = encode({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: [] });
  const cases: [string, string, CID][] = [
    ['a leaf shorter than declared', 'malformed', fileNode(blocks, [[one, 2]])],
    ['a leaf longer than declared', 'malformed', fileNode(blocks, [[leaf(blocks, 1, 2), 1]])],
    [
      'a node that contradicts its parent',
      'malformed',
      fileNode(blocks, [[fileNode(blocks, [[one, 1]]), 5]]),
    ],
    [
      'sizes without end',
      'malformed',
      fileNode(blocks, [
        [one, 2n ** 63n],
        [one, 2n ** 63n],
      ]),
    ],
    ['a directory', 'malformed', blocks.put({ cid: dagPbCid(directory), bytes: directory })],
    ['a directory inside', 'malformed', fileNode(blocks, [[dagPbCid(directory), 1]])],
    ['a block above 2 MiB', 'limit', blocks.put(big)],
  ];
  it.each(cases)('%s', async (_, code, cid) => {
    await expect(readFile(cid, blocks.read, { limit: LIMIT })).rejects.toMatchObject({
      name: 'OvnError',
      code,
    });
  });

  it('links without sizes', async () => {
    const bytes = encode({
      Data: new UnixFS({ type: 'file' }).marshal(),
      Links: [{ Hash: one, Name: '', Tsize: 1 }],
    });
    const link: Link = { cid: blocks.put({ cid: dagPbCid(bytes), bytes }), size: 1 };
    await expect(fileSize(link.cid, blocks.read)).rejects.toMatchObject({ code: 'malformed' });
  });
});
