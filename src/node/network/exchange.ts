import type { Connection, PeerId, Stream } from '@libp2p/interface';
import type { Blockstore } from 'interface-blockstore';
import type { Libp2p } from 'libp2p';
import { OvnError } from '../../errors.ts';
import type { RateLimit } from '../served/rate-limit.ts';
import { BitswapGiver, type Sent } from './bitswap-giver.ts';
import { BITSWAP, decodeMessage } from './bitswap-message.ts';
import { BitswapPeer } from './bitswap-peer.ts';
import { FrameReader } from './frame-reader.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';

export interface ExchangeOptions {
  /** What is given to others; nothing when absent. */
  blockstore?: Blockstore;
  /** How fast; without one, as fast as it goes. */
  rate?: RateLimit | undefined;
  /** How long a peer may say nothing while it is asked for something, in ms. */
  patience: number;
  /** Ends all of it. */
  signal: AbortSignal;
}

/** Both sides of bitswap, for every peer that is connected. */
interface Sides {
  asks: BitswapPeer;
  gives: BitswapGiver | undefined;
}

/** Blocks for others and from others: the bitswap protocol over a libp2p node. */
export class Exchange {
  readonly sent: Sent = { blocks: 0, bytes: 0 };
  readonly #libp2p: Libp2p;
  readonly #options: ExchangeOptions;
  readonly #peers = new Map<string, Sides>();
  /** What is being read, with whom it comes from, and the bytes that are held of all of it. */
  readonly #reading = new Map<FrameReader, Connection>();
  #held = 0;

  constructor(libp2p: Libp2p, options: ExchangeOptions) {
    this.#libp2p = libp2p;
    this.#options = options;
  }

  async start(): Promise<void> {
    const limits = { maxInboundStreams: LIMITS.bitswapStreams, maxOutboundStreams: LIMITS.bitswapStreams };
    await this.#libp2p.handle(BITSWAP, (stream, connection) => this.#read(stream, connection), limits);
    this.#libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      this.#drop(detail.toString(), new OvnError('io', 'it went away'));
    });
    this.#options.signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** To ask a peer that is connected. */
  peer(id: PeerId): BitswapPeer {
    return this.#sidesOf(id).asks;
  }

  /** To ask everybody who is connected. */
  connected(): BitswapPeer[] {
    return this.#libp2p.getPeers().map((id) => this.peer(id));
  }

  #stop(): void {
    for (const id of [...this.#peers.keys()]) this.#drop(id, this.#options.signal.reason);
  }

  #drop(id: string, reason: OvnError): void {
    const sides = this.#peers.get(id);
    this.#peers.delete(id);
    sides?.asks.end(reason);
    sides?.gives?.end();
  }

  #sidesOf(id: PeerId): Sides {
    const known = this.#peers.get(id.toString());
    if (known !== undefined) return known;
    const { blockstore, patience, rate, signal } = this.#options;
    const open = (): Promise<Stream> =>
      this.#libp2p.dialProtocol(id, BITSWAP, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(LIMITS.dialTimeout)]),
      });
    const gives = blockstore && new BitswapGiver(blockstore, open, this.sent, rate);
    const sides = { asks: new BitswapPeer(open, patience), gives };
    this.#peers.set(id.toString(), sides);
    return sides;
  }

  /** Reads what a peer sends. Whoever talks nonsense is hung up on. */
  async #read(stream: Stream, connection: Connection): Promise<void> {
    // It may be gone by now, and nobody would drop what is kept of it.
    if (connection.status !== 'open') return;
    const sides = this.#sidesOf(connection.remotePeer);
    const frames = new FrameReader(LIMITS.bitswapMessage);
    this.#reading.set(frames, connection);
    try {
      for await (const chunk of stream) this.#take(chunk.subarray(), frames, sides);
      await stream.close();
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      if (!(error instanceof OvnError)) return;
      this.#drop(connection.remotePeer.toString(), error);
      connection.abort(error);
    } finally {
      this.#reading.delete(frames);
      this.#held -= frames.held;
    }
  }

  #take(bytes: Uint8Array, frames: FrameReader, { asks, gives }: Sides): void {
    const before = frames.held;
    try {
      for (const frame of frames.push(bytes)) {
        const message = decodeMessage(frame);
        asks.receive(message);
        gives?.receive(message);
      }
    } finally {
      this.#held += frames.held - before;
    }
    if (this.#held > LIMITS.bitswapHeld) this.#hangUpOnLargest();
  }

  /** Threat: many begun messages that never end fill the memory. Whoever has most of it in them goes. */
  #hangUpOnLargest(): void {
    const held = new Map<Connection, number>();
    for (const [frames, connection] of this.#reading)
      held.set(connection, (held.get(connection) ?? 0) + frames.held);
    const [largest] = [...held].sort(([, a], [, b]) => b - a);
    largest?.[0].abort(new OvnError('limit', 'it begins more than it ends'));
  }
}
