const SLOTS = 1 << 12;
/** Distinct runs that are counted; later ones of an endless text are not. */
const MOST_RUNS = SLOTS >> 1;
const MOST_POINTS = 32;

// One table for all texts, one after the other: making it anew would cost more than counting.
const slots = new Uint16Array(SLOTS);
const starts = new Uint32Array(MOST_RUNS);
const ends = new Uint32Array(MOST_RUNS);
const scores = new Uint32Array(MOST_RUNS);

/**
 * Counts the runs of a text without cutting them out of it, which is most of what a Map of texts would cost: a table with open
 * addresses that compares letters. There is one counter at a time: its table is the same for all.
 */
export class RunCounter {
  readonly #text: string;
  #length = 0;

  constructor(text: string) {
    this.#text = text;
    slots.fill(0);
  }

  /** @param hash the same for equal runs. */
  add(start: number, end: number, hash: number, points: number): void {
    const text = this.#text;
    let slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    for (let run = slots[slot] ?? 0; run > 0; run = slots[slot] ?? 0) {
      if (isSame(text, run - 1, start, end)) {
        scores[run - 1] = (scores[run - 1] ?? 0) + points;
        return;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#length === MOST_RUNS) return;
    starts[this.#length] = start;
    ends[this.#length] = end;
    scores[this.#length] = points;
    slots[slot] = ++this.#length;
  }

  /**
   * Gives the runs with the points of all that are equal to them, until `take` says that it has enough: those with the most points first,
   * of equal ones those that came first. Sorted by counting, because points are few.
   */
  strongestFirst(take: (start: number, end: number, points: number) => boolean): void {
    const byPoints: number[][] = [];
    for (let run = 0; run < this.#length; run++) {
      const at = Math.min(scores[run] ?? 0, MOST_POINTS);
      const list = byPoints[at];
      if (list === undefined) byPoints[at] = [run];
      else list.push(run);
    }
    for (let at = MOST_POINTS; at > 0; at--)
      for (const run of byPoints[at] ?? [])
        if (take(starts[run] ?? 0, ends[run] ?? 0, scores[run] ?? 0)) return;
  }
}

function isSame(text: string, run: number, start: number, end: number): boolean {
  let other = starts[run] ?? 0;
  if ((ends[run] ?? 0) - other !== end - start) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at) !== text.charCodeAt(other++)) return false;
  return true;
}
