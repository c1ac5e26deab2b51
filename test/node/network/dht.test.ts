import { generateKeyPairSync } from 'node:crypto';
import { peerIdFromCID } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import type { CID } from 'multiformats/cid';
import { describe, expect, it, vi } from 'vitest';
import { makeNameRecord, nameOfKeyObject } from '../../../src/node/names/make-record.ts';
import type { NameRecords } from '../../../src/node/names/name-router.ts';
import { type NameRecord, newerRecord } from '../../../src/node/names/record.ts';
import { openFetchNode } from '../../../src/node/network/fetch-node.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import { put, startNode, type TestNode } from './two-nodes.ts';

const WAIT = { signal: AbortSignal.timeout(30_000) };
const KEY = generateKeyPairSync('ed25519').privateKey;
const NAME = nameOfKeyObject(KEY);
const DHT = { dht: true };
const VALUE = '/ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

function record(sequence: bigint, lifetime = 3_600_000): Promise<NameRecord> {
  return makeNameRecord(KEY, { value: VALUE, sequence, now: new Date(), lifetime, ttl: 60 });
}

/** What a repository keeps, in memory. */
class KeptRecords implements NameRecords {
  #kept: NameRecord | undefined;

  get(): NameRecord | undefined {
    return this.#kept;
  }

  put(record: NameRecord): 'kept' | 'older' {
    const moves = this.#kept === undefined || newerRecord(this.#kept, record) === record;
    if (moves) this.#kept = record;
    return moves ? 'kept' : 'older';
  }
}

async function join(node: TestNode, other: TestNode): Promise<void> {
  const peers = [node, other].map((one) => one.node.stats().dhtPeers);
  await node.node.dial(other.node.multiaddrs()[0]!, WAIT);
  await vi.waitFor(
    () => [node, other].map((one, index) => expect(one.node.stats().dhtPeers).toBeGreaterThan(peers[index]!)),
    { timeout: 10_000 },
  );
}

async function providersOf({ node }: TestNode, cid: CID): Promise<string[]> {
  const found = Array.fromAsync(node.helia.routing.findProviders(cid, WAIT));
  return (await found).map(({ id }) => peerIdFromCID(id).toString());
}

async function found({ node }: TestNode, name: CID = NAME): Promise<Buffer | undefined> {
  const bytes = await node.nameRouter!.get(name, WAIT);
  return bytes && Buffer.from(bytes);
}

describe('names over the DHT', () => {
  it('come back byte for byte, also from a peer that was not told by their owner', async () => {
    const [owner, keeper, reader] = [await startNode(DHT), await startNode(DHT), await startNode(DHT)];
    await join(owner, keeper);
    const { bytes } = await record(1n);
    await owner.node.nameRouter!.put(NAME, bytes, WAIT);
    await owner.node.stop();
    await join(reader, keeper);
    expect(await found(reader)).toEqual(Buffer.from(bytes));
  });

  it('wait for whoever asks where nobody is there to be told', async () => {
    const [owner, reader] = [await startNode(DHT), await startNode(DHT)];
    const { bytes } = await record(1n);
    await owner.node.nameRouter!.put(NAME, bytes, WAIT);
    await join(reader, owner);
    expect(await found(reader)).toEqual(Buffer.from(bytes));
    expect(await found(reader, nameOfKeyObject(generateKeyPairSync('ed25519').privateKey))).toBeUndefined();
  });

  it('do not go back when an older record is replayed', async () => {
    const [owner, attacker, reader] = [await startNode(DHT), await startNode(DHT), await startNode(DHT)];
    const [old, current] = [await record(1n), await record(2n)];
    await owner.node.nameRouter!.put(NAME, current.bytes, WAIT);
    await join(attacker, owner);
    await expect(attacker.node.nameRouter!.put(NAME, old.bytes, WAIT)).rejects.toMatchObject({ code: 'io' });
    await expect(owner.node.nameRouter!.put(NAME, old.bytes, WAIT)).rejects.toMatchObject({
      code: 'refused',
    });
    await attacker.node.stop();
    await join(reader, owner);
    expect(await found(reader)).toEqual(Buffer.from(current.bytes));
  });

  it('do not go back behind what the repository keeps, also after a restart', async () => {
    const kept = new KeptRecords();
    const [old, current, next] = [await record(1n), await record(2n), await record(3n)];
    kept.put(current);
    const [owner, other] = [await startNode(DHT, {}, kept), await startNode(DHT)];
    await join(other, owner);
    await expect(other.node.nameRouter!.put(NAME, old.bytes, WAIT)).rejects.toMatchObject({ code: 'io' });
    expect(await found(other)).toEqual(Buffer.from(current.bytes));
    await other.node.nameRouter!.put(NAME, next.bytes, WAIT);
    expect(kept.get()?.sequence).toBe(3n);
  });

  it('are neither taken nor given where they are no records, forged or expired', async () => {
    const [owner, other] = [await startNode(DHT), await startNode(DHT)];
    await join(other, owner);
    const { bytes } = await record(1n);
    const forged = Uint8Array.from(bytes).fill(7, 40, 44);
    const expired = await makeNameRecord(KEY, {
      value: VALUE,
      sequence: 9n,
      now: new Date(Date.now() - 10_000),
      lifetime: 1000,
      ttl: 1,
    });
    for (const bad of [forged, expired.bytes, Uint8Array.of(1, 2, 3), new Uint8Array(20_000)])
      await expect(other.node.nameRouter!.put(NAME, bad, WAIT)).rejects.toThrow();
    expect(await found(owner)).toBeUndefined();
  });
});

describe('provide', () => {
  it.each([
    ['before', true],
    ['after', false],
  ])('lets others find who has a root, told %s they came', async (_, isEarly) => {
    const [giver, keeper, reader] = [await startNode(DHT), await startNode(DHT), await startNode(DHT)];
    const block = rawBlock('provided');
    await put(giver.blockstore, [block]);
    if (isEarly) await giver.node.provide(block.cid, WAIT);
    await join(giver, keeper);
    if (!isEarly) await giver.node.provide(block.cid, WAIT);
    await join(reader, keeper);
    await vi.waitFor(async () => expect(await providersOf(reader, block.cid)).toContain(giver.node.peerId));
  });

  it('tells of nothing that is not given out, and of nothing without a DHT', async () => {
    const [giver, lonely] = [await startNode(DHT), await startNode()];
    const { cid } = rawBlock('withheld');
    await expect(giver.node.provide(cid, WAIT)).rejects.toMatchObject({ code: 'not-found' });
    await expect(lonely.node.provide(cid, WAIT)).rejects.toMatchObject({ code: 'usage' });
    expect(lonely.node.nameRouter).toBeUndefined();
  });
});

describe('a node that only fetches', () => {
  it('finds in the DHT who has a block, and where a name leads', async () => {
    const [giver, keeper] = [await startNode(DHT), await startNode(DHT)];
    const block = rawBlock('found');
    await put(giver.blockstore, [block]);
    await join(giver, keeper);
    await giver.node.provide(block.cid, WAIT);
    const { bytes } = await record(1n);
    await giver.node.nameRouter!.put(NAME, bytes, WAIT);
    await using fetcher = await openFetchNode({ bootstrap: keeper.node.multiaddrs() });
    expect(Buffer.from((await fetcher.nameRouter!.get(NAME, WAIT))!)).toEqual(Buffer.from(bytes));
    const [source] = await Array.fromAsync(fetcher.findProviders(block.cid, WAIT));
    expect(source!.id).toBe(String(giver.node.multiaddrs()[0]));
    expect(await source!.block(block.cid, WAIT)).toEqual(Uint8Array.from(block.bytes));
  });

  it('says where nobody leads into the DHT, and asks none that it was not told of', async () => {
    await using lost = await openFetchNode({ bootstrap: [multiaddr('/ip4/127.0.0.1/tcp/1')] });
    const { cid } = rawBlock('x');
    await expect(lost.nameRouter!.get(NAME, WAIT)).rejects.toMatchObject({ code: 'io' });
    await expect(Array.fromAsync(lost.findProviders(cid, WAIT))).rejects.toMatchObject({ code: 'io' });
    await using alone = await openFetchNode();
    expect(await Array.fromAsync(alone.findProviders(cid, WAIT))).toEqual([]);
    expect(alone.nameRouter).toBeUndefined();
  });
});
