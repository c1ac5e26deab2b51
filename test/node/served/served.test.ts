import { MemoryBlockstore } from 'blockstore-core';
import { describe, expect, it } from 'vitest';
import type { Served } from '../../../src/node/served/served.ts';
import { servedBlockstore, servedReader } from '../../../src/node/served/served.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';

const block = (text: string) => ({ cid: rawCid(Buffer.from(text)), bytes: Buffer.from(text) });
const [open, hidden, gone, banned] = ['open', 'hidden', 'gone', 'banned'].map(block) as [
  Block,
  Block,
  Block,
  Block,
];
type Block = ReturnType<typeof block>;

const served: Served = {
  allows: (cid) => cid.equals(open.cid),
  refusal: (cid) => (cid.equals(gone.cid) ? 'withheld' : cid.equals(banned.cid) ? 'denied' : undefined),
  refusesPath: () => undefined,
};

async function filled() {
  const store = new MemoryBlockstore();
  for (const { cid, bytes } of [open, hidden, gone, banned]) store.put(cid, bytes);
  return { store, view: servedBlockstore(store, served) };
}

describe('servedReader', () => {
  const read = servedReader(
    async (cid) => [open, hidden, gone, banned].find((each) => each.cid.equals(cid))?.bytes,
    served,
  );

  it('gives what is served, and nothing where something else is held', async () => {
    expect(await read(open.cid)).toEqual(open.bytes);
    expect(await read(hidden.cid)).toBeUndefined();
  });

  it('says why where it may be told', async () => {
    await expect(read(gone.cid)).rejects.toMatchObject({ code: 'withheld' });
    await expect(read(banned.cid)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('what is being taken in', () => {
  it('is waited for', async () => {
    const { store } = await filled();
    const taking = { done: false, asked: 0 };
    const soon: Served = {
      ...served,
      allows: (cid) => taking.done && cid.equals(open.cid),
      catchUp: async () => {
        taking.asked++;
        await new Promise((resolve) => setImmediate(resolve));
        taking.done = true;
      },
    };
    expect(await servedBlockstore(store, soon).has(open.cid)).toBe(true);
    expect(await servedBlockstore(store, soon).has(hidden.cid)).toBe(false);
    expect(taking.asked).toBe(2);
    taking.done = false;
    expect(await servedReader(async () => open.bytes, soon)(open.cid)).toEqual(open.bytes);
  });
});

describe('servedBlockstore', () => {
  const collect = async (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) =>
    Buffer.concat(await Array.fromAsync(pieces));

  it('has and gives what is served only', async () => {
    const { view } = await filled();
    expect(await view.has(open.cid)).toBe(true);
    expect(await collect(view.get(open.cid))).toEqual(open.bytes);
    for (const { cid } of [hidden, gone, banned]) {
      expect(await view.has(cid)).toBe(false);
      await expect(collect(view.get(cid))).rejects.toMatchObject({ name: 'NotFoundError' });
    }
  });

  it('gives what is served only by getMany too', async () => {
    const { view } = await filled();
    const all = async () => {
      for await (const { bytes } of view.getMany([open.cid, hidden.cid])) await collect(bytes);
    };
    await expect(all()).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('takes nothing in, drops nothing and lists nothing', async () => {
    const { store, view } = await filled();
    expect(() => view.put(hidden.cid, hidden.bytes)).toThrow('takes in no blocks');
    expect(() => view.delete(open.cid)).toThrow('drops no blocks');
    await expect(Array.fromAsync(view.putMany([hidden]))).rejects.toThrow('takes in no blocks');
    await expect(Array.fromAsync(view.deleteMany([open.cid]))).rejects.toThrow('drops no blocks');
    await expect(Array.fromAsync(view.getAll())).rejects.toThrow('not listed');
    expect(store.has(open.cid)).toBe(true);
  });
});
