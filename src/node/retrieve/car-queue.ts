import type { CID } from 'multiformats/cid';
import { type CarTask, fetchCar } from './car-fetcher.ts';
import type { SourceRecord } from './source-record.ts';

/** CARs that are read at once. */
const AT_ONCE = 3;

/** Sub-DAGs of which nothing is here: each is fetched as a CAR, while anybody gives CARs. */
export class CarQueue {
  readonly #records: readonly SourceRecord[];
  readonly #task: CarTask;
  readonly #onEnd: (error?: unknown) => void;
  readonly #waiting: CID[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Who gave the last one: the others are asked again only when it fails. */
  #preferred: SourceRecord | undefined;

  /** `onEnd` is told of each that ended, with what taking blocks in threw. */
  constructor(records: readonly SourceRecord[], task: CarTask, onEnd: (error?: unknown) => void) {
    this.#records = records;
    this.#task = task;
    this.#onEnd = onEnd;
  }

  /** Whether any is being read. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** All that are being read, ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Has a sub-DAG fetched when it is its turn; forgets it where nobody gives CARs. */
  offer(root: CID): void {
    if (this.#givers().length === 0) return;
    this.#waiting.push(root);
    this.#next();
  }

  #givers(): SourceRecord[] {
    if (this.#preferred?.givesCars) return [this.#preferred];
    return this.#records.filter((record) => record.givesCars);
  }

  #next(): void {
    while (this.#running.size < AT_ONCE && !this.#task.signal.aborted) {
      const root = this.#waiting.shift();
      if (root === undefined) return;
      const run: Promise<void> = this.#read(root).then(
        () => this.#ended(run),
        (error: unknown) => this.#ended(run, error),
      );
      this.#running.add(run);
    }
  }

  async #read(root: CID): Promise<void> {
    this.#preferred = await fetchCar(root, this.#givers(), this.#task);
  }

  #ended(run: Promise<void>, error?: unknown): void {
    this.#running.delete(run);
    this.#next();
    this.#onEnd(error);
  }
}
