/** Who waits for its turn. */
interface Waiter {
  bytes: number;
  pass(): void;
}

/** What was not used is saved up for so long, in ms: a page is out at once while nobody downloads. */
const SAVED_MS = 250;

/**
 * Lets so many bytes a second pass, whoever they are for, in the order in which it was asked. What passes goes as a whole and is paid
 * for afterwards, so that a block larger than what is saved up waits for nothing but its turn.
 */
export class RateLimit {
  /** Bytes a millisecond. */
  readonly #rate: number;
  readonly #waiting = new Set<Waiter>();
  /** When all that has passed is paid for (`performance.now()`). */
  #paid = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param rate bytes a second */
  constructor(rate: number) {
    this.#rate = rate / 1000;
  }

  /** Who is waiting. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Nothing where so many bytes may go at once, else when they may. Rejects with the signal's reason, and then counts nothing. */
  take(bytes: number, { signal }: { signal: AbortSignal }): Promise<void> | undefined {
    if (this.#waiting.size === 0 && this.#pay(bytes)) return undefined;
    return this.#wait(bytes, signal);
  }

  async #wait(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { bytes, pass: resolve };
    const leave = (): void => {
      this.#waiting.delete(waiter);
      reject(signal.reason);
    };
    this.#waiting.add(waiter);
    signal.addEventListener('abort', leave, { once: true });
    this.#timer ??= this.#wake();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #pay(bytes: number): boolean {
    const now = performance.now();
    if (this.#paid > now) return false;
    this.#paid = Math.max(this.#paid, now - SAVED_MS) + bytes / this.#rate;
    return true;
  }

  #wake(): NodeJS.Timeout | undefined {
    if (this.#waiting.size === 0) return undefined;
    return setTimeout(() => this.#letPass(), Math.max(0, this.#paid - performance.now())).unref();
  }

  #letPass(): void {
    for (const waiter of this.#waiting) {
      if (!this.#pay(waiter.bytes)) break;
      this.#waiting.delete(waiter);
      waiter.pass();
    }
    this.#timer = this.#wake();
  }
}
