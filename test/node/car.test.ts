import { readdirSync, readFileSync } from 'node:fs';
import { CarReader } from '@ipld/car/reader';
import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { identity } from 'multiformats/hashes/identity';
import { sha512 } from 'multiformats/hashes/sha2';
import { beforeAll, describe, expect, it } from 'vitest';
import { OvnError } from '../../src/errors.ts';
import { CAR_LIMITS, type CarItem, type CarLimits, readCar, writeCar } from '../../src/node/car.ts';
import { encodeDirectory } from '../../src/unixfs/directory-block.ts';
import { dagPbCid, rawCid, verifyBlock } from '../../src/unixfs/hash.ts';
import { varintLength, writeVarint } from '../../src/unixfs/varint.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { collect } from '../helpers/streams.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

async function* inPortions(bytes: Uint8Array, size = 65536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Contents {
  roots: CID[];
  cids: string[];
  blocks: MemoryBlocks;
}

async function load(bytes: Uint8Array, limits?: Partial<CarLimits>, portion?: number): Promise<Contents> {
  const contents: Contents = { roots: [], cids: [], blocks: new MemoryBlocks() };
  for await (const item of readCar(inPortions(bytes, portion), limits)) {
    if ('roots' in item) contents.roots = item.roots;
    else contents.cids.push(contents.blocks.put(item).toString());
  }
  return contents;
}

async function missingIn({ roots, blocks }: Contents): Promise<number> {
  let missing = 0;
  for (const root of roots) {
    for await (const { bytes } of walkDag(root, blocks.read)) if (bytes === undefined) missing++;
  }
  return missing;
}

function section(...pieces: Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const start = new Uint8Array(varintLength(length));
  writeVarint(start, 0, length);
  return Buffer.concat([start, ...pieces]);
}

function header(value: unknown): Uint8Array {
  return section(dagCbor.encode(value));
}

function block(bytes: Uint8Array, cid = rawCid(bytes)): Uint8Array {
  return section(cid.bytes, bytes);
}

const LEAF = Uint8Array.of(1, 2, 3);
const ROOT = encodeDirectory([
  { name: 'a', cid: rawCid(LEAF), size: 3 },
  { name: 'b', cid: rawCid(Uint8Array.of(4)), size: 1 },
  { name: 'c', cid: rawCid(LEAF), size: 3 },
]);
const DAG = new MemoryBlocks();
DAG.put(ROOT);
for (const bytes of [LEAF, Uint8Array.of(4)]) DAG.put({ cid: rawCid(bytes), bytes });
let small: Uint8Array;
beforeAll(async () => {
  small = Buffer.concat(await collect(writeCar(ROOT.cid, DAG.read)));
});

describe('writeCar', () => {
  it('gives root, then depth first, each block once, as @ipld/car reads it', async () => {
    const reader = await CarReader.fromBytes(small);
    expect(await reader.getRoots()).toEqual([ROOT.cid]);
    const cids = [];
    for await (const { cid, bytes } of reader.blocks()) {
      expect(verifyBlock(cid, bytes)).toBe(true);
      cids.push(cid.toString());
    }
    expect(cids).toEqual([ROOT.cid, rawCid(LEAF), rawCid(Uint8Array.of(4))].map(String));
  });

  it('fails where a block is missing, and names it', async () => {
    const partial = new MemoryBlocks();
    partial.put(ROOT);
    await expect(collect(writeCar(ROOT.cid, partial.read))).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringContaining(rawCid(LEAF).toString()),
    });
    await expect(collect(writeCar(ROOT.cid, new MemoryBlocks().read))).rejects.toMatchObject({
      code: 'incomplete',
    });
  });
});

describe.skipIf(!hasVectors)('CARs of others', () => {
  const bytesOf = (path: string) => new Uint8Array(readFileSync(vectors(path)));

  it('Kubo: read and written again is the same, byte for byte', async () => {
    const bytes = bytesOf('kubo/bundle.car');
    const { roots, blocks } = await load(bytes);
    const again = Buffer.concat(await collect(writeCar(roots[0] as CID, blocks.read)));
    expect(Buffer.compare(again, bytes)).toBe(0);
  });

  it.each(['carv1-basic', 'carv2-basic'])('%s', async (name) => {
    const expected = JSON.parse(readFileSync(vectors(`car/spec/${name}/${name}.json`), 'utf8'));
    const bytes = bytesOf(`car/spec/${name}/${name}.car`);
    for (const portion of [1, 7, 65536]) {
      const { roots, cids, blocks } = await load(bytes, undefined, portion);
      expect(roots.map((root) => ({ '/': root.toString() }))).toEqual(expected.header.roots);
      expect(cids).toEqual(expected.blocks.map((each: { cid: { '/': string } }) => each.cid['/']));
      for (const each of expected.blocks)
        expect(blocks.blocks.get(each.cid['/'])?.bytes.length).toBe(each.blockLength);
    }
  });

  const files = hasVectors
    ? ['car/trustless', 'car/path'].flatMap((folder) =>
        readdirSync(vectors(folder)).map((name) => `${folder}/${name}`),
      )
    : [];
  it.each(files)('%s', async (path) => {
    const contents = await load(bytesOf(path));
    expect(contents.cids.length).toBeGreaterThan(0);
    const missing = await missingIn(contents);
    if (path.includes('missing-block')) expect(missing).toBeGreaterThan(0);
    else if (!path.includes('dag-cbor')) expect(missing).toBe(0);
  });
});

describe('readCar', () => {
  it('reads blocks in any order, more than the roots reach, twice, in any portions', async () => {
    const extra = Uint8Array.of(9);
    const bytes = Buffer.concat([
      header({ roots: [ROOT.cid], version: 1 }),
      ...[block(extra), block(LEAF), block(LEAF), block(ROOT.bytes, ROOT.cid)],
    ]);
    for (const portion of [1, 2, 64, 65536]) {
      expect((await load(bytes, undefined, portion)).cids).toEqual(
        [extra, LEAF, LEAF].map((each) => rawCid(each).toString()).concat(ROOT.cid.toString()),
      );
    }
  });

  it('takes sha2-512 and identity', async () => {
    const cids = [CID.createV1(0x55, await sha512.digest(LEAF)), CID.createV1(0x55, identity.digest(LEAF))];
    const bytes = Buffer.concat([
      header({ roots: cids, version: 1 }),
      ...cids.map((cid) => block(LEAF, cid)),
    ]);
    expect((await load(bytes)).cids).toEqual(cids.map(String));
  });

  it('refuses every flipped bit, or what it leaves is not whole', async () => {
    const refused = { yes: 0, no: 0 };
    for (let at = 0; at < small.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const bytes = small.map((byte, i) => (i === at ? byte ^ bit : byte));
        const outcome = await load(bytes).catch((error: unknown) => error);
        if (outcome instanceof OvnError) {
          refused.yes++;
          continue;
        }
        refused.no++;
        const contents = outcome as Contents;
        expect(contents.roots).toEqual([ROOT.cid]);
        for (const each of contents.blocks.blocks.values())
          expect(verifyBlock(each.cid, each.bytes)).toBe(true);
        expect(await missingIn(contents)).toBeGreaterThan(0);
      }
    }
    // Only the codec of a leaf's CID can change: a block of the same bytes under a name that nothing asks for.
    expect(refused.no).toBeLessThanOrEqual(2 * 8);
    expect(refused.yes).toBe(small.length * 8 - refused.no);
  });

  it('refuses to break off anywhere: with the offset within a block, as a DAG that is not whole between two', async () => {
    const first = header({ roots: [ROOT.cid], version: 1 }).length;
    const ends = new Set([first]);
    let end = first;
    for (const { cid, bytes = new Uint8Array(0) } of await collect(walkDag(ROOT.cid, DAG.read))) {
      end += section(cid.bytes, bytes).length;
      ends.add(end);
    }
    expect(end).toBe(small.length);
    for (let length = 0; length < small.length; length++) {
      const outcome = await load(small.subarray(0, length)).catch((error: unknown) => error);
      if (ends.has(length) && !(outcome instanceof OvnError)) {
        expect(await missingIn(outcome as Contents)).toBeGreaterThan(0);
      } else {
        const message = ends.has(length) ? 'does not hold it' : `breaks off at byte ${length}`;
        expect(outcome).toMatchObject({ code: 'malformed', message: expect.stringContaining(message) });
      }
    }
  });

  const root = ROOT.cid;
  const rest = [block(LEAF), block(ROOT.bytes, root)];
  const good = header({ roots: [root], version: 1 });
  const cases: [string, Uint8Array[]][] = [
    ['no root', [header({ roots: [], version: 1 })]],
    ['no roots', [header({ version: 1 })]],
    ['roots that are none', [header({ roots: ['x'], version: 1 })]],
    ['another version', [header({ roots: [root], version: 3 })]],
    ['a header with more in it', [header({ roots: [root], version: 1, x: 1 }), ...rest]],
    ['a header of another kind', [header([1])]],
    ['an empty header', [Uint8Array.of(0)]],
    ['a header in another encoding', [Buffer.from(good).fill(0xb8, 1, 2), Uint8Array.of(2)]],
    ['a root that is not there', [good, block(LEAF)]],
    [
      'a root of another codec',
      [header({ roots: [CID.createV1(0x55, root.multihash)], version: 1 }), ...rest],
    ],
    ['a varint that is too long', [good, Buffer.from([0x80, 0x00]), ...rest]],
    ['a varint without end', [good, Buffer.alloc(20, 0xff)]],
    ['an empty section', [good, Uint8Array.of(0), ...rest]],
    ['a section without a CID', [good, section(Uint8Array.of(1, 0x55)), ...rest]],
    [
      'a hash that is not accepted',
      [
        good,
        block(
          LEAF,
          CID.createV1(0x55, { ...root.multihash, code: 0x16, bytes: root.multihash.bytes.with(0, 0x16) }),
        ),
        ...rest,
      ],
    ],
    [
      'a truncated hash',
      [
        good,
        section(Uint8Array.of(1, 0x55, 0x12, 4), rawCid(LEAF).multihash.digest.subarray(0, 4), LEAF),
        ...rest,
      ],
    ],
    ['a block of other bytes', [good, block(Uint8Array.of(7), rawCid(LEAF)), ...rest]],
  ];
  it.each(cases)('refuses %s', async (_, pieces) => {
    await expect(load(Buffer.concat(pieces))).rejects.toMatchObject({ name: 'OvnError', code: 'malformed' });
  });

  it('gives out nothing of a block that does not match', async () => {
    const bytes = Buffer.concat([good, block(ROOT.bytes, root), block(Uint8Array.of(7), rawCid(LEAF))]);
    const items: CarItem[] = [];
    await expect(
      (async () => {
        for await (const item of readCar(inPortions(bytes))) items.push(item);
      })(),
    ).rejects.toThrow(rawCid(LEAF).toString());
    expect(items).toHaveLength(2);
  });

  it('keeps each limit, before it reads what is above', async () => {
    const limits: [Partial<CarLimits>, Uint8Array][] = [
      [{ total: small.length - 1 }, small],
      [{ header: 10 }, small],
      [{ blocks: 2 }, small],
      [{ block: ROOT.bytes.length - 1 }, small],
      [{ roots: 1 }, header({ roots: [root, root], version: 1 })],
      [{}, Buffer.concat([good, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])])],
      [{}, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])],
      [{}, Buffer.concat([good, block(new Uint8Array(CAR_LIMITS.block + 1))])],
    ];
    for (const [limit, bytes] of limits)
      await expect(load(bytes, limit)).rejects.toMatchObject({ code: 'limit' });
    await load(small, { total: small.length, blocks: 3, block: ROOT.bytes.length, roots: 1 });
  });

  it('lets go of its source when it stops early', async () => {
    let closed = false;
    const source = (async function* () {
      try {
        yield* inPortions(small, 16);
      } finally {
        closed = true;
      }
    })();
    for await (const item of readCar(source)) if ('roots' in item) break;
    expect(closed).toBe(true);
  });
});

describe('CARv2', () => {
  const pragma = header({ version: 2 });
  function v2(inner: Uint8Array, { start = 51, size = inner.length, index = 0 } = {}): Buffer {
    const fields = Buffer.alloc(40);
    for (const [at, value] of [
      [16, start],
      [24, size],
      [32, index],
    ] as const)
      fields.writeBigUInt64LE(BigInt(value), at);
    return Buffer.concat([pragma, fields, Buffer.alloc(Math.max(0, start - 51)), inner]);
  }

  it('is read by the CARv1 in it, behind padding and in front of an index', async () => {
    const plain = await load(small);
    const padded = v2(small, { start: 60 });
    const indexed = Buffer.concat([v2(small, { index: 51 + small.length }), Buffer.from('index')]);
    for (const bytes of [v2(small), padded, indexed]) expect((await load(bytes)).cids).toEqual(plain.cids);
  });

  it('refuses to break off, also where the CARv1 alone could end', async () => {
    const whole = v2(small);
    for (let length = 0; length < whole.length; length++) {
      await expect(load(whole.subarray(0, length))).rejects.toMatchObject({ code: 'malformed' });
    }
  });

  it.each([
    ['data in its own header', () => v2(small, { start: 20 })],
    ['data that ends within a block', () => v2(small, { size: small.length - 1 })],
    ['data without end', () => v2(small, { size: 2 ** 53 - 1 })],
    ['an index in its data', () => v2(small, { index: 60 })],
    ['an index that is not there', () => v2(small, { index: 51 + small.length })],
    ['a CARv2 inside', () => v2(v2(small))],
  ])('refuses %s', async (_, make) => {
    await expect(load(make())).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('the DAG of these tests', () => {
  it('has a root that only dag-pb names', () => {
    expect(dagPbCid(ROOT.bytes).equals(ROOT.cid)).toBe(true);
  });
});
