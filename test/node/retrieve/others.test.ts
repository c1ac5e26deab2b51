import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { gatewayUrl } from '../../../src/node/retrieve/gateway-address.ts';
import { openHttp } from '../../../src/node/retrieve/http-client.ts';
import { Others } from '../../../src/node/retrieve/others.ts';
import { findProviders } from '../../../src/node/retrieve/providers.ts';
import { followable } from '../../../src/node/retrieve/redirect.ts';
import { retrieveDag } from '../../../src/node/retrieve/retrieve-dag.ts';
import { honest, startHostile } from '../../helpers/hostile-gateway.ts';
import { put, startNode } from '../network/two-nodes.ts';
import { carOf, LIMITS, MemoryStore, makeDag, type SmallDag } from './support.ts';

const PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5';

const WAIT = { signal: AbortSignal.timeout(60_000) };

let dag: SmallDag;

beforeAll(async () => {
  dag = await makeDag();
});

/** A router that answers every question with the same text. */
async function startRouter(answer: string, status = 200): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function providers(...addresses: string[]): string {
  return JSON.stringify({ Providers: [{ Schema: 'peer', ID: PEER, Addrs: addresses, Protocols: [] }] });
}

async function ask(router: string): Promise<Awaited<ReturnType<typeof findProviders>>> {
  const client = openHttp();
  onTestFinished(() => client.close());
  return findProviders(new URL(`${router}/`), dag.root, client, new AbortController().signal);
}

describe('findProviders', () => {
  it('takes gateways and peers, and asks as Delegated Routing says', async () => {
    const { url, asked } = await startRouter(
      providers(
        '/ip4/127.0.0.1/tcp/8080/http',
        '/dns4/gateway.example/tcp/443/https',
        '/ip4/127.0.0.1/tcp/4001',
      ),
    );
    expect(await ask(url)).toEqual({
      gateways: ['http://127.0.0.1:8080', 'https://gateway.example'],
      peers: [`/ip4/127.0.0.1/tcp/4001/p2p/${PEER}`],
    });
    expect(asked).toEqual([`/routing/v1/providers/${dag.root}`]);
  });

  it.each([
    ['', 'no id'],
    ['0'.repeat(50), 'an id that is none'],
    [`${PEER}/p2p-circuit/p2p/${PEER}`, 'an id that leads on'],
    [PEER, 'an address that does not end with it', `/ip4/127.0.0.1/tcp/4001/p2p/${PEER}/ws`],
  ])('passes over a peer of id %j (%s)', async (ID, _, address = '/ip4/127.0.0.1/tcp/4001') => {
    const good = { ID: PEER, Addrs: ['/ip4/127.0.0.1/tcp/1'] };
    const { url } = await startRouter(JSON.stringify({ Providers: [{ ID, Addrs: [address] }, good] }));
    expect(await ask(url)).toEqual({ gateways: [], peers: [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`] });
    await using others = new Others({ peers: [], gateways: [], routers: [url] });
    const [found] = await Promise.all(others.find(dag.root).more);
    expect(found!.map(({ id }) => id)).toEqual([`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`]);
  });

  it('passes over addresses that cannot be read, names without https, multicast and "any"', async () => {
    const { url } = await startRouter(
      providers(
        '/nonsense/1',
        'x',
        '/dns4/a.example/tcp/80/http',
        '/dns4/a.example/tcp/4001',
        '/ip4/224.0.0.1/tcp/1',
        '/ip4/0.0.0.0/tcp/443/https',
        '/ip6/::/tcp/443/https',
      ),
    );
    expect(await ask(url)).toEqual({ gateways: [], peers: [] });
  });

  it.each([
    ['no JSON', 'nope', 'malformed'],
    ['something else', '{"Providers":[null]}', 'malformed'],
    ['more than is read', ' '.repeat(2_000_000), 'limit'],
  ])('refuses %s', async (_, answer, code) => {
    const { url } = await startRouter(answer);
    await expect(ask(url)).rejects.toMatchObject({ code });
  });

  it('takes status 404 for nobody', async () => {
    const { url } = await startRouter('', 404);
    expect(await ask(url)).toEqual({ gateways: [], peers: [] });
  });
});

describe('Others', () => {
  it('fetches from the gateway that a router names', async () => {
    const car = carOf(dag.root, dag.list);
    await using gateway = await startHostile(honest(dag.blocks, () => car));
    const { url } = await startRouter(providers(`/ip4/127.0.0.1/tcp/${new URL(gateway.url).port}/http`));
    await using others = new Others({ peers: [], gateways: [], routers: [url] });
    const store = new MemoryStore();
    const { signal } = new AbortController();
    const report = await retrieveDag(dag.root, { ...others.find(dag.root), store, signal, limits: LIMITS });
    expect(store.held.size).toBe(dag.list.length);
    expect(report.sources).toEqual([
      expect.objectContaining({ source: gateway.url, blocks: dag.list.length }),
    ]);
    expect(gateway.asked).toEqual([`car ${dag.root}`]);
  });

  it('fetches from the peer that a router names, and from one that is named', async () => {
    const giver = await startNode();
    await put(giver.blockstore, dag.list);
    const [address = ''] = giver.node.multiaddrs().map(String);
    const { url } = await startRouter(providers(address));
    for (const named of [
      { peers: [], routers: [url] },
      { peers: [address], routers: [] },
    ]) {
      await using others = new Others({ gateways: [], ...named });
      const store = new MemoryStore();
      const report = await retrieveDag(dag.root, {
        ...others.find(dag.root),
        store,
        signal: new AbortController().signal,
      });
      expect(store.held.size).toBe(dag.list.length);
      expect(report.sources.map(({ source }) => source)).toEqual([address]);
    }
  });

  it('fetches from the peer that the DHT names', async () => {
    const [giver, entry] = [await startNode({ dht: true }), await startNode({ dht: true })];
    await put(giver.blockstore, dag.list);
    const [address = '', led = ''] = [giver, entry].map(({ node }) => String(node.multiaddrs()[0]));
    await giver.node.dial(multiaddr(led), WAIT);
    await vi.waitFor(() => expect(giver.node.stats().dhtPeers).toBe(1), { timeout: 20_000 });
    await giver.node.provide(dag.root, WAIT);
    const dht = { bootstrap: [led], public: false };
    await using others = new Others({ peers: [], gateways: [], routers: [], dht });
    const store = new MemoryStore();
    const report = await retrieveDag(dag.root, { ...others.find(dag.root), store, ...WAIT });
    expect(store.held.size).toBe(dag.list.length);
    expect(report.sources.map(({ source }) => source)).toEqual([address]);
  });

  it('names a DHT that nobody leads into', async () => {
    const dht = { bootstrap: [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`], public: false };
    await using others = new Others({ peers: [], gateways: [], routers: [], dht });
    const error = await retrieveDag(dag.root, {
      ...others.find(dag.root),
      store: new MemoryStore(),
      ...WAIT,
    }).catch((thrown) => thrown);
    expect(error.message).toContain('DHT: no peer that leads into it can be reached');
  });

  it('asks a gateway for one root after the other over the same connections', async () => {
    const car = carOf(dag.root, dag.list);
    await using gateway = await startHostile(honest(dag.blocks, () => car));
    await using others = new Others({ peers: [], gateways: [gateway.url, `${gateway.url}/`], routers: [] });
    const [first, again] = [others.find(dag.root).sources, others.find(dag.list[1]!.cid).sources];
    expect([...first, ...again].every((source) => source === first[0])).toBe(true);
  });

  it('names a router that knows nobody, and one that fails', async () => {
    const [nobody, failing] = [await startRouter('{"Providers":[]}'), await startRouter('', 500)];
    await using others = new Others({ peers: [], gateways: [], routers: [nobody.url, failing.url] });
    const effects = {
      ...others.find(dag.root),
      store: new MemoryStore(),
      signal: new AbortController().signal,
    };
    const error = await retrieveDag(dag.root, effects).catch((thrown) => thrown);
    expect(error.message).toContain(`${nobody.url}: it knows nobody who has it`);
    expect(error.message).toContain(`${failing.url}: it answers with status 500`);
  });

  it.each([
    [{ gateways: ['ftp://x'] }, /no address of a gateway/],
    [{ gateways: ['https://x/?format=raw'] }, /no address of a gateway/],
    [{ peers: ['/ip4/127.0.0.1/tcp/4001'] }, /no address of a peer/],
    [{ peers: ['127.0.0.1:4001'] }, /no address of a peer/],
    [{ routers: ['nope'] }, /no address of a/],
  ])('refuses %j', (wrong, said) => {
    expect(() => new Others({ peers: [], gateways: [], routers: [], ...wrong })).toThrow(said);
  });
});

describe('gatewayUrl', () => {
  it.each([
    ['/ip4/127.0.0.1/tcp/8080/http', 'http://127.0.0.1:8080'],
    ['/ip6/::1/tcp/8080/http', 'http://[::1]:8080'],
    ['/dns4/a.example/tcp/443/tls/http', 'https://a.example'],
    ['/dns/a.example/https', 'https://a.example'],
    ['/dns4/a.example/tcp/4001', undefined],
    ['/ip4/127.0.0.1/tcp/4001/ws', undefined],
  ])('%s is %s', (address, url) => {
    expect(gatewayUrl(multiaddr(address))).toBe(url);
  });
});

describe('followable', () => {
  const first = new URL('https://gw.example/ipfs/x');
  it.each([
    ['/ipfs/y', 'https://gw.example/ipfs/y'],
    ['https://x.ipfs.gw.example/', 'https://x.ipfs.gw.example/'],
  ])('follows %s', (location, to) => {
    expect(followable(first, first, location).href).toBe(to);
  });

  it.each([
    'http://gw.example/',
    'https://other.example/',
    'https://gw.example:8443/',
    'https://evilgw.example/',
    'file:///etc/passwd',
    'http://[',
  ])('does not follow %s', (location) => {
    expect(() => followable(first, first, location)).toThrow(/redirects/);
  });

  it('lets plain http become https', () => {
    const plain = new URL('http://gw.example/ipfs/x');
    expect(followable(plain, plain, 'https://gw.example/ipfs/x').protocol).toBe('https:');
  });
});
