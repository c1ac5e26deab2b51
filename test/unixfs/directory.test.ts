import { encode, prepare } from '@ipld/dag-pb';
import fc from 'fast-check';
import { UnixFS, type UnixFSOptions } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory, type DirectoryEntry, readDirectory, resolvePath } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';

const CHILD: Link = { cid: rawCid(Uint8Array.of(1)), size: 1 };

function node(blocks: MemoryBlocks, data: UnixFSOptions, links: [string, CID][]): CID {
  const Links = links.map(([Name, Hash]) => ({ Name, Hash, Tsize: 1 }));
  const bytes = encode({ Data: new UnixFS(data).marshal(), Links });
  return blocks.put({ cid: dagPbCid(bytes), bytes });
}

/** A node of a sharded directory whose bit field says what its links say. */
function shard(blocks: MemoryBlocks, links: [string, CID][], data?: Uint8Array): CID {
  const field = new Uint8Array(32);
  for (const [name] of links) {
    const index = Number.parseInt(name.slice(0, 2), 16);
    field[31 - (index >> 3)] = (field[31 - (index >> 3)] ?? 0) | (1 << (index & 7));
  }
  return node(
    blocks,
    { type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n, data: data ?? field },
    links,
  );
}

function manyEntries(count: number): DirectoryEntry[] {
  return Array.from({ length: count }, (_, i) => ({ ...CHILD, name: `entry number ${i} of many` }));
}

describe('a sharded directory', () => {
  const blocks = new MemoryBlocks();
  const entries = manyEntries(9000);
  let root: Link;
  beforeAll(async () => {
    root = await addDirectory(entries, blocks.sink);
  });

  it('gives its entries back, in order', async () => {
    const names = entries.map(({ name }) => name).sort();
    const read = await readDirectory(root.cid, blocks.read);
    expect(read.map(({ name }) => name)).toEqual(names);
    expect(read.every(({ cid, size }) => cid.equals(CHILD.cid) && size === 1)).toBe(true);
  });

  it('is the same in whatever order its entries come', async () => {
    expect((await addDirectory(entries.toReversed(), blocks.sink)).cid.equals(root.cid)).toBe(true);
  });

  it('finds an entry by the nodes on its way', async () => {
    blocks.reads = 0;
    expect(
      (await resolvePath(root.cid, ['entry number 4711 of many'], blocks.read))?.cid.equals(CHILD.cid),
    ).toBe(true);
    expect(blocks.reads).toBeLessThanOrEqual(4);
    expect(await resolvePath(root.cid, ['entry number 9000 of many'], blocks.read)).toBeUndefined();
  });

  it('is refused above the limit of entries, and with a node missing', async () => {
    await expect(readDirectory(root.cid, blocks.read, { limit: 8999 })).rejects.toMatchObject({
      code: 'limit',
    });
    const partial = new MemoryBlocks();
    const missing = [...blocks.blocks.values()].find(({ cid }) => !cid.equals(root.cid));
    for (const block of blocks.blocks.values()) if (block !== missing) partial.put(block);
    await expect(readDirectory(root.cid, partial.read)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(String(missing?.cid)),
    });
  });
});

describe('resolvePath', () => {
  it('goes down, gives the root for no segments, and nothing for what is not there', async () => {
    const blocks = new MemoryBlocks();
    const inner = await addDirectory(
      [{ name: 'f', ...(await addFile(Uint8Array.of(1), blocks.sink)) }],
      blocks.sink,
    );
    const root = await addDirectory([{ name: 'd', ...inner }], blocks.sink);
    expect(await resolvePath(root.cid, ['d', 'f'], blocks.read)).toEqual(CHILD);
    expect(await resolvePath(root.cid, [], blocks.read)).toEqual(root);
    for (const path of [['x'], ['d', 'x'], ['d', 'f', 'x'], ['constructor']]) {
      expect(await resolvePath(root.cid, path, blocks.read)).toBeUndefined();
    }
    blocks.delete(inner.cid);
    await expect(resolvePath(root.cid, ['d', 'f'], blocks.read)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('hostile directories', () => {
  const blocks = new MemoryBlocks();
  const leaf = CHILD.cid;
  // murmur3 of "a" begins with 0x85, 0x55
  const cases: [string, CID][] = [
    ['a file', node(blocks, { type: 'file' }, [])],
    ['not dag-pb', blocks.put({ cid: dagPbCid(Uint8Array.of(0xff)), bytes: Uint8Array.of(0xff) })],
    ['no UnixFS', blocks.put({ cid: dagPbCid(new Uint8Array(0)), bytes: new Uint8Array(0) })],
    [
      'a name twice',
      node(blocks, { type: 'directory' }, [
        ['a', leaf],
        ['a', leaf],
      ]),
    ],
    ['an empty name', node(blocks, { type: 'directory' }, [['', leaf]])],
    ['a way out', node(blocks, { type: 'directory' }, [['..', leaf]])],
    ['a path for a name', node(blocks, { type: 'directory' }, [['a/../../b', leaf]])],
    ['an entry out of place', shard(blocks, [['00a', leaf]])],
    [
      'a slot twice',
      shard(blocks, [
        ['85a', leaf],
        ['85b', leaf],
      ]),
    ],
    ['a slot that is none', shard(blocks, [['XXa', leaf]])],
    ['a false bit field', shard(blocks, [['85a', leaf]], Uint8Array.of(1))],
    ['a shard that is none', shard(blocks, [['85', node(blocks, { type: 'directory' }, [])]])],
    ['an empty node below', shard(blocks, [['85', shard(blocks, [])]])],
    ['a fan-out that is none', node(blocks, { type: 'hamt-sharded-directory', fanout: 3n }, [])],
    ['a fan-out of all', node(blocks, { type: 'hamt-sharded-directory', fanout: 2n ** 40n }, [])],
  ];
  it.each(cases)('%s is refused', async (_, cid) => {
    await expect(readDirectory(cid, blocks.read)).rejects.toMatchObject({
      name: 'OvnError',
      code: 'malformed',
    });
  });

  it('the helper makes a shard that is accepted where it is right', async () => {
    expect(await readDirectory(shard(blocks, [['85a', leaf]]), blocks.read)).toEqual([
      { ...CHILD, name: 'a' },
    ]);
    expect(await readDirectory(shard(blocks, []), blocks.read)).toEqual([]);
  });

  it('a DAG of shards that claims 256^n entries ends at once', async () => {
    const slots = Array.from({ length: 256 }, (_, i) => i.toString(16).toUpperCase().padStart(2, '0'));
    let bomb = shard(blocks, [['85a', leaf]]);
    for (let level = 0; level < 12; level++)
      bomb = shard(
        blocks,
        slots.map((slot): [string, CID] => [slot, bomb]),
      );
    blocks.reads = 0;
    await expect(readDirectory(bomb, blocks.read)).rejects.toMatchObject({ code: 'malformed' });
    await expect(resolvePath(bomb, ['a'], blocks.read)).rejects.toMatchObject({ code: 'malformed' });
    expect(blocks.reads).toBeLessThan(30);
  });

  it('any flipped byte is refused as what it is, or read', async () => {
    const start = prepare({
      Data: new UnixFS({ type: 'directory' }).marshal(),
      Links: [{ Name: 'a', Hash: leaf, Tsize: 1 }],
    });
    const good = encode(start);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = good.map((byte, i) => (i === at ? byte ^ flip : byte));
        const read = async () => bytes;
        const outcome = await readDirectory(dagPbCid(bytes), read).catch((error: unknown) => error);
        if (!Array.isArray(outcome)) expect(outcome).toBeInstanceOf(OvnError);
      }),
    );
  });
});
