import { OvnError } from '../../errors.ts';

/** How long one sync waits for others, in ms. */
export interface SyncTimes {
  /** Without a new block. */
  stall: number;
  /** In all: who gives a block now and then does not hold up the others that are followed. */
  total: number;
}

export const SYNC_TIMES: Readonly<SyncTimes> = { stall: 10 * 60_000, total: 60 * 60_000 };

/** Watches how long one sync waits for others. What is done here with what came does not count. */
export class Patience implements Disposable {
  readonly #times: SyncTimes;
  readonly #over = new AbortController();
  /** What is waited for at the moment; when that was looked at last. */
  #waiting = 0;
  #since = 0;
  /** Ms of waiting: since something new came, and in all. */
  #idle = 0;
  #waited = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(times: Partial<SyncTimes> = {}) {
    this.#times = { ...SYNC_TIMES, ...times };
  }

  /** Comes when nobody is to be waited for any more; its reason is an `OvnError` that says why. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The same promise, whose time counts. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#count();
    this.#waiting += 1;
    this.#arm();
    try {
      return await work;
    } finally {
      this.#count();
      this.#waiting -= 1;
      if (this.#waiting === 0) clearTimeout(this.#timer);
    }
  }

  /** Something new came. */
  came(): void {
    this.#count();
    this.#idle = 0;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #count(): void {
    const now = performance.now();
    if (this.#waiting > 0) {
      this.#idle += now - this.#since;
      this.#waited += now - this.#since;
    }
    this.#since = now;
  }

  #arm(): void {
    const { stall, total } = this.#times;
    clearTimeout(this.#timer);
    if (this.over.aborted) return;
    this.#timer = setTimeout(() => this.#look(), Math.min(stall - this.#idle, total - this.#waited));
  }

  #look(): void {
    const { stall, total } = this.#times;
    this.#count();
    if (this.#waited >= total) this.#end(`the time is up: ${total / 1000} s`);
    else if (this.#idle >= stall) this.#end(`nothing new came in ${stall / 1000} s`);
    else this.#arm();
  }

  #end(why: string): void {
    this.#over.abort(
      new OvnError('incomplete', why, { hint: 'Run it again: it goes on from what came in.' }),
    );
  }
}
