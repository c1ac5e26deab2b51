/** Numbers in [0, 1). */
export type Random = () => number;

/** mulberry32: the same numbers for the same seed, everywhere. Not for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of `values`, which must not be empty. */
export function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[between(random, 0, values.length - 1)] ?? values[0];
}

/** What `make` gives, a random number of times from `low` to `high`. */
export function several<T>(random: Random, low: number, high: number, make: (index: number) => T): T[] {
  return Array.from({ length: between(random, low, high) }, (_, index) => make(index));
}
