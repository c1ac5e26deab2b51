import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Stream } from '@libp2p/interface';
import { MemoryDatastore } from 'datastore-core/memory';
import { createLibp2p, type Libp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import { BITSWAP, type BitswapMessage, decodeMessage } from '../../../src/node/network/bitswap-message.ts';
import { DialPolicy } from '../../../src/node/network/dial-policy.ts';
import { FrameReader } from '../../../src/node/network/frame-reader.ts';
import { libp2pOptions, type NetworkServices } from '../../../src/node/network/libp2p-options.ts';
import { loadTransports } from '../../../src/node/network/transports.ts';
import type { TestNode } from './two-nodes.ts';

/** Another side of bitswap that sends whatever bytes a test makes, and reads or does not. */
export class RawPeer {
  readonly libp2p: Libp2p<NetworkServices>;
  readonly #node: TestNode;
  readonly #messages: BitswapMessage[] = [];
  #wake: (() => void) | undefined;

  constructor(libp2p: Libp2p<NetworkServices>, node: TestNode) {
    this.libp2p = libp2p;
    this.#node = node;
  }

  /** Connected to a node; it is stopped after the test. */
  static async connect(node: TestNode, { reads = true } = {}): Promise<RawPeer> {
    const listen = { listen: [], public: false, quic: false };
    const libp2p = await createLibp2p<NetworkServices>(
      libp2pOptions({
        privateKey: await generateKeyPair('Ed25519'),
        transports: await loadTransports(listen),
        policy: new DialPolicy(listen),
        datastore: new MemoryDatastore(),
        dht: undefined,
      }),
    );
    onTestFinished(() => libp2p.stop());
    const peer = new RawPeer(libp2p, node);
    await libp2p.handle(BITSWAP, (stream) => (reads ? peer.#read(stream) : stream.pause()));
    await libp2p.dial(node.node.multiaddrs()[0]!);
    return peer;
  }

  /** A stream on which nothing is said yet. */
  open(): Promise<Stream> {
    return this.libp2p.dialProtocol(this.#node.node.multiaddrs()[0]!, BITSWAP);
  }

  /** Sends bytes as they are, in a stream of their own. */
  async send(bytes: Uint8Array): Promise<void> {
    const stream = await this.open();
    stream.send(bytes);
    await stream.close();
  }

  /** The next message that comes. */
  async next(): Promise<BitswapMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  async #read(stream: Stream): Promise<void> {
    const frames = new FrameReader(1 << 22);
    for await (const chunk of stream) {
      for (const frame of frames.push(chunk.subarray())) this.#messages.push(decodeMessage(frame));
      this.#wake?.();
    }
  }
}
