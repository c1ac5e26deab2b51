import type { KadDHT } from '@libp2p/kad-dht';
import type { Blockstore } from 'interface-blockstore';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { dhtSize, onPeer } from './dht.ts';

/** How long the first peer of a DHT may take to be told of one root, in ms. */
const TIMEOUT = 60_000;

/** Tells a DHT what this node has. */
export class Provider {
  readonly #dht: KadDHT | undefined;
  readonly #blockstore: Blockstore;
  readonly #stopping: AbortSignal;
  /** What was told when nobody was there to hear it. */
  readonly #unheard = new Map<string, CID>();

  constructor(dht: KadDHT | undefined, blockstore: Blockstore, stopping: AbortSignal) {
    this.#dht = dht;
    this.#blockstore = blockstore;
    this.#stopping = stopping;
    if (dht !== undefined) onPeer(dht, () => void this.#tellUnheard(), stopping);
  }

  /** @throws OvnError `usage` where there is no DHT, `not-found` for what this node does not give out */
  async provide(cid: CID, signal: AbortSignal): Promise<void> {
    if (this.#dht === undefined) throw new OvnError('usage', 'this node takes part in no DHT');
    if (!(await this.#blockstore.has(cid, { signal })))
      throw new OvnError('not-found', `${cid} is not given out here`);
    if (dhtSize(this.#dht) === 0) this.#unheard.set(cidKey(cid), cid);
    for await (const _ of this.#dht.provide(cid, { signal }));
    signal.throwIfAborted();
  }

  /** Whether a peer was there when it was told of last. */
  isHeard(cid: CID): boolean {
    return !this.#unheard.has(cidKey(cid));
  }

  /** One after the other; what fails is told again when it is due anyway. */
  async #tellUnheard(): Promise<void> {
    const unheard = [...this.#unheard.values()];
    this.#unheard.clear();
    for (const cid of unheard) {
      const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(TIMEOUT)]);
      await this.provide(cid, signal).catch(() => undefined);
    }
  }
}
