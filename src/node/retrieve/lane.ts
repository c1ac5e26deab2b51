import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { SourceRecord } from './source-record.ts';

/** One request for a block that is under way. */
export interface Asking {
  since: number;
  controller: AbortController;
}

/** How long nothing is asked of a place that is busy, and of one that failed, in ms. */
const BUSY_PAUSE = 1000;
const PAUSE = 200;

/** One source with what it is being asked for. */
export class Lane {
  readonly record: SourceRecord;
  /** By key of the block. */
  readonly asking = new Map<string, Asking>();
  /** Keys of what it said that it does not have. */
  readonly absent = new Set<string>();
  #window: number;
  #pausedUntil = 0;

  constructor(record: SourceRecord) {
    this.record = record;
    this.#window = record.source.window;
  }

  /** Whether it may be asked for one more. */
  hasRoom(now: number): boolean {
    return !this.record.isAside && this.#pausedUntil <= now && this.asking.size < this.#window;
  }

  lacks(key: string, cid: CID): void {
    this.absent.add(key);
    this.record.lacks(`block ${cid}`);
  }

  /** Of many requests that fail together, as when a connection breaks, one counts; of a place that never gave anything, all. */
  failed(error: unknown): void {
    const now = performance.now();
    const isBusy = error instanceof OvnError && error.code === 'busy';
    const isPaused = this.#pausedUntil > now;
    if (isPaused && (isBusy || this.record.hasGiven)) return;
    this.record.failed(error);
    this.#pausedUntil = now + (isBusy ? BUSY_PAUSE : PAUSE);
    if (isBusy) this.#window = Math.max(1, this.#window >> 1);
  }

  /** Ends what takes longer than so many ms. */
  dropLate(now: number, limit: number): void {
    const late = new OvnError('io', `no block in ${limit / 1000} s`);
    for (const { since, controller } of this.asking.values()) if (now - since > limit) controller.abort(late);
  }

  /** Ends everything. */
  stop(): void {
    for (const { controller } of this.asking.values()) controller.abort();
  }
}

/** The promise, for as long as the signal waits for it: not every place ends what it is told to end. */
export function endingWith<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
