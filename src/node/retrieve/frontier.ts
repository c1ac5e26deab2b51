import { setImmediate } from 'node:timers/promises';
import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { cidKey, inlineBytes, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';

/** What is held already: of what is fetched, and of what is here besides. */
export interface Held {
  has(cid: CID): boolean;
  /** Whether all that it reaches is held too, so that nothing below it has to be looked at. */
  isWhole?(cid: CID): boolean;
  read: BlockReader;
}

/** How much a DAG may be: blocks, and bytes that are fetched. `scope`: whether more than the root is wanted at all. */
export interface FrontierLimits {
  scope: 'all' | 'block';
  blocks: number;
  bytes: number;
}

/** After so many reads the event loop turns, because a store may answer without it, and timers and signals wait for it. */
const READS_A_TURN = 128;

/** Links that are worth a CAR of their own. */
const SEVERAL = 3;

/**
 * The edge between what is held of a DAG and what is missing. Only a block that one above it links to is ever wanted, so what a hostile place
 * sends beside it is noticed with its first byte, and takes no room.
 */
export class Frontier {
  readonly #root: CID;
  readonly #held: Held;
  readonly #limits: FrontierLimits;
  readonly #seen = new Set<string>();
  readonly #wanted = new Set<string>();
  readonly #unread: CID[] = [];
  #reading = 0;
  #reads = 0;
  #fresh = 0;
  #familiar = 0;
  #blocks = 0;
  #bytes = 0;

  constructor(root: CID, held: Held, limits: FrontierLimits) {
    this.#root = root;
    this.#held = held;
    this.#limits = limits;
    this.#meet(root);
  }

  /** Keys that {@link cidOfKey} takes, in the order in which they were met. A CID itself would keep the block alive that it was read from. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** Blocks and bytes that were taken in. */
  get taken(): { blocks: number; bytes: number } {
    return { blocks: this.#blocks, bytes: this.#bytes };
  }

  /** Blocks that are known to belong to the DAG. */
  get known(): number {
    return this.#seen.size;
  }

  /** Whether the block that was taken in last has several links, and nothing of what they lead to was met before, or is held. */
  get isUntrodden(): boolean {
    return this.#fresh >= SEVERAL && this.#familiar === 0;
  }

  /** Whether some of what was met is held, and has to be read by {@link settle} before it is known what is wanted. */
  get isUnsettled(): boolean {
    return this.#unread.length > 0;
  }

  get isWhole(): boolean {
    return this.#wanted.size === 0 && this.#unread.length === 0 && this.#reading === 0;
  }

  /**
   * Takes a block in whose bytes match its CID.
   * @returns `new`; `known` for one that is here already; `stray` for one that nothing links to so far
   * @throws OvnError `malformed` for a block that cannot be decoded, `limit`
   */
  take({ cid, bytes }: Block): 'new' | 'known' | 'stray' {
    const key = cidKey(cid);
    if (!this.#wanted.delete(key)) return this.#seen.has(key) ? 'known' : 'stray';
    this.#blocks += 1;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limits.bytes)
      throw new OvnError('limit', `${this.#root} has more than ${this.#limits.bytes} bytes`);
    this.#follow(cid, bytes);
    return 'new';
  }

  /** Reads what is held, down to what is not. */
  async settle(signal: AbortSignal): Promise<void> {
    for (let cid = this.#unread.pop(); cid !== undefined; cid = this.#unread.pop()) {
      signal.throwIfAborted();
      // Until it is known what it leads to, nothing is whole.
      this.#reading += 1;
      try {
        await this.#read(cid);
      } finally {
        this.#reading -= 1;
      }
    }
  }

  async #read(cid: CID): Promise<void> {
    if (++this.#reads % READS_A_TURN === 0) await setImmediate();
    const bytes = await this.#held.read(cid);
    if (bytes === undefined) this.#wanted.add(cidKey(cid));
    else this.#follow(cid, bytes);
  }

  #follow(cid: CID, bytes: Uint8Array): void {
    this.#fresh = 0;
    this.#familiar = 0;
    if (this.#limits.scope === 'block') return;
    for (const link of linksOf(cid, bytes)) this.#meet(link);
  }

  #meet(cid: CID): void {
    const key = cidKey(cid);
    if (this.#seen.has(key)) {
      this.#familiar += 1;
      return;
    }
    this.#seen.add(key);
    if (this.#seen.size > this.#limits.blocks)
      throw new OvnError('limit', `${this.#root} has more than ${this.#limits.blocks} blocks`);
    if (isInline(cid)) this.#unpack(cid);
    else if (this.#held.has(cid)) this.#find(cid);
    else {
      this.#fresh += 1;
      this.#wanted.add(key);
    }
  }

  #find(cid: CID): void {
    this.#familiar += 1;
    if (this.#held.isWhole?.(cid) !== true) this.#unread.push(cid);
  }

  #unpack(cid: CID): void {
    const bytes = inlineBytes(cid);
    if (bytes === undefined)
      throw new OvnError('malformed', `identity CID ${cid} is longer than is accepted`);
    this.#follow(cid, bytes);
  }
}

/** The CID that a key of {@link Frontier.wanted} stands for. */
export function cidOfKey(key: string): CID {
  return CID.decode(Buffer.from(key, 'latin1'));
}
