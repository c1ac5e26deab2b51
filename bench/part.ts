/** What a part may use. */
export interface Bench {
  /** Rounds at most. */
  runs: number;
  /** A part begins no round that would end after so many seconds. */
  seconds: number;
  /** An empty folder, on memory where the machine has one; removed afterwards. */
  scratch: string;
  signal: AbortSignal;
}

export type Unit = 's' | 'ms' | 'µs' | 'MB' | 'KB' | 'blocks' | 'requests';

/** One thing measured, once a round. */
export interface Series {
  name: string;
  unit: Unit;
  values: number[];
}

/** Two series to compare. `speed`: how many times as fast ours is, at least `bar`; `cost`: how many times as much it takes, at most `bar`. */
export interface Claim {
  kind: 'speed' | 'cost';
  ours: string;
  theirs: string;
  bar: number | undefined;
}

/** The series of a part by name, and what is claimed about them. */
export class Results {
  readonly series = new Map<string, Series>();
  readonly claims: Claim[] = [];
  /** What could not be measured, and why. */
  readonly absent: string[] = [];

  record(name: string, unit: Unit, value: number): void {
    const series = this.series.get(name) ?? { name, unit, values: [] };
    series.values.push(value);
    this.series.set(name, series);
  }

  claimSpeed(ours: string, theirs: string, bar?: number): void {
    this.claims.push({ kind: 'speed', ours, theirs, bar });
  }

  claimCost(ours: string, theirs: string, bar?: number): void {
    this.claims.push({ kind: 'cost', ours, theirs, bar });
  }

  missing(what: string): void {
    if (!this.absent.includes(what)) this.absent.push(what);
  }
}

/** One measurement of the bench: fills `results`. */
export type Part = (bench: Bench, results: Results) => Promise<void>;

/** Calls `round` up to `bench.runs` times within `bench.seconds`, at least once. */
export async function inRounds(bench: Bench, round: (number: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  let longest = 0;
  for (let number = 0; number < bench.runs; number++) {
    const begun = performance.now();
    if (number > 0 && begun - start + longest > bench.seconds * 1000) return;
    bench.signal.throwIfAborted();
    await round(number);
    longest = Math.max(longest, performance.now() - begun);
  }
}
