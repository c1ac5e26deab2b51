import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it } from 'vitest';
import { rawBlock, rawBlocks } from '../../helpers/blocks.ts';
import { startChild } from '../../helpers/child.ts';
import { HangingStore } from './odd-stores.ts';
import { LOOPBACK, put, startNode, take } from './two-nodes.ts';

const WAIT = { signal: AbortSignal.timeout(20_000) };

describe('openNetworkNode', () => {
  it('gives what it holds over bitswap', async () => {
    const giver = await startNode();
    const taker = await startNode();
    const blocks = [...rawBlocks(200, 10, 5000)];
    await put(giver.blockstore, blocks);
    await taker.node.dial(giver.node.multiaddrs()[0]!, WAIT);
    const taken = await Promise.all(
      blocks.map(({ cid }) => take(taker.node.helia.blockstore.get(cid, WAIT))),
    );
    expect(taken).toEqual(blocks.map(({ bytes }) => Buffer.from(bytes)));
    expect(giver.node.stats()).toEqual({
      peers: 1,
      blocksSent: 200,
      bytesSent: blocks.reduce((sum, { bytes }) => sum + bytes.length, 0),
      dhtPeers: 0,
    });
  });

  it('listens on WebSockets too, and says where', async () => {
    const giver = await startNode({ listen: [LOOPBACK, multiaddr('/ip4/127.0.0.1/tcp/0/ws')] });
    const block = rawBlock('over a WebSocket');
    await put(giver.blockstore, [block]);
    const addresses = giver.node.multiaddrs().map(String);
    expect(addresses.every((address) => address.endsWith(`/p2p/${giver.node.peerId}`))).toBe(true);
    const socket = giver.node.multiaddrs().find((address) => address.toString().includes('/ws/'))!;
    const taker = await startNode({ listen: [] });
    await taker.node.dial(socket, WAIT);
    expect(await take(taker.node.helia.blockstore.get(block.cid, WAIT))).toEqual(Buffer.from(block.bytes));
  });

  it('is the same peer after a restart, and another one elsewhere', async () => {
    const { node, datastore } = await startNode();
    await node.stop();
    expect((await startNode({}, { datastore })).node.peerId).toBe(node.peerId);
    expect((await startNode()).node.peerId).not.toBe(node.peerId);
  });

  it('says that QUIC is missing and does without', async () => {
    const { node } = await startNode({ listen: [LOOPBACK, multiaddr('/ip4/127.0.0.1/udp/0/quic-v1')] });
    expect(node.missing).toEqual([expect.stringMatching(/^quic: .* is not installed$/)]);
    expect(node.multiaddrs()).toHaveLength(1);
  });

  it('ends what waits for others when it stops, and lets the process end', async () => {
    const stuck = await startNode({}, { blockstore: new HangingStore() });
    const taker = await startNode();
    await taker.node.dial(stuck.node.multiaddrs()[0]!, WAIT);
    const waiting = expect(
      take(taker.node.helia.blockstore.get(rawBlock('never').cid, WAIT)),
    ).rejects.toThrow();
    await taker.node.stop();
    await waiting;
    const child = startChild('node/network/stop-child.ts');
    expect(await child.line()).toBe('stopped');
    const stopped = performance.now();
    expect(await child.ended).toBe(0);
    // libp2p's own timer would hold it for a second.
    expect(performance.now() - stopped).toBeLessThan(900);
  });

  it('says at once that nobody has a block where nobody is connected', async () => {
    const { node } = await startNode();
    await expect(take(node.helia.blockstore.get(rawBlock('nowhere').cid, WAIT))).rejects.toThrow();
  });
});
