import { setTimeout } from 'node:timers/promises';

/** Wakes whoever waits for it; a ring that nobody waits for is heard by the next who does. */
export class Bell {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  /** Comes back when it rings, after so many ms, or when the signal comes. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const ends = AbortSignal.any([signal, ending.signal]);
    await Promise.race([
      this.#rung.promise,
      setTimeout(ms, undefined, { signal: ends }).catch(() => undefined),
    ]);
    ending.abort();
    this.#rung = Promise.withResolvers<void>();
  }
}
