import { hash } from 'node:crypto';
import type { Stream } from '@libp2p/interface';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { type BitswapMessage, encodeWants, type Wanted } from './bitswap-message.ts';

/** Wants in one message. */
const BATCH = 512;

/** How often a silent peer is asked again. */
const REPEATS = 2;

/** Names of hashes by their code: what {@link verifyBlock} accepts. */
const HASHES: Readonly<Record<number, string>> = { 18: 'sha256', 19: 'sha512' };

interface Want {
  cid: CID;
  /** Everybody who waits for it: a block, or `undefined` where the peer does not have it. */
  waiting: Set<PromiseWithResolvers<Uint8Array | undefined>>;
}

/** Opens a stream to the peer. */
export type OpenStream = () => Promise<Stream>;

/**
 * Asks one peer for blocks. Many wants go in one message, an answer ends each want at once, and so do a peer that went
 * away and one that falls silent; Helia's own sessions leave those waiting, and open a stream for every block.
 */
export class BitswapPeer {
  /** Blocks that came although nobody wanted them: altered, or late. */
  unwanted = 0;
  readonly #open: OpenStream;
  readonly #patience: number;
  readonly #wants = new Map<string, Want>();
  #unsent = new Map<string, Wanted>();
  /** Whether there is a sender at work; it takes along what comes while it is. */
  #isSending = false;
  #silence: NodeJS.Timeout | undefined;
  #gone: OvnError | undefined;

  /** @param patience how long it may say nothing while it is asked for something, in ms */
  constructor(open: OpenStream, patience: number) {
    this.#open = open;
    this.#patience = patience;
  }

  /** Whether it is not to be asked any more. */
  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  /** A block; `undefined` where the peer says that it does not have it. @throws OvnError `io` for a peer that is gone or silent */
  async block(cid: CID, { signal }: { signal: AbortSignal }): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    if (this.#gone !== undefined) throw this.#gone;
    const key = keyOf(cid.multihash.bytes);
    const waiter = Promise.withResolvers<Uint8Array | undefined>();
    const want = this.#wants.get(key) ?? this.#ask(key, cid);
    want.waiting.add(waiter);
    const abort = (): void => this.#withdraw(key, want, waiter, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await waiter.promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Takes in what the peer said. Blocks are hashed: only bytes that a want's own hash names end it. */
  receive({ blocks, absent }: Pick<BitswapMessage, 'blocks' | 'absent'>): void {
    const before = this.#wants.size;
    for (const { hashCode, bytes } of blocks) this.#take(hashCode, bytes);
    for (const cid of absent) this.#note(cid);
    // Only what ends a want counts as an answer: a peer could talk for ever.
    if (this.#wants.size === 0) clearTimeout(this.#silence);
    else if (this.#wants.size < before) this.#waitAnew();
  }

  /** Ends all wants, those to come too. */
  end(reason: OvnError): void {
    this.#gone ??= reason;
    this.#fail(reason);
  }

  #ask(key: string, cid: CID): Want {
    const want: Want = { cid, waiting: new Set() };
    this.#wants.set(key, want);
    if (this.#wants.size === 1) this.#waitAnew();
    this.#queue(key, { cid, cancel: false });
    return want;
  }

  #take(hashCode: number, bytes: Uint8Array): void {
    const name = HASHES[hashCode];
    const digest = name === undefined ? undefined : hash(name, bytes, 'buffer');
    const key = digest && keyOf(Buffer.concat([Uint8Array.of(hashCode, digest.length), digest]));
    const want = key === undefined ? undefined : this.#wants.get(key);
    if (key === undefined || want === undefined) {
      this.unwanted++;
      return;
    }
    this.#wants.delete(key);
    // A view would keep the whole message in memory for as long as one of its blocks is.
    const own = Uint8Array.from(bytes);
    for (const { resolve } of want.waiting) resolve(own);
  }

  /** The want is taken back: a peer says only once of a want that it does not have the block, and waits to get it. */
  #note({ multihash }: CID): void {
    const key = keyOf(multihash.bytes);
    const want = this.#wants.get(key);
    if (want === undefined) return;
    this.#wants.delete(key);
    this.#queue(key, { cid: want.cid, cancel: true });
    for (const { resolve } of want.waiting) resolve(undefined);
  }

  #withdraw(
    key: string,
    want: Want,
    waiter: PromiseWithResolvers<Uint8Array | undefined>,
    reason: unknown,
  ): void {
    waiter.reject(reason);
    want.waiting.delete(waiter);
    if (want.waiting.size > 0 || this.#wants.get(key) !== want) return;
    this.#wants.delete(key);
    if (this.#wants.size === 0) clearTimeout(this.#silence);
    this.#queue(key, { cid: want.cid, cancel: true });
  }

  /** A cancel that has not gone yet goes before a new want of the same block, in a message of its own. */
  #queue(key: string, wanted: Wanted): void {
    const cancels = this.#unsent.get(key)?.cancel === true && !wanted.cancel;
    this.#unsent.set(cancels ? `${key} again` : key, wanted);
    if (this.#isSending || this.#gone !== undefined) return;
    this.#isSending = true;
    // What is asked for in the same turn goes in the same message.
    setImmediate(() => void this.#send());
  }

  async #send(): Promise<void> {
    try {
      while (this.#unsent.size > 0 && this.#gone === undefined) {
        const wants = [...this.#unsent.values()];
        this.#unsent = new Map();
        await this.#sendAll(wants);
      }
    } catch (cause) {
      this.#fail(new OvnError('io', `it cannot be asked: ${wordsOf(cause)}`, { cause }));
    } finally {
      this.#isSending = false;
    }
  }

  async #sendAll(wants: Wanted[]): Promise<void> {
    const stream = await this.#open();
    const batches = [wants.filter(({ cancel }) => cancel)];
    const asked = wants.filter(({ cancel }) => !cancel);
    for (let at = 0; at < asked.length; at += BATCH) batches.push(asked.slice(at, at + BATCH));
    for (const batch of batches.filter(({ length }) => length > 0)) {
      if (!stream.send(encodeWants(batch))) await stream.onDrain();
    }
    await stream.close();
  }

  #waitAnew(repeats = REPEATS): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#onSilence(repeats), this.#patience / (REPEATS + 1));
  }

  /** A peer drops wants where it has too many of them: they are told again before it is given up. */
  #onSilence(repeats: number): void {
    if (repeats === 0) {
      this.#fail(this.#silent());
      return;
    }
    for (const [key, { cid }] of this.#wants) this.#queue(key, { cid, cancel: false });
    this.#waitAnew(repeats - 1);
  }

  #silent(): OvnError {
    const others =
      this.unwanted === 0 ? '' : `; ${this.unwanted} blocks that it sent are not what was asked for`;
    return new OvnError('io', `it was silent for ${this.#patience / 1000} s${others}`);
  }

  #fail(reason: OvnError): void {
    clearTimeout(this.#silence);
    const wants = [...this.#wants.values()];
    this.#wants.clear();
    this.#unsent.clear();
    for (const { waiting } of wants) for (const { reject } of waiting) reject(reason);
  }
}

function keyOf(multihash: Uint8Array): string {
  return Buffer.from(multihash.buffer, multihash.byteOffset, multihash.length).toString('latin1');
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
