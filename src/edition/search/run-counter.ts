const SLOTS = 1 << 11;
/** Distinct runs that are counted; later ones of an endless text are not. */
const MOST_RUNS = SLOTS >> 1;
const MOST_POINTS = 32;

/** A run of a text, and the points of all runs that are equal to it. */
export interface CountedRun {
  start: number;
  end: number;
  points: number;
}

/**
 * Counts the runs of a text without cutting them out of it, which is most of what a Map of texts would cost: a table with open
 * addresses that compares letters.
 */
export class RunCounter {
  readonly #text: string;
  readonly #slots = new Uint16Array(SLOTS);
  readonly #runs: CountedRun[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  add(start: number, end: number, points: number): void {
    let slot = this.#hash(start, end);
    for (;;) {
      const run = this.#runs[(this.#slots[slot] ?? 0) - 1];
      if (run === undefined) break;
      if (this.#isSame(run, start, end)) {
        run.points += points;
        return;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#runs.length < MOST_RUNS) this.#slots[slot] = this.#runs.push({ start, end, points });
  }

  /** Of equal ones those that came first: sorted by counting, because points are few. */
  *strongestFirst(): Generator<CountedRun> {
    const byPoints: CountedRun[][] = [];
    for (const run of this.#runs) {
      const at = Math.min(run.points, MOST_POINTS);
      const list = byPoints[at];
      if (list === undefined) byPoints[at] = [run];
      else list.push(run);
    }
    for (let at = MOST_POINTS; at > 0; at--) yield* byPoints[at] ?? [];
  }

  #hash(start: number, end: number): number {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + this.#text.charCodeAt(at)) | 0;
    return (hash ^ (hash >>> 11)) & (SLOTS - 1);
  }

  #isSame(run: CountedRun, start: number, end: number): boolean {
    if (run.end - run.start !== end - start) return false;
    for (let at = start, other = run.start; at < end; at++, other++)
      if (this.#text.charCodeAt(at) !== this.#text.charCodeAt(other)) return false;
    return true;
  }
}
