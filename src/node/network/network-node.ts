import { withBitswap } from '@helia/bitswap';
import { type HeliaWithLibp2p, withLibp2pLight } from '@helia/libp2p';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createHeliaLight } from 'helia';
import { sha512 } from 'multiformats/hashes/sha2';
import { OvnError } from '../../errors.ts';
import { BoundedDatastore } from './bounded-datastore.ts';
import { DialPolicy } from './dial-policy.ts';
import { libp2pOptions, type NetworkServices } from './libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import type { NetworkNode, NetworkOptions, NetworkStores } from './network-options.ts';
import { loadPeerKey } from './peer-key.ts';
import { SentCounters } from './sent-counters.ts';
import { stopLibp2p } from './stop-libp2p.ts';
import { loadTransports } from './transports.ts';

/**
 * Starts a node on the network. It contacts the bootstrap peers that are given, and nobody else of its own accord; what
 * its blockstore holds it gives to everybody.
 */
export async function openNetworkNode(stores: NetworkStores, options: NetworkOptions): Promise<NetworkNode> {
  const transports = await loadTransports(options);
  const policy = new DialPolicy(options);
  for (const peer of options.bootstrap) policy.allow(peer);
  const privateKey = options.peerKey ?? (await loadPeerKey(stores.datastore));
  const memory = new BoundedDatastore({ '/peers/': LIMITS.peers });
  const sent = new SentCounters();
  const light = createHeliaLight({ ...stores, hashers: [sha512], metrics: sent.metrics() });
  const libp2p = libp2pOptions({ privateKey, transports, policy, datastore: memory, dht: undefined });
  const helia = withBitswap(withLibp2pLight(light, libp2p), bitswapOptions());
  await helia.start();
  dialAll(helia, options.bootstrap);
  return networkNode(helia, { policy, sent, missing: transports.missing });
}

/** Tries each once, in the background: a bootstrap peer that is down must not keep a node from starting. */
function dialAll({ libp2p }: HeliaWithLibp2p<NetworkServices>, peers: readonly Multiaddr[]): void {
  for (const peer of peers) libp2p.dial(peer).catch(() => undefined);
}

function bitswapOptions() {
  return {
    maxInboundStreams: LIMITS.bitswapStreams,
    maxOutboundStreams: LIMITS.bitswapStreams,
    maxIncomingMessageSize: LIMITS.bitswapMessage,
    maxOutgoingMessageSize: LIMITS.bitswapMessage,
    messageReceiveTimeout: LIMITS.bitswapTimeout,
    // The type has the first name, the code reads the second.
    maxWantlistSize: LIMITS.wants,
    maxWantListSize: LIMITS.wants,
  };
}

interface NodeParts {
  policy: DialPolicy;
  sent: SentCounters;
  missing: string[];
}

function networkNode(
  helia: HeliaWithLibp2p<NetworkServices>,
  { policy, sent, missing }: NodeParts,
): NetworkNode {
  const { libp2p } = helia;
  const dial = async (peer: Multiaddr, { signal }: { signal: AbortSignal }): Promise<void> => {
    policy.allow(peer);
    await libp2p.dial(peer, { signal });
  };
  const stop = async (): Promise<void> => {
    await helia.stop();
    await stopLibp2p(libp2p);
  };
  return {
    peerId: libp2p.peerId.toString(),
    multiaddrs: () => libp2p.getMultiaddrs(),
    helia,
    dial,
    provide: async () => {
      throw new OvnError('usage', 'there is no DHT');
    },
    nameRouter: undefined,
    missing,
    stats: () => ({
      peers: libp2p.getPeers().length,
      blocksSent: sent.blocks,
      bytesSent: sent.bytes,
      dhtPeers: 0,
    }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
