import { withBitswap } from '@helia/bitswap';
import { type HeliaWithLibp2p, withLibp2pLight } from '@helia/libp2p';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { MemoryDatastore } from 'datastore-core/memory';
import { createHeliaLight } from 'helia';
import { expect, it, onTestFinished } from 'vitest';
import { DialPolicy } from '../../../src/node/network/dial-policy.ts';
import { openFetchNode } from '../../../src/node/network/fetch-node.ts';
import { libp2pOptions, type NetworkServices } from '../../../src/node/network/libp2p-options.ts';
import { loadTransports } from '../../../src/node/network/transports.ts';
import { rawBlock, rawBlocks } from '../../helpers/blocks.ts';
import { LOOPBACK, put, startNode, take } from './two-nodes.ts';

const WAIT = { signal: AbortSignal.timeout(30_000) };

/** Helia with the bitswap of its own. */
async function startHelia(): Promise<HeliaWithLibp2p<NetworkServices>> {
  const listen = { listen: [LOOPBACK], public: false, quic: false };
  const options = libp2pOptions({
    privateKey: await generateKeyPair('Ed25519'),
    transports: await loadTransports(listen),
    policy: new DialPolicy(listen),
    datastore: new MemoryDatastore(),
    dht: undefined,
  });
  const helia = withBitswap(withLibp2pLight(createHeliaLight(), options));
  await helia.start();
  onTestFinished(async () => void (await helia.stop()));
  return helia;
}

it('Helia fetches from us', async () => {
  const giver = await startNode();
  const blocks = [...rawBlocks(100, 1, 5000)];
  await put(giver.blockstore, blocks);
  const helia = await startHelia();
  await helia.libp2p.dial(giver.node.multiaddrs()[0]!, WAIT);
  const taken = await Promise.all(blocks.map(({ cid }) => take(helia.blockstore.get(cid, WAIT))));
  expect(taken).toEqual(blocks.map(({ bytes }) => Buffer.from(bytes)));
});

it('we fetch from Helia', async () => {
  const helia = await startHelia();
  const blocks = [...rawBlocks(100, 1, 5000)];
  for (const { cid, bytes } of blocks) await helia.blockstore.put(cid, bytes);
  await using fetcher = await openFetchNode();
  const source = fetcher.source(helia.libp2p.getMultiaddrs()[0]!);
  const taken = await Promise.all(blocks.map(({ cid }) => source.block(cid, WAIT)));
  expect(taken).toEqual(blocks.map(({ bytes }) => Uint8Array.from(bytes)));
  const { cid } = rawBlock('not there');
  for (let times = 0; times < 2; times++) expect(await source.block(cid, WAIT)).toBeUndefined();
});
