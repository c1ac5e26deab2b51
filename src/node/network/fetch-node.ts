import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BitswapPeer } from './bitswap-peer.ts';
import { BoundedDatastore } from './bounded-datastore.ts';
import { DialPolicy } from './dial-policy.ts';
import { Exchange } from './exchange.ts';
import { libp2pOptions, type NetworkServices } from './libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { stopLibp2p } from './stop-libp2p.ts';
import { loadTransports } from './transports.ts';

export interface FetchOptions {
  /** Speaks QUIC, where its library is installed. */
  quic?: boolean;
  /** How long a peer may say nothing while it is asked for something, in ms; half a minute when absent. */
  patience?: number;
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
  /** A source of a peer; it is dialled when it is first asked. */
  source(peer: Multiaddr): PeerSource;
  missing: string[];
  /** Ends all that is under way. */
  stop(): Promise<void>;
}

const WINDOW = 256;
const PATIENCE = 30_000;

/** Starts a node to fetch from peers with. It contacts nobody but those that a source is asked of. */
export async function openFetchNode(options: FetchOptions = {}): Promise<FetchNode> {
  const policy = new DialPolicy({ listen: [], public: false });
  const transports = await loadTransports({ listen: [], quic: options.quic ?? false });
  const libp2p = await createLibp2p<NetworkServices>(
    libp2pOptions({
      privateKey: await generateKeyPair('Ed25519'),
      transports,
      policy,
      datastore: new BoundedDatastore({ '/peers/': LIMITS.peers }),
      dht: undefined,
    }),
  );
  const fetcher = new Fetcher(libp2p, policy, options.patience ?? PATIENCE);
  await fetcher.start();
  const stop = () => fetcher.stop();
  return {
    source: (peer) => fetcher.source(peer),
    missing: transports.missing,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Asks the peers at addresses, and dials them first where they are not connected. */
class Fetcher {
  readonly #libp2p: Libp2p<NetworkServices>;
  readonly #policy: DialPolicy;
  readonly #exchange: Exchange;
  readonly #stopping = new AbortController();

  constructor(libp2p: Libp2p<NetworkServices>, policy: DialPolicy, patience: number) {
    this.#libp2p = libp2p;
    this.#policy = policy;
    this.#exchange = new Exchange(libp2p, { patience, signal: this.#stopping.signal });
  }

  start(): Promise<void> {
    return this.#exchange.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new OvnError('interrupted', 'the fetching was stopped'));
    await stopLibp2p(this.#libp2p);
  }

  source(address: Multiaddr): PeerSource {
    this.#policy.allow(address);
    let connecting: Promise<BitswapPeer> | undefined;
    const connect = async (): Promise<BitswapPeer> => {
      connecting ??= this.#connect(address).finally(() => {
        connecting = undefined;
      });
      return await connecting;
    };
    return {
      id: address.toString(),
      window: WINDOW,
      block: async (cid, options) => (await connect()).block(cid, options),
    };
  }

  async #connect(address: Multiaddr): Promise<BitswapPeer> {
    const { signal } = this.#stopping;
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.dialTimeout)]);
      const { remotePeer } = await this.#libp2p.dial(address, { signal: deadline });
      return this.#exchange.peer(remotePeer);
    } catch (cause) {
      signal.throwIfAborted();
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new OvnError('io', `it cannot be reached: ${words}`, { cause });
    }
  }
}
