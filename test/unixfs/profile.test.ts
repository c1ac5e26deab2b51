import { readFileSync } from 'node:fs';
import { unixfs } from '@helia/unixfs';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../src/unixfs/block.ts';
import { addDirectory, type DirectoryEntry } from '../../src/unixfs/directory.ts';
import { addFile } from '../../src/unixfs/file.ts';
import { IMPORTER_OPTIONS, SHARD_LIMIT } from '../../src/unixfs/profile.ts';
import { Tree } from '../../src/unixfs/tree.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { chachaStream, concat, ovnStream } from '../helpers/streams.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

interface Recipe {
  text?: string;
  stream?: number;
}

interface KuboVectors {
  files: { bytes: number; cid: string; dag: { blocks: number; bytes?: number } }[];
  directories: {
    entries: number;
    longNames?: boolean;
    sharded?: boolean;
    rootBytes?: number;
    cid: string;
    dag: { blocks: number; bytes: number };
  }[];
  trees: { files: Record<string, Recipe>; cid: string; dag: { blocks: number; bytes: number } }[];
}

const kubo: KuboVectors | undefined = hasVectors
  ? JSON.parse(readFileSync(vectors('kubo/unixfs-v1-2025.json'), 'utf8'))
  : undefined;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz01234567890-_';
const MANY = 1_000_000_000;

function ipipNames(lastLength: number): string[] {
  const random = concat(chachaStream(1024 * 1024, 'hamt-unixfs-v1-2025'));
  const text = Array.from(
    random.subarray(0, 4766 * 11 + 11),
    (byte) => ALPHABET[byte % ALPHABET.length],
  ).join('');
  return Array.from({ length: 4766 }, (_, i) => text.slice(i * 11, i * 11 + (i === 4765 ? lastLength : 11)));
}

async function addFiles(files: [string, Uint8Array][]): Promise<{ link: Link; blocks: MemoryBlocks }> {
  const blocks = new MemoryBlocks();
  const entries: DirectoryEntry[] = [];
  for (const [name, bytes] of files) entries.push({ name, ...(await addFile(bytes, blocks.sink)) });
  return { link: await addDirectory(entries, blocks.sink), blocks };
}

async function addByHelia(files: Iterable<[string, Uint8Array]>): Promise<string | undefined> {
  const candidates = Array.from(files, ([path, content]) => ({ path, content }));
  let root: string | undefined;
  const options = { ...IMPORTER_OPTIONS, wrapWithDirectory: true };
  for await (const { cid } of unixfs({ blockstore: new MemoryBlockstore() }).addAll(candidates, options)) {
    root = cid.toString();
  }
  return root;
}

async function measure(link: Link, { read }: MemoryBlocks): Promise<{ blocks: number; bytes: number }> {
  const total = { blocks: 0, bytes: link.size };
  for await (const { bytes } of walkDag(link.cid, read)) total.blocks += bytes === undefined ? MANY : 1;
  return total;
}

function numbered(count: number, longNames = false): [string, Uint8Array][] {
  const [prefix, suffix] = longNames ? ['ü'.repeat(60), ''] : ['', '.txt'];
  return Array.from({ length: count }, (_, i) => [
    `${prefix}${String(i).padStart(8, '0')}${suffix}`,
    new TextEncoder().encode(String(i)),
  ]);
}

describe('the profile unixfs-v1-2025: cases of IPIP-0499', () => {
  const cases: [string, Uint8Array, string][] = [
    [
      'hello world',
      new TextEncoder().encode('hello world'),
      'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
    ],
    [
      'one chunk',
      concat(chachaStream(1048576, 'chunk-v1-seed')),
      'bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta',
    ],
    [
      'a chunk and a byte',
      concat(chachaStream(1048577, 'chunk-v1-seed')),
      'bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64',
    ],
  ];
  it.each(cases)('file: %s', async (_, bytes, cid) => {
    expect((await addFile(bytes, () => undefined)).cid.toString()).toBe(cid);
    const fs = unixfs({ blockstore: new MemoryBlockstore() });
    expect((await fs.addBytes(bytes, { ...IMPORTER_OPTIONS })).toString()).toBe(cid);
  });

  it.each([
    ['at the limit stays flat', 21, true, 'bafybeic3h7rwruealwxkacabdy45jivq2crwz6bufb5ljwupn36gicplx4'],
    ['a byte above it is sharded', 22, false, 'bafybeiegvuterwurhdtkikfhbxcldohmxp566vpjdofhzmnhv6o4freidu'],
  ])('directory: %s', async (_, lastLength, isFlat, cid) => {
    const files = ipipNames(lastLength).map((name): [string, Uint8Array] => [name, Uint8Array.of(0x78)]);
    const { link, blocks } = await addFiles(files);
    expect(link.cid.toString()).toBe(cid);
    expect(await addByHelia(files)).toBe(cid);
    expect(blocks.blocks.get(cid)?.bytes.length === SHARD_LIMIT).toBe(isFlat);
  });

  it('an empty directory', async () => {
    const { cid } = await addDirectory([], () => undefined);
    expect(cid.toString()).toBe('bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354');
  });
});

describe.skipIf(!hasVectors)('the profile unixfs-v1-2025: what Kubo made', () => {
  it.each(kubo?.files.filter(({ bytes }) => bytes < MANY) ?? [])(
    'file of $bytes bytes',
    async ({ bytes, cid, dag }) => {
      const content = concat(ovnStream(bytes));
      const blocks = new MemoryBlocks();
      const link = await addFile(content, blocks.sink);
      expect(link.cid.toString()).toBe(cid);
      const fs = unixfs({ blockstore: new MemoryBlockstore() });
      expect((await fs.addBytes(content, { ...IMPORTER_OPTIONS })).toString()).toBe(cid);
      expect(await measure(link, blocks)).toMatchObject({ blocks: dag.blocks, bytes: dag.bytes ?? bytes });
    },
  );

  it.each(kubo?.directories ?? [])('directory of $entries entries (long names: $longNames)', async (each) => {
    const files = numbered(each.entries, each.longNames);
    const { link, blocks } = await addFiles(files);
    expect(link.cid.toString()).toBe(each.cid);
    expect(await measure(link, blocks)).toMatchObject({ blocks: each.dag.blocks, bytes: each.dag.bytes });
    if (each.rootBytes !== undefined) expect(blocks.blocks.get(each.cid)?.bytes.length).toBe(each.rootBytes);
    if (each.entries > 0 && each.entries <= 10_000) expect(await addByHelia(files)).toBe(each.cid);
  });

  it.each(kubo?.trees ?? [])('tree', async ({ files, cid, dag }) => {
    const contents = Object.entries(files).map(([path, recipe]): [string, Uint8Array] => [
      path,
      recipe.stream === undefined ? new TextEncoder().encode(recipe.text) : concat(ovnStream(recipe.stream)),
    ]);
    const blocks = new MemoryBlocks();
    const tree = Tree.empty();
    for (const [path, bytes] of contents) await tree.set(path.split('/'), await addFile(bytes, blocks.sink));
    const link = await tree.write(blocks.sink);
    expect(link.cid.toString()).toBe(cid);
    expect(await addByHelia(contents)).toBe(cid);
    expect(await measure(link, blocks)).toMatchObject({ blocks: dag.blocks, bytes: dag.bytes });
  });
});
