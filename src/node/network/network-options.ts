import type { PrivateKey } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Helia } from 'helia';
import type { Blockstore } from 'interface-blockstore';
import type { Datastore } from 'interface-datastore';
import type { CID } from 'multiformats/cid';
import type { NameRouter } from '../names/name-router.ts';
import type { RateLimit } from '../served/rate-limit.ts';
import type { Providing } from './providing.ts';
import type { Reach } from './reach.ts';

/** What a node on the network stands on. Whoever made the stores opens and closes them. */
export interface NetworkStores {
  /** All that it holds is given to whoever asks: the served view, or a scratch store for what is fetched. */
  blockstore: Blockstore;
  /** Keeps the peer's key, and nothing that others send. */
  datastore: Datastore;
}

export interface NetworkOptions {
  /** Addresses to listen on; port 0 takes a free one. Nothing listens when it is empty. */
  listen: readonly Multiaddr[];
  /** Peers that are dialled at the start; nobody else is, until somebody speaks of them. */
  bootstrap: readonly Multiaddr[];
  /** Speaks the DHT of the public network, and dials public addresses that others name. */
  public: boolean;
  /** Speaks QUIC, where its library is installed. */
  quic: boolean;
  /** Takes part in a DHT. */
  dht: boolean;
  /** The identity of the peer; without it the one in the datastore, which is made when there is none. */
  peerKey?: PrivateKey;
  /** How fast blocks are given to others, with all else that shares it; without one, as fast as it goes. */
  rate?: RateLimit | undefined;
}

export interface NetworkStats {
  peers: number;
  blocksSent: number;
  bytesSent: number;
  /** Peers in the DHT's routing table. */
  dhtPeers: number;
}

/** A node that others can reach, and that reaches others. */
export interface NetworkNode extends AsyncDisposable {
  peerId: string;
  /** Where it listens, each with `/p2p/<peerId>`. */
  multiaddrs(): Multiaddr[];
  helia: Helia;
  /** Stays connected to these peers from now on, in place of the bootstrap peers that there were. */
  meet(peers: readonly Multiaddr[]): void;
  /**
   * Connects to a peer. `within`: somebody else named it, whose word leads no farther in than that.
   * @throws OvnError `refused` where it is
   */
  dial(peer: Multiaddr, options: { signal: AbortSignal; within?: Reach | undefined }): Promise<void>;
  /**
   * Tells the DHT that this node has a root, for 48 hours. Where nobody is there yet the first who comes is told.
   * @throws OvnError `usage` where there is no DHT, `not-found` for what this node does not give out
   */
  provide(cid: CID, options: { signal: AbortSignal }): Promise<void>;
  /** Keeps the DHT told of roots: now, when they change, and before what it knows of them expires. */
  keepProviding(roots: () => Iterable<CID>, options: { signal: AbortSignal }): Providing;
  /** Names over the DHT; `undefined` where it takes part in none. */
  nameRouter: NameRouter | undefined;
  /** What was asked for and is not here, a sentence each. */
  missing: string[];
  stats(): NetworkStats;
  /** Ends all that is under way, pending gets too, and lets go of the process. */
  stop(): Promise<void>;
}
