import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Link } from '../../src/unixfs/block.ts';
import { addDirectory, readDirectory } from '../../src/unixfs/directory.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { forget, MemoryBlocks } from '../helpers/memory-blocks.ts';

function leaf(number: number): Link {
  return { cid: rawCid(Uint8Array.of(number)), size: 1 };
}

async function build(files: Iterable<[string, number]>): Promise<{ root: Link; blocks: MemoryBlocks }> {
  const blocks = new MemoryBlocks();
  const tree = Tree.empty();
  for (const [path, number] of files) await tree.set(path.split('/'), leaf(number));
  return { root: await tree.write(blocks.sink), blocks };
}

const FILES: [string, number][] = [
  ['index.html', 1],
  ['a/b/c', 2],
  ['a/b/d', 3],
  ['a/e', 4],
  ['z/z/z', 5],
];

describe('Tree', () => {
  it('is what its history left, whatever that was', async () => {
    // Files only at the third level, directories only above: no step fails because a file is in the way.
    const name = fc.constantFrom('a', 'b', 'é', '__proto__', 'constructor');
    const path = fc.tuple(name, name, name);
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), path, number: fc.nat(9) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constantFrom('write' as const, 'reopen' as const, 'look' as const),
          path,
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const blocks = new MemoryBlocks();
        const files = new Map<string, number>();
        let tree = Tree.empty(blocks.read);
        for (const each of steps) {
          if (each.do === 'set') {
            await tree.set(each.path, leaf(each.number));
            files.set(each.path.join('/'), each.number);
          } else if (each.do === 'remove') {
            await tree.remove(each.path);
            files.delete(each.path.join('/'));
          } else if (each.do === 'look') {
            await tree.list(each.path.slice(0, 2));
          } else {
            const root = await tree.write(blocks.sink);
            if (each.do === 'reopen') tree = Tree.open(root, blocks.read);
          }
        }
        const { root } = await build(files);
        const written = await tree.write(blocks.sink);
        expect(written).toEqual(root);
        expect(await tree.isEmpty()).toBe(files.size === 0);
        for (const [each, number] of files) {
          expect(await Tree.open(written, blocks.read).get(each.split('/'))).toEqual(leaf(number));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads and writes only what a change touches', async () => {
    const { root, blocks } = await build(FILES);
    blocks.reads = 0;
    const tree = Tree.open(root, blocks.read);
    await tree.set(['a', 'b', 'c'], leaf(9));
    expect(blocks.reads).toBe(3);
    const written: Block[] = [];
    const changed = await tree.write((block) => {
      written.push(block);
    });
    expect(written).toHaveLength(3);
    expect(written.at(-1)?.cid.equals(changed.cid)).toBe(true);
    const again = await tree.write(() => expect.unreachable());
    expect(again).toEqual(changed);
  });

  it('writes nothing where nothing changed, also when the same is put again', async () => {
    const { root, blocks } = await build(FILES);
    const tree = Tree.open(root, blocks.read);
    await tree.set(['a', 'b', 'c'], leaf(2));
    await tree.set(['a', 'b'], (await tree.get(['a', 'b'])) as Link);
    await tree.remove(['a', 'nothing']);
    await tree.remove(['no', 'such', 'path']);
    expect(await tree.write(() => expect.unreachable())).toEqual(root);
  });

  it('gives links of what is not yet written, and writes it later', async () => {
    const { root, blocks } = await build(FILES);
    const tree = Tree.empty(blocks.read);
    for (const [path, number] of FILES) await tree.set(path.split('/'), leaf(number));
    expect(await tree.get([])).toEqual(root);
    const inner = await tree.get(['a']);
    await tree.set(['last'], leaf(6));
    const later = new MemoryBlocks();
    const written = await tree.write(later.sink);
    expect(await Tree.open(written, later.read).get(['a'])).toEqual(inner);
    expect(await readDirectory((inner as Link).cid, later.read)).toHaveLength(2);
    expect(later.blocks.has(root.cid.toString())).toBe(false);
  });

  it('writes the rest after a sink that failed', async () => {
    const { root } = await build(FILES);
    const tree = Tree.empty();
    for (const [path, number] of FILES) await tree.set(path.split('/'), leaf(number));
    let left = 2;
    const blocks = new MemoryBlocks();
    const failing = async (block: Block) =>
      left-- > 0 ? blocks.sink(block) : Promise.reject(new Error('full'));
    await expect(tree.write(failing)).rejects.toThrow('full');
    expect(await tree.write(blocks.sink)).toEqual(root);
    expect(await Tree.open(root, blocks.read).get(['z', 'z', 'z'])).toEqual(leaf(5));
    expect(await Tree.open(root, blocks.read).get(['a', 'b', 'c'])).toEqual(leaf(2));
  });

  it('lists names and links in order, and nothing where no directory is', async () => {
    const { root, blocks } = await build(FILES);
    const tree = Tree.open(root, blocks.read);
    expect((await tree.list(['a', 'b'])).map(({ name, cid }) => [name, cid])).toEqual([
      ['c', leaf(2).cid],
      ['d', leaf(3).cid],
    ]);
    expect(await tree.names([])).toEqual(['a', 'index.html', 'z']);
    for (const path of [['q'], ['index.html'], ['index.html', 'x']]) {
      expect(await tree.list(path)).toEqual([]);
      expect(await tree.names(path)).toEqual([]);
    }
    expect(await tree.get(['index.html', 'x'])).toBeUndefined();
    expect(await tree.get(['q', 'r'])).toBeUndefined();
  });

  it('removes whole directories, and those above that become empty', async () => {
    const { root, blocks } = await build(FILES);
    const tree = Tree.open(root, blocks.read);
    await tree.remove(['z', 'z', 'z']);
    await tree.remove(['a']);
    expect(await tree.write(blocks.sink)).toEqual((await build([['index.html', 1]])).root);
    await tree.remove(['index.html']);
    expect(await tree.isEmpty()).toBe(true);
    expect(await tree.write(forget)).toEqual(await addDirectory([], forget));
  });

  it('refuses a file on the way, and names that no directory may hold', async () => {
    const { root, blocks } = await build(FILES);
    const tree = Tree.open(root, blocks.read);
    await expect(tree.set(['index.html', 'x'], leaf(1))).rejects.toMatchObject({ code: 'exists' });
    for (const path of [[], [''], ['a', '..'], ['a/b']])
      await expect(tree.set(path, leaf(1))).rejects.toThrow(TypeError);
    expect(await tree.write(() => expect.unreachable())).toEqual(root);
  });

  it('says which block is missing', async () => {
    const { root, blocks } = await build(FILES);
    const inner = (await Tree.open(root, blocks.read).get(['a', 'b'])) as Link;
    blocks.delete(inner.cid);
    await expect(Tree.open(root, blocks.read).get(['a', 'b', 'c'])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(inner.cid.toString()),
    });
  });

  it('shards what is large, and not again when it is small', async () => {
    const many: [string, number][] = Array.from({ length: 5000 }, (_, i) => [
      `d/number ${String(i).padStart(6, '0')}`,
      i % 256,
    ]);
    const { root, blocks } = await build(many);
    expect(blocks.blocks.size).toBeGreaterThan(100);
    const tree = Tree.open(root, blocks.read);
    for (const [path] of many.slice(2)) await tree.remove(path.split('/'));
    expect(await tree.write(blocks.sink)).toEqual((await build(many.slice(0, 2))).root);
  });
});
