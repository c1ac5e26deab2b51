import { setImmediate } from 'node:timers/promises';
import type { Stream } from '@libp2p/interface';
import type { Blockstore } from 'interface-blockstore';
import type { CID } from 'multiformats/cid';
import type { Block } from '../../unixfs/block.ts';
import { cidKey } from '../../unixfs/hash.ts';
import type { RateLimit } from '../served/rate-limit.ts';
import { type Asked, type BitswapMessage, encodeAnswers } from './bitswap-message.ts';
import type { OpenStream } from './bitswap-peer.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';

/**
 * Bytes of blocks in one message; one block goes alone however large it is. Small, so that the first answers are out at
 * once: Kubo takes 50 ms without one for an absence, and a peer of many absences for one that is not to be asked.
 */
const MESSAGE_SIZE = 128 * 1024;

/** A block that is not larger is sent to who asks only whether it is here. */
const SMALL = 1024;

/** What was sent to all peers. */
export interface Sent {
  blocks: number;
  bytes: number;
}

interface NextAnswers {
  blocks: Block[];
  presences: { cid: CID; isHere: boolean }[];
}

/**
 * Gives one peer the blocks that it asks for: in the order in which they were asked for, a small message at a time, and no
 * further one before the peer has taken the last. So a peer costs a message of memory however much it asks for and however
 * slowly it reads; Helia's own collects all that is asked for first, and forgets who asks a second time within seconds.
 */
export class BitswapGiver {
  readonly #blockstore: Blockstore;
  readonly #open: OpenStream;
  readonly #sent: Sent;
  readonly #rate: RateLimit | undefined;
  readonly #ending = new AbortController();
  readonly #asked = new Map<string, Asked>();
  #isSending = false;

  /** @param rate what all that is given out shares */
  constructor(blockstore: Blockstore, open: OpenStream, sent: Sent, rate?: RateLimit) {
    this.#blockstore = blockstore;
    this.#open = open;
    this.#sent = sent;
    this.#rate = rate;
  }

  /** Takes in what the peer asks; beyond the limit it is not heard. */
  receive({ asked, full }: BitswapMessage): void {
    if (full) this.#asked.clear();
    for (const one of asked) {
      const key = cidKey(one.cid);
      if (one.cancel) this.#asked.delete(key);
      else if (this.#asked.has(key) || this.#asked.size < LIMITS.wants) this.#asked.set(key, one);
    }
    this.#answer();
  }

  /** Forgets what was asked; the peer has gone. */
  end(): void {
    this.#asked.clear();
    this.#ending.abort();
  }

  #answer(): void {
    if (this.#isSending || this.#asked.size === 0) return;
    this.#isSending = true;
    void this.#answerAll();
  }

  /** A peer that does not take its answers has asked for nothing: it may ask again. */
  async #answerAll(): Promise<void> {
    let stream: Stream | undefined;
    try {
      while (this.#asked.size > 0) {
        const answers = await this.#nextAnswers();
        if (answers.blocks.length + answers.presences.length === 0) continue;
        stream ??= await this.#open();
        const message = encodeAnswers(answers);
        await this.#rate?.take(message.length, this.#ending);
        await send(stream, message);
        this.#count(answers.blocks);
        await setImmediate(); // a store may answer without the event loop, and others have their turn here
      }
      await stream?.close({ signal: AbortSignal.timeout(LIMITS.bitswapTimeout) });
    } catch (error) {
      this.#asked.clear();
      stream?.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#isSending = false;
      this.#answer(); // what was asked for while the stream was closing
    }
  }

  async #nextAnswers(): Promise<NextAnswers> {
    const answers: NextAnswers = { blocks: [], presences: [] };
    let size = 0;
    for (const [key, { cid, presence, tellAbsence }] of this.#asked) {
      if (size >= MESSAGE_SIZE) break;
      this.#asked.delete(key);
      const bytes = await this.#read(cid);
      const isHere = bytes !== undefined;
      if (isHere && (!presence || bytes.length <= SMALL)) {
        answers.blocks.push({ cid, bytes });
        size += bytes.length;
      } else if (isHere || tellAbsence) answers.presences.push({ cid, isHere });
    }
    return answers;
  }

  async #read(cid: CID): Promise<Uint8Array | undefined> {
    try {
      if (!(await this.#blockstore.has(cid))) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of this.#blockstore.get(cid)) pieces.push(piece);
      return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    } catch {
      return undefined; // it went between the two, or is not given out any more
    }
  }

  #count(blocks: readonly Block[]): void {
    this.#sent.blocks += blocks.length;
    for (const { bytes } of blocks) this.#sent.bytes += bytes.length;
  }
}

/** Settles when the peer has room for more. @throws when it has taken nothing for too long */
async function send(stream: Stream, message: Uint8Array): Promise<void> {
  if (!stream.send(message)) await stream.onDrain({ signal: AbortSignal.timeout(LIMITS.bitswapTimeout) });
}
