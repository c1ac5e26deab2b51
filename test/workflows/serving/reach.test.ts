import { encode, prepare } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { describe, expect, it } from 'vitest';
import { Reach } from '../../../src/workflows/serving/reach.ts';

/** Names a block without making it. */
function cidOf(codec: number, number: number): CID {
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  view.setUint32(0, Math.imul(number, 0x9e3779b1));
  view.setUint32(4, number);
  return CID.createV1(codec, Digest.create(0x12, digest));
}

const numberOf = (cid: CID) => new DataView(Uint8Array.from(cid.multihash.digest).buffer).getUint32(4);

/** A root with so many folders of so many leaves; leaves are never read. */
function forest(folders: number, leaves: number) {
  const reads = { leaves: 0, folders: 0 };
  const links = (codec: number, from: number, count: number) =>
    encode(
      prepare({
        Data: Uint8Array.of(8, 1),
        Links: Array.from({ length: count }, (_, at) => ({ Name: `${at}`, Hash: cidOf(codec, from + at) })),
      }),
    );
  const root = cidOf(0x70, 1);
  const getBytes = (cid: CID): Uint8Array | undefined => {
    const number = numberOf(cid);
    if (cid.code === 0x55) reads.leaves++;
    else reads.folders++;
    if (number === 1) return links(0x70, 2, folders);
    return links(0x55, 1_000_000 + number * leaves, leaves);
  };
  return { root, getBytes, reads };
}

describe('Reach', () => {
  it('finds 100,000 blocks without reading leaves, and stops when its time is over', () => {
    const { root, getBytes, reads } = forest(100, 1000);
    const reach = new Reach(getBytes);
    reach.add(root);
    let slices = 0;
    for (; !reach.isWhole; slices++) reach.walk(0);
    expect(slices).toBe(101);
    expect(reach.size).toBe(100_101);
    expect(reads).toEqual({ leaves: 0, folders: 101 });
  }, 30_000);

  it('enters nothing that is barred, and follows the same bytes under every codec', () => {
    const { root, getBytes } = forest(3, 2);
    const barred = cidOf(0x70, 3);
    const reach = new Reach(getBytes, (cid) => cid.equals(barred));
    reach.add(CID.createV1(0x55, root.multihash));
    reach.walk();
    expect(reach.size).toBe(1);
    reach.add(root);
    reach.walk();
    expect(reach.size).toBe(1 + 2 + 4);
    expect(reach.has(barred)).toBe(false);
  });

  it('gives what cannot be decoded as the block that it is, and knows that something is missing', () => {
    const reach = new Reach((cid) => (numberOf(cid) === 7 ? Uint8Array.of(255) : undefined));
    reach.add(cidOf(0x70, 7));
    reach.walk();
    expect([reach.size, reach.isLacking]).toEqual([1, false]);
    reach.add(cidOf(0x70, 8));
    reach.walk();
    expect([reach.size, reach.isLacking, reach.has(cidOf(0x70, 8))]).toEqual([1, true, false]);
  });
});
