import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { CID } from 'multiformats/cid';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openGivingNode } from '../../../src/workflows/homes/giving-node.ts';
import { Homesteads } from '../../helpers/homes.ts';
import { startNode, take } from '../../node/network/two-nodes.ts';

const signal = new AbortController().signal;
const SOMEBODY = '12D3KooWLQzUv2FHWGVPXTXSZpdHs7oHbXub2G5WC8Tx4NQhyd2d';

it('gives a home what it was asked to keep, over a connection that the home asked for', async () => {
  const paper = await Homesteads.open();
  const { node } = await startNode();
  const read = (cid: CID) => take(node.helia.blockstore.get(cid, { signal: AbortSignal.timeout(5000) }));
  const delegates = ['/dns4/nowhere.invalid/tcp/1', 'what?', ...node.multiaddrs().map(String)];
  const double = await paper.service('a', { read, delegates });
  await paper.newsroom.use(async ({ repository }) => {
    await using giving = await openGivingNode([], repository, { any: false, signal });
    expect(giving.origins).toEqual([]);
    paper.effects = { connect: giving.connect };
    // What two nodes do with each other takes its time on a machine that has much to do.
    paper.limits = { ...paper.limits, answer: 30_000, pin: 30_000 };
    expect(await paper.push()).toMatchObject({ done: true });
  });
  expect(double.blocks.size).toBeGreaterThan(10);
});

/** A place on loopback that somebody may come to. */
async function place(): Promise<{ server: Server; address: string }> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { server, address: `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}` };
}

it('connects to nobody whose name is not said', async () => {
  const paper = await Homesteads.open();
  const [plain, named] = [await place(), await place()];
  let visits = 0;
  plain.server.on('connection', () => visits++);
  await paper.newsroom.use(async ({ repository }) => {
    await using giving = await openGivingNode([], repository, { any: false, signal });
    const visited = once(named.server, 'connection');
    giving.connect([plain.address, `${named.address}/p2p/${SOMEBODY}`], 'http://127.0.0.1:1/');
    await visited;
    expect(visits).toBe(0);
  });
});

it('listens where it is told to, and nowhere else', async () => {
  const paper = await Homesteads.open();
  await paper.newsroom.use(async ({ repository }) => {
    await using giving = await openGivingNode(['/ip4/127.0.0.1/tcp/0'], repository, { any: true, signal });
    expect(giving.origins).toEqual([expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3/)]);
    await expect(openGivingNode(['here'], repository, { any: true, signal })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

it('knocks nowhere in its own network because a home outside of it says so', async () => {
  const paper = await Homesteads.open();
  const [{ node: inside }, { node: named }] = [await startNode(), await startNode()];
  const addressesOf = ({ multiaddrs }: typeof inside) => {
    const addresses = multiaddrs().map(String);
    return [...addresses, ...addresses.map((text) => text.replace('/ip4/127.0.0.1/', '/dns4/localhost/'))];
  };
  await paper.newsroom.use(async ({ repository }) => {
    await using giving = await openGivingNode([], repository, { any: false, signal });
    for (const home of ['https://pins.example', 'http://8.8.8.8', 'http://192.168.1.7'])
      giving.connect(addressesOf(inside), home);
    giving.connect(addressesOf(named), 'http://localhost:1234/');
    await vi.waitFor(() => expect(named.stats().peers).toBe(1), 5000);
    expect(inside.stats().peers).toBe(0);
  });
});
