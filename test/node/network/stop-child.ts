// Starts a node with a DHT, stops it, says so, and has nothing left to do.
import { multiaddr } from '@multiformats/multiaddr';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { MemoryDatastore } from 'datastore-core/memory';
import { openNetworkNode } from '../../../src/node/network/network-node.ts';

const node = await openNetworkNode(
  { blockstore: new MemoryBlockstore(), datastore: new MemoryDatastore() },
  {
    listen: [multiaddr('/ip4/127.0.0.1/tcp/0'), multiaddr('/ip4/127.0.0.1/tcp/0/ws')],
    bootstrap: [multiaddr('/ip4/127.0.0.1/tcp/1')],
    public: false,
    quic: false,
    dht: true,
  },
);
await node.stop();
process.stdout.write('stopped\n');
