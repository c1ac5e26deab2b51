import { type Identify, identify } from '@libp2p/identify';
import type { PrivateKey } from '@libp2p/interface';
import type { KadDHT } from '@libp2p/kad-dht';
import { noise } from '@libp2p/noise';
import { type Ping, ping } from '@libp2p/ping';
import { yamux } from '@libp2p/yamux';
import type { Datastore } from 'interface-datastore';
import type { Libp2pOptions } from 'libp2p';
import type { DialPolicy } from './dial-policy.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import type { Transports } from './transports.ts';

export interface NetworkServices extends Record<string, unknown> {
  identify: Identify;
  ping: Ping;
  dht?: KadDHT;
}

export type ServiceFactories = NonNullable<Libp2pOptions<NetworkServices>['services']>;

export interface NetworkParts {
  privateKey: PrivateKey;
  transports: Transports;
  policy: DialPolicy;
  /** For what is remembered of peers. */
  datastore: Datastore;
  dht: ServiceFactories['dht'] | undefined;
}

/**
 * All that libp2p is told. It adds nothing by itself: no discovery on the local network, no mapping of ports, no relays,
 * no bootstrap peers, no services of others.
 */
export function libp2pOptions(parts: NetworkParts): Libp2pOptions<NetworkServices> {
  return {
    privateKey: parts.privateKey,
    datastore: parts.datastore,
    nodeInfo: { name: 'openvoicenews' },
    addresses: { listen: parts.transports.listen.map(String) },
    transports: parts.transports.transports,
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: LIMITS.streams,
        maxOutboundStreams: LIMITS.streams,
        streamOptions: { inactivityTimeout: LIMITS.idleStream, maxReadBufferLength: LIMITS.streamBuffer },
      }),
    ],
    connectionGater: parts.policy.gater(),
    connectionManager: {
      maxConnections: LIMITS.connections,
      maxIncomingPendingConnections: LIMITS.pendingConnections,
      inboundConnectionThreshold: LIMITS.connectionsASecond,
      inboundUpgradeTimeout: LIMITS.handshakeTimeout,
      maxParallelDials: LIMITS.dials,
      maxDialQueueLength: LIMITS.dialQueue,
      dialTimeout: LIMITS.dialTimeout,
      resolvers: { dnsaddr: parts.policy.resolver() },
    },
    services: {
      identify: identify(),
      ping: ping(),
      ...(parts.dht === undefined ? {} : { dht: parts.dht }),
    },
  };
}
