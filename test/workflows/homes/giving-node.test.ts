import type { CID } from 'multiformats/cid';
import { expect, it, vi } from 'vitest';
import { openGivingNode } from '../../../src/workflows/homes/giving-node.ts';
import { Homesteads } from '../../helpers/homes.ts';
import { startNode, take } from '../../node/network/two-nodes.ts';

const signal = new AbortController().signal;

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
    expect(await paper.push()).toMatchObject({ done: true });
  });
  expect(double.blocks.size).toBeGreaterThan(10);
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
