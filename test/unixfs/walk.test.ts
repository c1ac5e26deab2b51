import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import { CID } from 'multiformats/cid';
import { identity } from 'multiformats/hashes/identity';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { encodeDirectory } from '../../src/unixfs/directory-block.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { type WalkedBlock, type WalkOptions, walkDag } from '../../src/unixfs/walk.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { collect } from '../helpers/streams.ts';

const blocks = new MemoryBlocks();

async function add(codec: number, bytes: Uint8Array): Promise<CID> {
  return blocks.put({ cid: CID.createV1(codec, await sha256.digest(bytes)), bytes });
}

async function walk(root: CID, options?: WalkOptions): Promise<WalkedBlock[]> {
  return collect(walkDag(root, blocks.read, options));
}

async function codesOf(root: CID, options?: WalkOptions): Promise<string[]> {
  return (await walk(root, options)).map(({ cid }) => cid.toString());
}

describe('walkDag', () => {
  it('goes depth first through every codec, each CID once, in the order of links', async () => {
    const leaf = await add(0x55, Uint8Array.of(1));
    const other = await add(0x55, Uint8Array.of(2));
    const cbor = await add(0x51, Uint8Array.of(0xff));
    const json = await add(0x0200, new TextEncoder().encode('{"/": "no link"'));
    const pb = blocks.put(
      encodeDirectory([
        { name: 'a', cid: other, size: 1 },
        { name: 'b', cid: leaf, size: 1 },
      ]),
    );
    const inner = await add(0x0129, dagJson.encode({ z: [leaf, { y: json }], bytes: Uint8Array.of(1) }));
    const root = await add(
      0x71,
      dagCbor.encode({ a: inner, b: [cbor, pb, inner], c: { '/': leaf.toString() } }),
    );
    const order = [root, inner, leaf, json, cbor, pb, other];
    expect(await codesOf(root)).toEqual(order.map(String));
    expect(await codesOf(root, { skip: (cid) => cid.equals(inner) })).toEqual(
      [root, cbor, pb, other, leaf].map(String),
    );
    await expect(walk(root, { limit: 6 })).rejects.toMatchObject({ code: 'limit' });
    expect(await walk(root, { limit: 7 })).toHaveLength(7);
  });

  it('gives a missing block without bytes and goes on', async () => {
    const here = await add(0x55, Uint8Array.of(3));
    const gone = rawCid(Uint8Array.of(99));
    const root = await add(0x71, dagCbor.encode([gone, here]));
    const walked = await walk(root);
    expect(walked.map(({ cid, bytes }) => [cid.toString(), bytes?.length])).toEqual([
      [root.toString(), expect.any(Number)],
      [gone.toString(), undefined],
      [here.toString(), 1],
    ]);
  });

  it('follows identity CIDs and does not give them out', async () => {
    const leaf = await add(0x55, Uint8Array.of(4));
    const inline = CID.createV1(0x71, identity.digest(dagCbor.encode([leaf])));
    expect(await codesOf(await add(0x71, dagCbor.encode([inline])))).toContain(leaf.toString());
    expect(await codesOf(inline)).toEqual([leaf.toString()]);
    const long = CID.createV1(0x55, identity.digest(new Uint8Array(129)));
    await expect(walk(long)).rejects.toMatchObject({ code: 'malformed' });
  });

  it.each([
    ['dag-pb', 0x70, Uint8Array.of(0xff)],
    ['dag-cbor', 0x71, Uint8Array.of(0xff)],
    ['dag-cbor nested a million times', 0x71, new Uint8Array(1_000_000).fill(0x81)],
    ['dag-json', 0x0129, new TextEncoder().encode('{')],
    ['dag-json nested a million times', 0x0129, new TextEncoder().encode('['.repeat(1_000_000))],
    ['a codec that is not known', 0x78, Uint8Array.of(1)],
  ])('refuses what cannot be decoded: %s', async (_, codec, bytes) => {
    await expect(walk(await add(codec, bytes))).rejects.toMatchObject({
      name: 'OvnError',
      code: 'malformed',
    });
  });

  it('ends on a DAG whose paths are without number', async () => {
    let cid = await add(0x55, Uint8Array.of(5));
    for (let level = 0; level < 200; level++) cid = await add(0x71, dagCbor.encode([cid, cid, cid]));
    expect(await walk(cid)).toHaveLength(201);
  });

  it('stops when it is aborted', async () => {
    const root = await add(0x55, Uint8Array.of(6));
    await expect(walk(root, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
