import { multiaddr } from '@multiformats/multiaddr';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import type { Blockstore } from 'interface-blockstore';
import type { Datastore } from 'interface-datastore';
import { onTestFinished } from 'vitest';
import type { NameRecords } from '../../../src/node/names/name-router.ts';
import { openNetworkNode } from '../../../src/node/network/network-node.ts';
import type { NetworkNode, NetworkOptions } from '../../../src/node/network/network-options.ts';
import type { Block } from '../../../src/unixfs/block.ts';

export const LOOPBACK = multiaddr('/ip4/127.0.0.1/tcp/0');

export const QUIET: NetworkOptions = {
  listen: [LOOPBACK],
  bootstrap: [],
  public: false,
  quic: false,
  dht: false,
};

export interface TestNode {
  node: NetworkNode;
  blockstore: Blockstore;
  datastore: Datastore;
}

/** A node on 127.0.0.1 that is stopped after the test. */
export async function startNode(
  options: Partial<NetworkOptions> = {},
  stores: { blockstore?: Blockstore; datastore?: Datastore } = {},
  records?: NameRecords,
): Promise<TestNode> {
  const { blockstore = new MemoryBlockstore(), datastore = new MemoryDatastore() } = stores;
  const node = await openNetworkNode({ blockstore, datastore }, { ...QUIET, ...options }, records);
  onTestFinished(() => node.stop());
  return { node, blockstore, datastore };
}

export async function put(blockstore: Blockstore, blocks: Iterable<Block>): Promise<void> {
  for (const { cid, bytes } of blocks) await blockstore.put(cid, bytes);
}

export async function take(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
