import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Connection, PeerId, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { BITSWAP, decodeMessage } from './bitswap-message.ts';
import { BitswapPeer } from './bitswap-peer.ts';
import { BoundedDatastore } from './bounded-datastore.ts';
import { DialPolicy } from './dial-policy.ts';
import { FrameReader } from './frame-reader.ts';
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

/** The peers that are asked, by their ids, and what they say. */
class Fetcher {
  readonly #libp2p: Libp2p<NetworkServices>;
  readonly #policy: DialPolicy;
  readonly #patience: number;
  readonly #peers = new Map<string, BitswapPeer>();
  readonly #stopping = new AbortController();

  constructor(libp2p: Libp2p<NetworkServices>, policy: DialPolicy, patience: number) {
    this.#libp2p = libp2p;
    this.#policy = policy;
    this.#patience = patience;
  }

  async start(): Promise<void> {
    const limits = { maxInboundStreams: LIMITS.bitswapStreams, maxOutboundStreams: LIMITS.bitswapStreams };
    await this.#libp2p.handle(BITSWAP, (stream, connection) => this.#read(stream, connection), limits);
    this.#libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      this.#peers.get(detail.toString())?.end(new OvnError('io', 'it went away'));
      this.#peers.delete(detail.toString());
    });
  }

  async stop(): Promise<void> {
    const stopped = new OvnError('interrupted', 'the fetching was stopped');
    this.#stopping.abort(stopped);
    for (const peer of this.#peers.values()) peer.end(stopped);
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
      block: async (cid, options) => {
        const peer = await connect();
        return await peer.block(cid, options);
      },
    };
  }

  async #connect(address: Multiaddr): Promise<BitswapPeer> {
    try {
      const { remotePeer } = await this.#libp2p.dial(address, { signal: this.#deadline() });
      return this.#peerOf(remotePeer);
    } catch (cause) {
      if (this.#stopping.signal.aborted) throw this.#stopping.signal.reason;
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new OvnError('io', `it cannot be reached: ${words}`, { cause });
    }
  }

  #peerOf(id: PeerId): BitswapPeer {
    const known = this.#peers.get(id.toString());
    if (known !== undefined) return known;
    const open = () => this.#libp2p.dialProtocol(id, BITSWAP, { signal: this.#deadline() });
    const peer = new BitswapPeer(open, this.#patience);
    this.#peers.set(id.toString(), peer);
    return peer;
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(LIMITS.dialTimeout)]);
  }

  /** Reads what a peer sends. Whoever was not asked is not listened to, and whoever talks nonsense is hung up on. */
  async #read(stream: Stream, connection: Connection): Promise<void> {
    const peer = this.#peers.get(connection.remotePeer.toString());
    if (peer === undefined) return stream.abort(new Error('nobody asked'));
    const frames = new FrameReader(LIMITS.bitswapMessage);
    try {
      for await (const chunk of stream) {
        for (const frame of frames.push(chunk.subarray())) peer.receive(decodeMessage(frame));
      }
      await stream.close();
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      if (!(error instanceof OvnError)) return;
      peer.end(error);
      await connection.close();
    }
  }
}
