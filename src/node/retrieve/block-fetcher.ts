import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import { verifyBlock } from '../../unixfs/hash.ts';
import { cidOfKey } from './frontier.ts';
import { type Asking, endingWith, Lane } from './lane.ts';
import type { SourceRecord } from './source-record.ts';

/** What a fetcher works on. */
export interface FetchTask {
  /** Keys of the blocks that are missing. */
  wanted: ReadonlySet<string>;
  isWhole(): boolean;
  take(block: Block): Promise<void>;
  /** Whether blocks come by another way right now, so that asking for them would be asking twice. */
  isFlowing(): boolean;
  /** Whether any may still come that way, so that nothing is given up yet. */
  mayCome(): boolean;
}

/** In milliseconds. */
export interface FetchLimits {
  /** For one block. */
  block: number;
  /** After which another place is asked for a block beside the first. */
  hedge: number;
}

/** How often what takes too long is looked for, in ms. */
const TICK = 100;

/** Blocks that a place does not have that are passed over each time to find one that it may have. */
const PASSED_OVER = 256;

/** Why a place is not waited for any more when another one has given the block. */
const NOT_NEEDED = new Error('another place was faster');

/** Fetches what is missing block by block, from all sources at once, each block from whoever is first. */
export class BlockFetcher {
  readonly #lanes: Lane[];
  readonly #task: FetchTask;
  readonly #limits: FetchLimits;
  /** Whom each key was asked of: how many, and when the first. */
  readonly #asked = new Map<string, { count: number; since: number }>();
  readonly #end = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(records: readonly SourceRecord[], task: FetchTask, limits: FetchLimits) {
    this.#lanes = records.map((record) => new Lane(record));
    this.#task = task;
    this.#limits = limits;
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  /** Settles when nothing is missing. @throws OvnError `not-found` when a block is nowhere to be had, and what taking blocks in throws */
  get done(): Promise<void> {
    return this.#end.promise;
  }

  /** More sources, which are asked from now on. */
  add(records: readonly SourceRecord[]): void {
    this.#lanes.push(...records.map((record) => new Lane(record)));
  }

  /** Asks whoever has room for whatever is missing. */
  pump(): void {
    if (this.#isOver) return;
    if (this.#task.isWhole()) this.stop();
    if (this.#isOver || this.#task.isFlowing()) return;
    const now = performance.now();
    for (const lane of this.#lanes) this.#fill(lane, now);
    this.#giveUpIfNobody();
  }

  /** Ends it, with an error or without one. Nothing is asked of anybody any more. */
  stop(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const lane of this.#lanes) lane.stop();
    if (error === undefined) this.#end.resolve();
    else this.#end.reject(error);
  }

  #tick(): void {
    this.#dropLate(performance.now());
    this.pump();
  }

  #fill(lane: Lane, now: number): void {
    while (lane.hasRoom(now)) {
      const key = this.#choose(lane, now);
      if (key === undefined) return;
      void this.#ask(lane, key, now);
    }
  }

  /** What nobody is asked for yet; else what somebody takes long to give. */
  #choose(lane: Lane, now: number): string | undefined {
    let slow: string | undefined;
    let passedOver = 0;
    for (const key of this.#task.wanted) {
      const asked = this.#asked.get(key);
      const isSlow = asked?.count === 1 && now - asked.since > this.#limits.hedge;
      if ((asked !== undefined && !isSlow) || lane.asking.has(key)) continue;
      if (lane.absent.has(key)) {
        if (++passedOver > PASSED_OVER) break;
      } else if (asked === undefined) return key;
      else slow ??= key;
    }
    return slow;
  }

  async #ask(lane: Lane, key: string, now: number): Promise<void> {
    const cid = cidOfKey(key);
    const controller = new AbortController();
    const { signal } = controller;
    this.#begin(lane, key, { since: now, controller });
    try {
      const bytes = await endingWith(signal, lane.record.source.block(cid, { signal }));
      this.#finish(lane, key);
      if (this.#isOver) return;
      if (bytes === undefined) lane.lacks(key, cid);
      else await this.#take(lane, key, { cid, bytes });
    } catch (error) {
      this.#finish(lane, key);
      const why: unknown = signal.aborted ? signal.reason : error;
      if (!this.#isOver && why !== NOT_NEEDED) lane.failed(why);
    }
    this.pump();
  }

  #begin(lane: Lane, key: string, asking: Asking): void {
    lane.asking.set(key, asking);
    const asked = this.#asked.get(key);
    if (asked === undefined) this.#asked.set(key, { count: 1, since: asking.since });
    else asked.count += 1;
  }

  #finish(lane: Lane, key: string): void {
    if (!lane.asking.delete(key)) return;
    const asked = this.#asked.get(key);
    if (asked !== undefined && --asked.count === 0) this.#asked.delete(key);
  }

  async #take(lane: Lane, key: string, block: Block): Promise<void> {
    if (!verifyBlock(block.cid, block.bytes))
      throw new OvnError('malformed', `its bytes of ${block.cid} do not match the CID`);
    if (!this.#task.wanted.has(key)) return;
    lane.record.gave(block.bytes.length);
    for (const { asking } of this.#lanes) asking.get(key)?.controller.abort(NOT_NEEDED);
    await this.#task.take(block).catch((error: unknown) => this.stop(error));
  }

  /** Whoever takes too long for a block has failed; another may be asked for it. */
  #dropLate(now: number): void {
    for (const lane of this.#lanes) lane.dropLate(now, this.#limits.block);
  }

  /** A block that everybody who is still asked does not have is nowhere: the rest would not make it whole. */
  #giveUpIfNobody(): void {
    if (this.#task.mayCome() || this.#lanes.some(({ asking }) => asking.size > 0)) return;
    const open = this.#lanes.filter(({ record }) => !record.isAside);
    const missing = [...this.#task.wanted].find((key) => open.every(({ absent }) => absent.has(key)));
    if (missing !== undefined)
      this.stop(new OvnError('not-found', `block ${cidOfKey(missing)} is not to be had`));
  }
}
