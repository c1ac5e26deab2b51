import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FetchNode, type FetchOptions, openFetchNode } from '../../../src/node/network/fetch-node.ts';
import type { Reach } from '../../../src/node/network/reach.ts';
import { rawBlock, rawBlocks } from '../../helpers/blocks.ts';
import { HangingStore, LyingStore } from './odd-stores.ts';
import { put, startNode } from './two-nodes.ts';

const ASK = { signal: AbortSignal.timeout(30_000) };

async function openFetcher(options: FetchOptions = {}): Promise<FetchNode> {
  const node = await openFetchNode(options);
  onTestFinished(() => node.stop());
  return node;
}

describe('openFetchNode', () => {
  it('fetches many blocks at once', async () => {
    const giver = await startNode();
    const blocks = [...rawBlocks(3000, 1, 3000)];
    await put(giver.blockstore, blocks);
    const source = (await openFetcher()).source(giver.node.multiaddrs()[0]!);
    const fetched: (Uint8Array | undefined)[] = [];
    const queue = blocks.map((block, index) => ({ ...block, index }));
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        fetched[next.index] = await source.block(next.cid, ASK);
    };
    await Promise.all(Array.from({ length: source.window }, worker));
    expect(fetched).toEqual(blocks.map(({ bytes }) => Uint8Array.from(bytes)));
  });

  it('is told at once that a block is not there, however often it asks', async () => {
    const giver = await startNode();
    const source = (await openFetcher()).source(giver.node.multiaddrs()[0]!);
    const block = rawBlock('comes later');
    expect(await source.block(block.cid, ASK)).toBeUndefined();
    expect(await source.block(block.cid, ASK)).toBeUndefined();
    await put(giver.blockstore, [block]);
    expect(await source.block(block.cid, ASK)).toEqual(Uint8Array.from(block.bytes));
  });

  it('gives one block to everybody who asks for it, and lets some of them go', async () => {
    const giver = await startNode();
    const block = rawBlock('for two');
    await put(giver.blockstore, [block]);
    const source = (await openFetcher()).source(giver.node.multiaddrs()[0]!);
    const leaving = new AbortController();
    const left = source.block(block.cid, { signal: leaving.signal });
    const stayed = source.block(block.cid, ASK);
    leaving.abort(new Error('I have to go'));
    await expect(left).rejects.toThrow('I have to go');
    expect(await stayed).toEqual(Uint8Array.from(block.bytes));
  });

  it('ends what it waits for when the peer goes away', async () => {
    const hanging = new HangingStore();
    const stuck = await startNode({}, { blockstore: hanging });
    const fetcher = await openFetcher();
    const waiting = fetcher.source(stuck.node.multiaddrs()[0]!).block(rawBlock('never').cid, ASK);
    await hanging.asked;
    const gone = expect(waiting).rejects.toMatchObject({ code: 'io', message: 'it went away' });
    await stuck.node.stop();
    await gone;
  });

  it.each(['/ip4/127.0.0.1', '/dns4/inside.example', '/dnsaddr/inside.example'])(
    'dials a peer that others named by %s no farther in than they may',
    async (host) => {
      const { node, blockstore } = await startNode();
      const block = rawBlock('inside');
      await put(blockstore, [block]);
      const inside = `${node.multiaddrs()[0]}`;
      const behind = host.startsWith('/dnsaddr')
        ? `/p2p/${node.peerId}`
        : inside.slice('/ip4/127.0.0.1'.length);
      const lookups: FetchOptions['lookups'] = {
        host: async () => [{ address: '127.0.0.1', family: 4 }],
        txt: async () => [[`dnsaddr=${inside}`]],
      };
      const fetcher = await openFetcher({ lookups });
      const ask = (within: Reach) => fetcher.source(multiaddr(host + behind), within).block(block.cid, ASK);
      await expect(ask('public')).rejects.toMatchObject({ code: 'refused' });
      await expect(ask('private')).rejects.toMatchObject({ code: 'refused' });
      expect(node.stats().peers).toBe(0);
      expect(await ask('loopback')).toEqual(Uint8Array.from(block.bytes));
    },
  );

  it('goes on with a peer that was away', async () => {
    const { node, blockstore, datastore } = await startNode();
    const [first, second] = [rawBlock('first'), rawBlock('second')];
    await put(blockstore, [first, second]);
    const [address] = node.multiaddrs();
    const source = (await openFetcher()).source(address!);
    expect(await source.block(first.cid, ASK)).toEqual(Uint8Array.from(first.bytes));
    await node.stop();
    await expect(source.block(second.cid, ASK)).rejects.toMatchObject({ code: 'io' });
    await startNode(
      { listen: [multiaddr(address!.toString().replace(/\/p2p\/.*/, ''))] },
      { blockstore, datastore },
    );
    expect(await source.block(second.cid, ASK)).toEqual(Uint8Array.from(second.bytes));
  });

  it('gives up a peer that says nothing', async () => {
    const hanging = new HangingStore();
    const stuck = await startNode({}, { blockstore: hanging });
    const source = (await openFetcher({ patience: 150 })).source(stuck.node.multiaddrs()[0]!);
    await expect(source.block(rawBlock('never').cid, ASK)).rejects.toMatchObject({
      code: 'io',
      message: 'it was silent for 0.15 s',
    });
  });

  it('names a peer that gives other bytes', async () => {
    const block = rawBlock('true');
    const liar = await startNode({}, { blockstore: new LyingStore(block.bytes.length) });
    const source = (await openFetcher({ patience: 150 })).source(liar.node.multiaddrs()[0]!);
    await expect(source.block(block.cid, ASK)).rejects.toThrow(
      /silent for .*blocks that it sent are not what/,
    );
  });

  it('says of a peer that is not there that it cannot be reached', async () => {
    const source = (await openFetcher()).source(multiaddr('/ip4/127.0.0.1/tcp/1'));
    await expect(source.block(rawBlock('x').cid, ASK)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/^it cannot be reached: /),
    });
  });

  it('ends what is under way when it is stopped, also a handshake', async () => {
    const hanging = new HangingStore();
    const stuck = await startNode({}, { blockstore: hanging });
    const mute = createServer((socket: Socket) => void socket.on('error', () => undefined));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    onTestFinished(() => void mute.close());
    const fetcher = await openFetcher();
    const { port } = mute.address() as AddressInfo;
    const { cid } = rawBlock('never');
    const asked = once(mute, 'connection');
    const both = [
      fetcher.source(stuck.node.multiaddrs()[0]!).block(cid, ASK),
      fetcher.source(multiaddr(`/ip4/127.0.0.1/tcp/${port}`)).block(cid, ASK),
    ].map((waiting) => expect(waiting).rejects.toMatchObject({ code: 'interrupted' }));
    await Promise.all([hanging.asked, asked]);
    await fetcher.stop();
    await Promise.all(both);
  });
});
