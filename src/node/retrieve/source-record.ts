import { OvnError } from '../../errors.ts';
import type { BlockSource, SourceReport } from './source.ts';

/** Failures in a row after which a place is not asked any more. */
const MOST_FAILURES = 3;
const MOST_BUSY = 8;
const MOST_CAR_FAILURES = 2;

/** Different problems that are told of one place. */
const MOST_TOLD = 4;

/** Answers that no honest place gives. */
const LIES: readonly string[] = ['malformed', 'limit', 'refused'];

/** What became of one source: what it gave, what it said, whether it is still asked. */
export class SourceRecord {
  readonly source: BlockSource;
  #blocks = 0;
  #bytes = 0;
  #lacks: string | undefined;
  readonly #problems = new Set<string>();
  #failures = 0;
  #busy = 0;
  #carFailures = 0;
  #isAside = false;

  constructor(source: BlockSource) {
    this.source = source;
  }

  /** Whether it is not asked any more. */
  get isAside(): boolean {
    return this.#isAside;
  }

  /** Whether it gave anything at all. */
  get hasGiven(): boolean {
    return this.#blocks > 0;
  }

  /** Whether it is worth asking for a CAR. */
  get givesCars(): boolean {
    return this.source.dag !== undefined && !this.#isAside && this.#carFailures < MOST_CAR_FAILURES;
  }

  /** A CAR came to its end. */
  gaveCar(): void {
    this.#carFailures = 0;
  }

  gave(bytes: number): void {
    this.#blocks += 1;
    this.#bytes += bytes;
    this.#failures = 0;
    this.#busy = 0;
  }

  /** It answered that it does not have something: an answer like any other. */
  lacks(what: string): void {
    this.#lacks = `it does not have ${what}`;
    this.#failures = 0;
  }

  /** Who lies once is not asked again; who fails, after a few times in a row. */
  failed(error: unknown): void {
    const code = this.#note(error);
    if (code === 'busy') this.#busy += 1;
    else this.#failures += 1;
    if (this.#failures >= MOST_FAILURES || this.#busy >= MOST_BUSY) this.#isAside = true;
  }

  /** Who fails at CARs may be good for blocks. */
  failedCar(error: unknown): void {
    this.#note(error);
    this.#carFailures += 1;
  }

  #note(error: unknown): string {
    if (this.#problems.size < MOST_TOLD) this.#problems.add(messageOf(error));
    const code = error instanceof OvnError ? error.code : 'io';
    if (LIES.includes(code)) this.#isAside = true;
    return code;
  }

  /** What it answered, in words. */
  get answer(): string {
    const said = this.#said;
    if (said !== null) return said;
    return this.#blocks === 0 ? 'no answer so far' : `it gave ${this.#blocks} blocks`;
  }

  report(): SourceReport {
    const { id } = this.source;
    return { source: id, blocks: this.#blocks, bytes: this.#bytes, said: this.#said };
  }

  get #said(): string | null {
    const all = [...this.#problems, ...(this.#lacks === undefined ? [] : [this.#lacks])];
    return all.length === 0 ? null : all.join(', ');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
