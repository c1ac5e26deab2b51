import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import { DAG_PB } from '../../unixfs/codecs.ts';
import { BlockFetcher } from './block-fetcher.ts';
import type { Taken } from './car-fetcher.ts';
import { CarQueue } from './car-queue.ts';
import { Frontier } from './frontier.ts';
import {
  RETRIEVE_LIMITS,
  type RetrieveEffects,
  type RetrieveLimits,
  type RetrieveReport,
} from './retrieve-options.ts';
import type { BlockSource } from './source.ts';
import { SourceRecord } from './source-record.ts';

/** Blocks that wait to be stored together. */
const BATCH_BLOCKS = 4096;
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * Fetches what is missing of a DAG into a store: as one CAR where a place gives it and nothing is held yet, and what is missing then block by
 * block from all places at once. What came in stays in the store whatever happens, so that the next try goes on from there.
 *
 * @throws OvnError `not-found` when nobody has anything of it, `incomplete` when some of it is not to be had: both name who was asked and
 *   what each answered; `malformed` for a block that cannot be decoded; `limit`; the signal's reason
 */
export async function retrieveDag(root: CID, effects: RetrieveEffects): Promise<RetrieveReport> {
  const retrieval = new Retrieval(root, effects);
  return await retrieval.run();
}

class Retrieval {
  readonly #root: CID;
  readonly #effects: RetrieveEffects;
  readonly #limits: RetrieveLimits;
  readonly #records: SourceRecord[];
  readonly #frontier: Frontier;
  #batch: Block[] = [];
  #waiting = 0;
  #lastNew = performance.now();
  #finding = 0;

  constructor(root: CID, effects: RetrieveEffects) {
    this.#root = root;
    this.#effects = effects;
    this.#limits = { ...RETRIEVE_LIMITS, ...effects.limits };
    this.#records = effects.sources.map((source) => new SourceRecord(source));
    this.#frontier = new Frontier(root, effects.store, { ...this.#limits, scope: effects.scope ?? 'all' });
  }

  async run(): Promise<RetrieveReport> {
    const { signal } = this.#effects;
    await this.#frontier.settle(signal);
    try {
      if (!this.#frontier.isWhole) await this.#fetch(signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : this.#tell(error);
    } finally {
      await this.#flush();
    }
    const { taken, known } = this.#frontier;
    return { ...taken, held: known - taken.blocks, sources: this.#records.map((record) => record.report()) };
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const ends = AbortSignal.any([signal, over.signal]);
    const cars: CarQueue = new CarQueue(this.#records, this.#carTask(ends), (error) =>
      error === undefined ? fetcher.pump() : fetcher.stop(error),
    );
    const fetcher = new BlockFetcher(this.#records, this.#fetchTask(cars, ends), this.#limits);
    const abort = (): void => fetcher.stop(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const timer = this.#startClock(fetcher);
    const late = this.#effects.over;
    const endLate = (): void => fetcher.stop(late?.reason);
    late?.addEventListener('abort', endLate, { once: true });
    this.#offerRoot(cars);
    for (const found of this.#effects.more ?? []) void this.#meet(found, fetcher, cars);
    if (late?.aborted) endLate();
    fetcher.pump();
    try {
      await fetcher.done;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      late?.removeEventListener('abort', endLate);
      over.abort();
      await cars.settled();
    }
  }

  /** A whole DAG is asked for as a CAR only when nothing of it is held: else what is would come again. */
  #offerRoot(cars: CarQueue): void {
    if (this.#frontier.known > 1 || this.#effects.scope === 'block' || cars.isBusy) return;
    this.#lastNew = performance.now();
    cars.offer(this.#root);
  }

  #startClock(fetcher: BlockFetcher): NodeJS.Timeout | undefined {
    const { total } = this.#limits;
    if (total === Number.POSITIVE_INFINITY) return undefined;
    const late = new OvnError('incomplete', 'the time is up');
    return setTimeout(() => fetcher.stop(late), Math.max(0, total));
  }

  /** Takes in sources that were found meanwhile. */
  async #meet(
    finding: Promise<readonly BlockSource[]>,
    fetcher: BlockFetcher,
    cars: CarQueue,
  ): Promise<void> {
    this.#finding += 1;
    try {
      const records = (await finding).map((source) => new SourceRecord(source));
      this.#records.push(...records);
      fetcher.add(records);
      this.#offerRoot(cars);
    } catch (error) {
      fetcher.stop(error);
    } finally {
      this.#finding -= 1;
      fetcher.pump();
    }
  }

  #carTask(signal: AbortSignal) {
    const take = (block: Block) => this.#take(block, signal);
    const isWhole = () => this.#frontier.isWhole;
    return { take, isWhole, patience: this.#limits.patience, signal };
  }

  #fetchTask(cars: CarQueue, signal: AbortSignal) {
    return {
      wanted: this.#frontier.wanted,
      isWhole: () => this.#frontier.isWhole,
      take: async (block: Block): Promise<void> => {
        const taken = this.#take(block, signal);
        if (block.cid.code === DAG_PB && this.#frontier.isUntrodden) cars.offer(block.cid);
        await taken;
      },
      isFlowing: () => cars.isBusy && performance.now() - this.#lastNew < this.#limits.headStart,
      mayCome: () => cars.isBusy || this.#finding > 0,
    };
  }

  #take(block: Block, signal: AbortSignal): Taken | Promise<Taken> {
    const taken = this.#frontier.take(block);
    if (taken !== 'new') return taken;
    this.#lastNew = performance.now();
    this.#effects.onNew?.();
    this.#batch.push(block);
    this.#waiting += block.bytes.length;
    const isFull = this.#batch.length >= BATCH_BLOCKS || this.#waiting >= BATCH_BYTES;
    return isFull || this.#frontier.isUnsettled ? this.#settle(isFull, signal) : taken;
  }

  async #settle(isFull: boolean, signal: AbortSignal): Promise<Taken> {
    if (isFull) await this.#flush();
    await this.#frontier.settle(signal);
    return 'new';
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#waiting = 0;
    if (batch.length > 0) await this.#effects.store.put(batch);
    const { taken, known } = this.#frontier;
    this.#effects.onProgress?.({ ...taken, known });
  }

  /** Who was asked, and what each answered. */
  #tell(error: unknown): unknown {
    if (!(error instanceof OvnError) || !['incomplete', 'not-found'].includes(error.code)) return error;
    const answers = this.#records.map((record) => `${record.source.id}: ${record.answer}`);
    const isNothing = this.#frontier.known === 1;
    const why = isNothing && error.code === 'not-found' ? '' : `: ${error.message}`;
    const what = `${this.#root} is ${isNothing ? 'not to be had' : 'not whole'}${why}`;
    const code = isNothing ? 'not-found' : 'incomplete';
    return new OvnError(code, [what, ...answers].join('; '), { cause: error });
  }
}
