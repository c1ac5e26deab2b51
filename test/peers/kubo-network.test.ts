import { multiaddr } from '@multiformats/multiaddr';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeNameRecord, nameOfKeyObject } from '../../src/node/names/make-record.ts';
import { formatName, parseName } from '../../src/node/names/name.ts';
import { readNameRecord } from '../../src/node/names/record.ts';
import { openFetchNode } from '../../src/node/network/fetch-node.ts';
import { openNetworkNode } from '../../src/node/network/network-node.ts';
import type { NetworkNode } from '../../src/node/network/network-options.ts';
import { loadKey } from '../../src/repo/keyring.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { type Kubo, noKubo, startKubo } from '../helpers/kubo.ts';
import { Newsroom, source } from '../helpers/newsroom.ts';

const WAIT = { signal: AbortSignal.timeout(60_000) };
const LOOPBACK = multiaddr('/ip4/127.0.0.1/tcp/0');

describe.skipIf(noKubo)('Kubo on the network', () => {
  let kubo: Kubo;

  beforeAll(async () => {
    kubo = await startKubo({ routing: 'dht' });
  });

  afterAll(() => kubo?.[Symbol.asyncDispose]());

  /** A newsroom with an edition, on the network with all that it holds. */
  async function publish(): Promise<{
    room: Newsroom;
    node: NetworkNode;
    edition: string;
    category: string;
  }> {
    const room = await Newsroom.open();
    for (let index = 0; index < 40; index++)
      room.write(`articles/a${index}.md`, source({ title: `Headline ${index}` }, `Text ${index}.\n`));
    const { edition } = await room.publish();
    const category = await room.link(edition!, 'categories/science');
    const repository = openRepository(room.dir);
    const options = { listen: [LOOPBACK], bootstrap: [], public: false, quic: false, dht: true };
    const node = await openNetworkNode(repository, options);
    onTestFinished(async () => {
      await node.stop();
      repository.close();
    });
    return { room, node, edition: edition!, category: category.cid.toString() };
  }

  /** Connected, and each in the other's DHT. */
  async function connect(node: NetworkNode): Promise<void> {
    await kubo.ipfs('swarm', 'connect', node.multiaddrs()[0]!.toString());
    await vi.waitFor(() => expect(node.stats().dhtPeers).toBe(1), { timeout: 20_000 });
  }

  it('pins a category that it fetches from us over bitswap', async () => {
    const { room, node, category } = await publish();
    await connect(node);
    expect(await kubo.ipfs('pin', 'add', '--progress=false', category)).toContain('pinned');
    await node.stop();
    const refs = await kubo.ipfs('refs', '--offline', '-r', '-u', category);
    const blocks = await room.use(async ({ node: { read } }) => {
      let count = 0;
      for await (const _ of walkDag(CID.parse(category), read)) count++;
      return count;
    });
    expect(refs.split('\n').length + 1).toBe(blocks);
  });

  it('finds us as who provides a root', async () => {
    const { node, edition } = await publish();
    await connect(node);
    await node.provide(CID.parse(edition), WAIT);
    expect(await kubo.ipfs('routing', 'findprovs', edition)).toContain(node.peerId);
  });

  it('gives us blocks over bitswap', async () => {
    const { stdout } = await kubo.run(['add', '-Q', '--raw-leaves'], 'a text of Kubo');
    await using fetcher = await openFetchNode();
    const fetched = fetcher.source(multiaddr(kubo.address));
    const bytes = await fetched.block(CID.parse(stdout.toString().trim()), WAIT);
    expect(Buffer.from(bytes!).toString()).toBe('a text of Kubo');
    const missing = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
    expect(await fetched.block(CID.parse(missing), WAIT)).toBeUndefined();
  });

  it('resolves our name over the DHT of the two, and never goes back', async () => {
    const { room, node, edition } = await publish();
    const { privateKey } = await loadKey(`${room.dir}/.ovn/keys`, 'name');
    const name = nameOfKeyObject(privateKey);
    const record = (sequence: bigint, value: string) =>
      makeNameRecord(privateKey, { value, sequence, now: new Date(), lifetime: 3_600_000, ttl: 1 });
    const old = await record(1n, '/ipfs/bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354');
    const current = await record(2n, `/ipfs/${edition}`);
    await node.nameRouter!.put(name, current.bytes, WAIT);
    await connect(node);
    expect(await kubo.ipfs('name', 'resolve', '--nocache', formatName(name))).toBe(`/ipfs/${edition}`);
    const given = await kubo.run(['name', 'get', formatName(name)]);
    expect(given.stdout.equals(current.bytes)).toBe(true);
    const inspected = await kubo.run(
      ['name', 'inspect', '--enc=json', '--verify', formatName(name)],
      current.bytes,
    );
    expect(JSON.parse(inspected.stdout.toString())).toMatchObject({
      Entry: { Value: `/ipfs/${edition}`, Sequence: 2 },
      Validation: { Valid: true },
    });
    await kubo.run(['name', 'put', '--force', formatName(name)], old.bytes);
    expect(Buffer.from((await node.nameRouter!.get(name, WAIT))!)).toEqual(Buffer.from(current.bytes));
  });

  it('publishes a name that we resolve', async () => {
    const { node, edition } = await publish();
    await connect(node);
    await kubo.ipfs('name', 'publish', '--allow-offline', '--resolve=false', `/ipfs/${edition}`);
    const name = parseName(kubo.peerId)!;
    const bytes = await node.nameRouter!.get(name, WAIT);
    expect(await readNameRecord(name, bytes!, { now: new Date() })).toMatchObject({
      value: `/ipfs/${edition}`,
    });
  });
});
