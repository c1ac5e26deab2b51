import { type HeliaWithLibp2p, withLibp2pLight } from '@helia/libp2p';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createHeliaLight } from 'helia';
import type { CID } from 'multiformats/cid';
import { sha512 } from 'multiformats/hashes/sha2';
import { OvnError } from '../../errors.ts';
import type { NameRecords } from '../names/name-router.ts';
import { addressesWithin } from './addresses-within.ts';
import { dhtService, dhtSize } from './dht.ts';
import { dhtNames } from './dht-names.ts';
import { DhtStore } from './dht-store.ts';
import { DialPolicy } from './dial-policy.ts';
import { Exchange } from './exchange.ts';
import { exchangeBroker } from './exchange-broker.ts';
import { libp2pOptions, type NetworkServices } from './libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { makeRoom } from './make-room.ts';
import type { NetworkNode, NetworkOptions, NetworkStores } from './network-options.ts';
import { loadPeerKey } from './peer-key.ts';
import { Provider } from './provider.ts';
import { keepProviding } from './providing.ts';
import { stayConnected } from './stay-connected.ts';
import { stopLibp2p } from './stop-libp2p.ts';
import { loadTransports } from './transports.ts';

/** How long a peer may say nothing while it is asked for something, in ms. */
const PATIENCE = 30_000;

/**
 * Starts a node on the network. It contacts the bootstrap peers that are given, and nobody else of its own accord; what
 * its blockstore holds it gives to everybody.
 *
 * @param records what is kept of names: a DHT never gives or takes an older record than that
 */
export async function openNetworkNode(
  stores: NetworkStores,
  options: NetworkOptions,
  records?: NameRecords,
): Promise<NetworkNode> {
  const { transports, policy, libp2p } = await prepare(stores, options, records);
  const stopping = new AbortController();
  const light = createHeliaLight({ ...stores, hashers: [sha512] });
  const helia = withLibp2pLight(light, libp2p);
  await helia.start();
  const { signal } = stopping;
  const { blockstore } = stores;
  const exchange = new Exchange(helia.libp2p, {
    blockstore,
    patience: PATIENCE,
    signal,
    rate: options.rate,
  });
  await exchange.start();
  helia.addBlockBroker(exchangeBroker(exchange));
  const meet = stayConnected(helia.libp2p, options.bootstrap, signal);
  makeRoom(helia.libp2p, LIMITS.idleConnections);
  const { missing } = transports;
  return networkNode(helia, { stores, policy, exchange, stopping, meet, missing, records });
}

async function prepare(stores: NetworkStores, options: NetworkOptions, records: NameRecords | undefined) {
  const transports = await loadTransports(options);
  const policy = new DialPolicy(options);
  for (const peer of options.bootstrap) policy.allow(peer);
  const privateKey = options.peerKey ?? (await loadPeerKey(stores.datastore));
  const dht = options.dht ? dhtService({ public: options.public, client: false }) : undefined;
  const datastore = new DhtStore(records);
  return { transports, policy, libp2p: libp2pOptions({ privateKey, transports, policy, datastore, dht }) };
}

interface NodeParts {
  stores: NetworkStores;
  policy: DialPolicy;
  exchange: Exchange;
  stopping: AbortController;
  meet: (peers: readonly Multiaddr[]) => void;
  missing: string[];
  records: NameRecords | undefined;
}

function networkNode(helia: HeliaWithLibp2p<NetworkServices>, parts: NodeParts): NetworkNode {
  const { policy, exchange, stopping, missing, records } = parts;
  const { libp2p } = helia;
  const { dht } = libp2p.services;
  const provider = new Provider(dht, parts.stores.blockstore, stopping.signal);
  const ending = (signal: AbortSignal) => AbortSignal.any([stopping.signal, signal]);
  const provide = (cid: CID, { signal }: { signal: AbortSignal }) => provider.provide(cid, ending(signal));
  const stop = async (): Promise<void> => {
    stopping.abort(new OvnError('interrupted', 'the node was stopped'));
    await helia.stop();
    await stopLibp2p(libp2p);
  };
  return {
    peerId: libp2p.peerId.toString(),
    multiaddrs: () => libp2p.getMultiaddrs(),
    helia,
    meet: (peers) => {
      for (const peer of peers) policy.allow(peer);
      parts.meet(peers);
    },
    dial: async (peer, { signal, within }) => {
      const ends = ending(signal);
      const addresses = within === undefined ? [peer] : await addressesWithin(peer, within);
      if (addresses.length === 0)
        throw new OvnError('refused', `${peer} leads to nowhere that may be dialled`);
      for (const address of addresses) policy.allow(address);
      await libp2p.dial(addresses, { signal: ends });
    },
    provide,
    keepProviding: (roots, { signal }) => {
      const withdraw = async (cid: CID): Promise<void> => await dht?.cancelReprovide(cid);
      const isHeard = (cid: CID): boolean => provider.isHeard(cid);
      return keepProviding(roots, { provide, isHeard, withdraw, signal: ending(signal) });
    },
    nameRouter:
      dht && dhtNames(dht, { self: libp2p.peerId, keeps: (name) => records?.get(name) !== undefined }),
    missing,
    stats: () => ({
      peers: libp2p.getPeers().length,
      blocksSent: exchange.sent.blocks,
      bytesSent: exchange.sent.bytes,
      dhtPeers: dhtSize(dht),
    }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
