import { OvnError } from '../../errors.ts';

/** Bytes in each limit below which a stream counts as stalled: a drop now and then holds nobody up for ever. */
const LEAST = 1024;

/** Watches how long a stream is waited for. What its reader does in between does not count. */
export class Pace {
  readonly #limit: number;
  readonly #onStall: () => void;
  #waited = 0;
  #bytes = 0;
  #isStalled = false;

  /** `limit`: ms of waiting for {@link LEAST} bytes, after which `onStall` is called, which has to end the stream. */
  constructor(limit: number, onStall: () => void) {
    this.#limit = limit;
    this.#onStall = onStall;
  }

  /** Why it was ended; nothing where it was not. */
  get failure(): OvnError | undefined {
    if (!this.#isStalled) return undefined;
    return new OvnError('io', `it stalls: less than ${LEAST} bytes in ${this.#limit / 1000} s`);
  }

  /** The same promise, watched. */
  async wait<T>(next: Promise<T>): Promise<T> {
    const begun = performance.now();
    const timer = setTimeout(() => this.#stall(), Math.max(0, this.#limit - this.#waited));
    try {
      return await next;
    } finally {
      clearTimeout(timer);
      this.#waited += performance.now() - begun;
    }
  }

  /** So many bytes came. */
  came(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < LEAST) return;
    this.#bytes = 0;
    this.#waited = 0;
  }

  #stall(): void {
    this.#isStalled = true;
    this.#onStall();
  }
}
