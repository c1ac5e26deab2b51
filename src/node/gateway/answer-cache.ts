import type { CID } from 'multiformats/cid';
import type { GatewayResponse } from './messages.ts';

/** An answer that was made from blocks alone. */
export interface MadeAnswer {
  response: GatewayResponse & { body: Uint8Array };
  /** Every block of the way and at its end that may have to be refused later. */
  blocks: readonly CID[];
  /** The paths that it was given for, percent-encoded. */
  paths: readonly string[];
}

/** What a kept answer takes besides its body, in bytes: headers and key; and each CID. */
const OVERHEAD = 4096;
const CID_SIZE = 512;

/**
 * Answers that were made lately, the longest unused going first, bounded in bytes. All of them go when another edition is
 * the head: which publication is the paper's own, and what `/` shows, are part of an answer.
 */
export class AnswerCache {
  readonly #most: number;
  readonly #largest: number;
  readonly #answers = new Map<string, MadeAnswer>();
  #bytes = 0;
  #head: string | undefined;

  /** `most`: bytes in all; `largest`: bytes of a body. */
  constructor({ most, largest }: { most: number; largest: number }) {
    this.#most = most;
    this.#largest = largest;
  }

  /** The answer to the same request under the same head edition. Whether it may still be given is for the caller to ask. */
  get(key: string, head: string | undefined): MadeAnswer | undefined {
    if (head !== this.#head) this.#clear(head);
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  /** Keeps an answer that was made while `head` was the head edition, if it still is. */
  put(key: string, head: string | undefined, answer: MadeAnswer): void {
    if (head !== this.#head || answer.response.body.length > this.#largest) return;
    this.delete(key);
    this.#answers.set(key, answer);
    this.#bytes += sizeOf(answer);
    for (const [oldest] of this.#answers) {
      if (this.#bytes <= this.#most) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const answer = this.#answers.get(key);
    if (answer !== undefined) this.#bytes -= sizeOf(answer);
    this.#answers.delete(key);
  }

  #clear(head: string | undefined): void {
    this.#answers.clear();
    this.#bytes = 0;
    this.#head = head;
  }
}

function sizeOf({ response, blocks }: MadeAnswer): number {
  return response.body.length + OVERHEAD + blocks.length * CID_SIZE;
}
