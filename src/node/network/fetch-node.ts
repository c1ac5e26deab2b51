import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { NameRouter } from '../names/name-router.ts';
import { addressesWithin, type NameLookups } from './addresses-within.ts';
import type { BitswapPeer } from './bitswap-peer.ts';
import { dhtService, dhtSize, firstPeer } from './dht.ts';
import { dhtNames } from './dht-names.ts';
import { DhtStore } from './dht-store.ts';
import { DialPolicy } from './dial-policy.ts';
import { Exchange } from './exchange.ts';
import { libp2pOptions, type NetworkServices } from './libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { withPeer } from './peer-address.ts';
import type { Reach } from './reach.ts';
import { stopLibp2p } from './stop-libp2p.ts';
import { loadTransports } from './transports.ts';

export interface FetchOptions {
  /** Peers through which a DHT is asked who has what; without them none is. */
  bootstrap?: readonly Multiaddr[];
  /** Asks the DHT of the public network, in place of one of our own. */
  public?: boolean;
  /** How long a peer may say nothing while it is asked for something, in ms; half a minute when absent. */
  patience?: number;
  /** Where names of peers lead that others named; the system's resolver when absent. */
  lookups?: NameLookups | undefined;
}

/** One peer that blocks can be asked of. */
export interface PeerSource {
  /** Its address. */
  readonly id: string;
  /** Blocks that it is asked for at once: fewer, and the time that an answer takes is waited for again and again. */
  readonly window: number;
  /** A block that matches its CID; `undefined` where the peer says that it does not have it. @throws OvnError `io` */
  block(cid: CID, options: { signal: AbortSignal }): Promise<Uint8Array | undefined>;
}

/** A node that only asks: it listens nowhere, holds nothing and is another peer each time. */
export interface FetchNode extends AsyncDisposable {
  /**
   * A source of a peer; it is dialled when it is first asked.
   * @param within how far in it may lie, where it was not the user who named it
   */
  source(peer: Multiaddr, within?: Reach): PeerSource;
  /**
   * Who says in the DHT to have a block, as they are found, each at an address that may be dialled. Nobody where there is no DHT.
   * @throws OvnError `io` where none of the peers that lead into it can be reached
   */
  findProviders(cid: CID, options: { signal: AbortSignal }): AsyncIterable<PeerSource>;
  /** Names over the DHT; `undefined` where there is none. */
  nameRouter: NameRouter | undefined;
  /** Ends all that is under way. */
  stop(): Promise<void>;
}

const WINDOW = 256;
const PATIENCE = 30_000;
/** For the first peer of a DHT to be met, in ms. */
const JOINING = 15_000;

/** Starts a node to fetch from peers with. It contacts nobody before it is asked for something. */
export async function openFetchNode(options: FetchOptions = {}): Promise<FetchNode> {
  const { bootstrap = [], public: isPublic = false, patience = PATIENCE, lookups } = options;
  const policy = new DialPolicy({ listen: bootstrap, public: isPublic });
  const transports = await loadTransports({ listen: [], quic: false });
  const libp2p = await createLibp2p<NetworkServices>(
    libp2pOptions({
      privateKey: await generateKeyPair('Ed25519'),
      transports,
      policy,
      datastore: new DhtStore(undefined),
      dht: bootstrap.length === 0 ? undefined : dhtService({ public: isPublic, client: true }),
    }),
  );
  const fetcher = new Fetcher(libp2p, { policy, bootstrap, patience, lookups });
  await fetcher.start();
  const stop = () => fetcher.stop();
  return {
    source: (peer, within) => fetcher.source(peer, within),
    findProviders: (cid, { signal }) => fetcher.findProviders(cid, signal),
    nameRouter: fetcher.nameRouter(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface FetcherParts {
  policy: DialPolicy;
  bootstrap: readonly Multiaddr[];
  patience: number;
  lookups: NameLookups | undefined;
}

/** Asks the peers at addresses, and dials them first where they are not connected. */
class Fetcher {
  readonly #libp2p: Libp2p<NetworkServices>;
  readonly #policy: DialPolicy;
  readonly #bootstrap: readonly Multiaddr[];
  readonly #exchange: Exchange;
  readonly #lookups: NameLookups | undefined;
  readonly #stopping = new AbortController();

  constructor(libp2p: Libp2p<NetworkServices>, { policy, bootstrap, patience, lookups }: FetcherParts) {
    this.#libp2p = libp2p;
    this.#policy = policy;
    this.#bootstrap = bootstrap;
    this.#lookups = lookups;
    for (const peer of bootstrap) policy.allow(peer);
    this.#exchange = new Exchange(libp2p, { patience, signal: this.#stopping.signal });
  }

  start(): Promise<void> {
    return this.#exchange.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new OvnError('interrupted', 'the fetching was stopped'));
    await stopLibp2p(this.#libp2p);
  }

  source(address: Multiaddr, within?: Reach): PeerSource {
    if (within === undefined) this.#policy.allow(address);
    return this.#source(address, within);
  }

  async *findProviders(cid: CID, signal: AbortSignal): AsyncGenerator<PeerSource> {
    if (this.#bootstrap.length === 0) return;
    await this.#join(signal);
    const { contentRouting } = this.#libp2p;
    for await (const { id, multiaddrs } of contentRouting.findProviders(cid, {
      signal: this.#ending(signal),
    })) {
      const address = multiaddrs.find((each) => this.#policy.allows(each));
      const whole = address && withPeer(address, id.toString());
      if (whole !== undefined) yield this.#source(whole);
    }
  }

  nameRouter(): NameRouter | undefined {
    const { dht } = this.#libp2p.services;
    const names = dht && dhtNames(dht);
    return (
      names && {
        id: names.id,
        get: async (name, { signal }) => {
          await this.#join(signal);
          return await names.get(name, { signal: this.#ending(signal) });
        },
        put: async (name, bytes, { signal }) => {
          await this.#join(signal);
          await names.put(name, bytes, { signal: this.#ending(signal) });
        },
      }
    );
  }

  /** Settles when somebody of the DHT is known. @throws OvnError `io` where nobody can be reached */
  async #join(signal: AbortSignal): Promise<void> {
    const { dht } = this.#libp2p.services;
    if (dht === undefined || dhtSize(dht) > 0) return;
    const ends = AbortSignal.any([this.#ending(signal), AbortSignal.timeout(JOINING)]);
    const joined = firstPeer(dht, ends);
    const dialled = this.#bootstrap.map((peer) => this.#libp2p.dial(peer, { signal: ends }));
    try {
      await Promise.any(dialled);
      await joined;
    } catch (cause) {
      this.#ending(signal).throwIfAborted();
      throw new OvnError('io', 'no peer that leads into it can be reached', { cause });
    }
  }

  #ending(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, signal]);
  }

  #source(address: Multiaddr, within?: Reach): PeerSource {
    let connected: BitswapPeer | undefined;
    let connecting: Promise<BitswapPeer> | undefined;
    const connect = async (): Promise<BitswapPeer> => {
      if (connected !== undefined && !connected.isGone) return connected;
      connecting ??= this.#connect(address, within).finally(() => {
        connecting = undefined;
      });
      connected = await connecting;
      return connected;
    };
    return {
      id: address.toString(),
      window: WINDOW,
      block: async (cid, options) => (await connect()).block(cid, options),
    };
  }

  async #connect(address: Multiaddr, within: Reach | undefined): Promise<BitswapPeer> {
    const { signal } = this.#stopping;
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.dialTimeout)]);
      const addresses = within === undefined ? [address] : await this.#allowWithin(address, within);
      const { remotePeer } = await this.#libp2p.dial(addresses, { signal: deadline });
      return this.#exchange.peer(remotePeer);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof OvnError) throw cause;
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new OvnError('io', `it cannot be reached: ${words}`, { cause });
    }
  }

  /** Where a peer's address leads now, as far as that may be dialled. */
  async #allowWithin(address: Multiaddr, within: Reach): Promise<Multiaddr[]> {
    const addresses = await addressesWithin(address, within, this.#lookups);
    if (addresses.length === 0)
      throw new OvnError('refused', `${address} leads to nowhere that may be dialled`);
    for (const each of addresses) this.#policy.allow(each);
    return addresses;
  }
}
