import { Key } from 'interface-datastore/key';
import { describe, expect, it } from 'vitest';
import { BoundedDatastore } from '../../../src/node/network/bounded-datastore.ts';
import { DHT_PREFIX, DhtStore } from '../../../src/node/network/dht-store.ts';
import { varint } from '../../../src/node/network/protobuf.ts';

const HOUR = 3_600_000;

describe('DhtStore', () => {
  it('forgets after 48 hours who provides what', async () => {
    let now = Date.now();
    const store = new DhtStore(undefined, () => now);
    const prefix = `${DHT_PREFIX}/provider/cid`;
    await store.put(new Key(`${prefix}/early`), varint(now));
    await store.put(new Key(`${prefix}/late`), varint(now + HOUR));
    const known = async () =>
      Array.from(await Array.fromAsync(store.query({ prefix })), ({ key }) => key.name());
    now += 48 * HOUR;
    expect(await known()).toEqual(['early', 'late']);
    now += 1;
    expect(await known()).toEqual(['late']);
    now += HOUR;
    expect(await known()).toEqual([]);
  });
});

describe('BoundedDatastore', () => {
  it('drops the oldest where a prefix is full, and nothing of another', async () => {
    const store = new BoundedDatastore({ '/peers/': 2 });
    const value = Uint8Array.of(1);
    await store.put(new Key('/other/z'), value);
    for (const name of ['a', 'b', 'a', 'c']) await store.put(new Key(`/peers/${name}`), value);
    expect(await Array.fromAsync(store.queryKeys({}), String)).toEqual(['/peers/a', '/peers/c', '/other/z']);
    expect(await Array.fromAsync(store.query({ prefix: '/peers/a' }))).toHaveLength(1);
    expect(() => store.get(new Key('/peers/b'))).toThrow(expect.objectContaining({ name: 'NotFoundError' }));
    store.delete(new Key('/peers/a'));
    expect(await store.has(new Key('/peers/a'))).toBe(false);
  });
  it.each([
    ['key', `/peers/${'a'.repeat(600)}`, 1],
    ['value', '/peers/a', 40_000],
  ])('does not remember a record whose %s is larger than any honest one', async (_, key, size) => {
    const store = new BoundedDatastore({ '/peers/': 2 });
    expect(await store.put(new Key(key), new Uint8Array(size))).toEqual(new Key(key));
    expect(await Array.fromAsync(store.queryKeys({}))).toEqual([]);
  });
});
