/** Roots that were served until others took their place: they stay for a while, for those who are in the middle of fetching them. */
export class Leaving {
  readonly #graceMs: number;
  /** When (`performance.now()`) each ceases to be served. */
  readonly #ends = new Map<string, number>();
  #served: readonly string[] = [];

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** These are served now; those that were and are none of them begin to leave. */
  replace(served: readonly string[]): void {
    const now = performance.now();
    const isServed = new Set(served);
    for (const before of this.#served) {
      if (!isServed.has(before)) this.#ends.set(before, now + this.#graceMs);
    }
    for (const [root, end] of this.#ends) {
      if (end <= now || isServed.has(root)) this.#ends.delete(root);
    }
    this.#served = served;
  }

  /** Those that are still given. */
  roots(): Iterable<string> {
    return this.#ends.keys();
  }

  /** Whether one has come to the end of its time. */
  get isOverdue(): boolean {
    const now = performance.now();
    return this.#ends.values().some((end) => end <= now);
  }
}
