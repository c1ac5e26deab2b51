import { setTimeout } from 'node:timers/promises';
import { MemoryBlockstore } from 'blockstore-core/memory';
import type { CID } from 'multiformats/cid';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen, SERVER_LIMITS } from '../../../src/node/gateway/server.ts';
import { encodeWants } from '../../../src/node/network/bitswap-message.ts';
import { openFetchNode } from '../../../src/node/network/fetch-node.ts';
import { NETWORK_LIMITS } from '../../../src/node/network/limits.ts';
import { bytesField, numberField, varint } from '../../../src/node/network/protobuf.ts';
import { RateLimit } from '../../../src/node/served/rate-limit.ts';
import { type Served, servedBlockstore } from '../../../src/node/served/served.ts';
import type { Block } from '../../../src/unixfs/block.ts';
import { rawBlock, rawBlocks } from '../../helpers/blocks.ts';
import { RawPeer } from './raw-peer.ts';
import { put, startNode, type TestNode } from './two-nodes.ts';

const ASK = { signal: AbortSignal.timeout(60_000) };

/** Asks for presence only, which our own side never does. */
function wantPresence(...cids: CID[]): Uint8Array {
  const entries = cids.map(({ bytes }) => [bytesField(1, bytes), numberField(4, 1), numberField(5, 1)]);
  const wantlist = Buffer.concat(entries.map((entry) => bytesField(1, Buffer.concat(entry))));
  const message = bytesField(1, wantlist);
  return Buffer.concat([varint(message.length), message]);
}

const want = (...cids: CID[]) => encodeWants(cids.map((cid) => ({ cid, cancel: false })));

async function giverOf(...blocks: Block[]): Promise<TestNode> {
  const giver = await startNode();
  await put(giver.blockstore, blocks);
  return giver;
}

describe('what is given over bitswap', () => {
  it('is nothing outside of the view, not even for a known CID', async () => {
    const [open, secret] = [rawBlock('published'), rawBlock('a draft')];
    const store = new MemoryBlockstore();
    await put(store, [open, secret]);
    const allowed = new Set([open.cid.toString()]);
    const served: Served = {
      allows: (cid) => allowed.has(cid.toString()),
      refusal: () => undefined,
      refusesPath: () => undefined,
    };
    const giver = await startNode({}, { blockstore: servedBlockstore(store, served) });
    const peer = await RawPeer.connect(giver);
    await peer.send(wantPresence(open.cid, secret.cid));
    const { blocks, absent } = await peer.next();
    expect(blocks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['published']);
    expect(absent.map(String)).toEqual([secret.cid.toString()]);
    await using fetcher = await openFetchNode();
    const source = fetcher.source(giver.node.multiaddrs()[0]!);
    expect(await source.block(secret.cid, ASK)).toBeUndefined();
    allowed.add(secret.cid.toString());
    expect(await source.block(secret.cid, ASK)).toBeDefined();
    allowed.clear();
    expect(await source.block(open.cid, ASK)).toBeUndefined();
  });

  it('is a block again whenever it is asked for again', async () => {
    const block = rawBlock('again and again');
    const peer = await RawPeer.connect(await giverOf(block));
    for (let times = 0; times < 3; times++) {
      await peer.send(want(block.cid));
      expect((await peer.next()).blocks).toHaveLength(1);
    }
  });

  it('is the presence of a large block where no more is asked for', async () => {
    const [large, small] = [rawBlock(new Uint8Array(5000)), rawBlock('small')];
    const peer = await RawPeer.connect(await giverOf(large, small));
    await peer.send(wantPresence(large.cid, small.cid));
    const { blocks, absent } = await peer.next();
    expect(blocks.map(({ bytes }) => bytes.length)).toEqual([5]);
    expect(absent).toEqual([]);
  });

  it('is as much as a peer takes, and no more is read than that', async () => {
    const blocks = [...rawBlocks(100, 1 << 20, 1 << 20)];
    const giver = await giverOf(...blocks);
    const read = vi.spyOn(giver.blockstore, 'get');
    const peer = await RawPeer.connect(giver, { reads: false });
    await peer.send(want(...blocks.map(({ cid }) => cid)));
    await vi.waitFor(() => expect(read).toHaveBeenCalled());
    await setTimeout(300);
    expect(read.mock.calls.length).toBeLessThan(10);
    const other = await RawPeer.connect(giver);
    await other.send(want(blocks[50]!.cid));
    expect((await other.next()).blocks).toHaveLength(1);
  });

  it('is not what was taken back', async () => {
    const [first, second] = [rawBlock('first'), rawBlock('second')];
    const peer = await RawPeer.connect(await giverOf(first, second));
    const both = encodeWants([
      { cid: first.cid, cancel: false },
      { cid: second.cid, cancel: false },
      { cid: first.cid, cancel: true },
    ]);
    await peer.send(both);
    expect((await peer.next()).blocks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['second']);
  });

  it.each([
    ['talks nonsense', Uint8Array.of(3, 0xff, 0xff, 0xff)],
    ['claims to send a terabyte', varint(2 ** 40)],
    ['asks for what is no CID', Buffer.from([8, 0x0a, 6, 0x0a, 4, 0x0a, 2, 9, 9])],
    ['sends a number without an end', new Uint8Array(12).fill(0xff)],
  ])('is nothing to a peer that %s: it is hung up on, and others go on', async (_, bytes) => {
    const block = rawBlock('for the honest');
    const giver = await giverOf(block);
    const [bad, good] = [await RawPeer.connect(giver), await RawPeer.connect(giver)];
    await bad.send(bytes).catch(() => undefined);
    await vi.waitFor(() => expect(bad.libp2p.getConnections()).toEqual([]));
    await good.send(want(block.cid));
    expect((await good.next()).blocks).toHaveLength(1);
  });

  it('is no faster, with what goes out over HTTP, than it is to be', async () => {
    const rate = new RateLimit(1_000_000);
    const [blocks, file] = [[...rawBlocks(10, 50_000, 50_001)], rawBlock(new Uint8Array(500_000))];
    const giver = await startNode({ rate });
    await put(giver.blockstore, blocks);
    const effects = { read: async () => file.bytes, head: () => undefined };
    const server = await listen({ host: '127.0.0.1', port: 0 }, effects, SERVER_LIMITS, rate);
    onTestFinished(() => server[Symbol.asyncDispose]());
    const peer = await RawPeer.connect(giver);
    const begun = performance.now();
    await peer.send(want(...blocks.map(({ cid }) => cid)));
    const overHttp = fetch(`${server.url}/ipfs/${file.cid}?format=raw`).then((answer) => answer.bytes());
    let got = 0;
    while (got < 10) got += (await peer.next()).blocks.length;
    expect((await overHttp).length).toBe(500_000);
    const seconds = (performance.now() - begun) / 1000;
    // A quarter of a second is saved up, and the last message is paid for afterwards.
    expect(seconds).toBeGreaterThan((1_000_000 - 250_000 - 150_000) / 1_000_000);
  });

  it('goes on while a peer begins messages without end: it is hung up on', async () => {
    const block = rawBlock('for the honest');
    const giver = await giverOf(block);
    const [bad, good] = [await RawPeer.connect(giver), await RawPeer.connect(giver)];
    let isHungUpOn = false;
    bad.libp2p.addEventListener('peer:disconnect', () => {
      isHungUpOn = true;
    });
    const begun = Buffer.concat([varint(1 << 22), new Uint8Array((1 << 22) - 1)]);
    for (let sent = 0; !isHungUpOn && sent < 2 * NETWORK_LIMITS.bitswapHeld; sent += begun.length) {
      const stream = await bad.open().catch(() => undefined);
      if (stream === undefined) break;
      if (!stream.send(begun)) await stream.onDrain(ASK).catch(() => undefined);
    }
    await vi.waitFor(() => expect(isHungUpOn).toBe(true), { timeout: 20_000 });
    await good.send(want(block.cid));
    expect((await good.next()).blocks).toHaveLength(1);
  });

  it('ends when the node stops in the middle of it', async () => {
    const blocks = [...rawBlocks(2000, 20_000, 30_000)];
    const giver = await giverOf(...blocks);
    await using fetcher = await openFetchNode();
    const source = fetcher.source(giver.node.multiaddrs()[0]!);
    await source.block(blocks[0]!.cid, ASK);
    const rest = blocks.slice(1).map(({ cid }) => source.block(cid, ASK));
    await Promise.any(rest);
    await giver.node.stop();
    const results = await Promise.allSettled(rest);
    const failed = results.filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed).toEqual(
      failed.map(() => expect.objectContaining({ reason: expect.objectContaining({ code: 'io' }) })),
    );
  });
});
