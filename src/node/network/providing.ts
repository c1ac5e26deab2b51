import { setTimeout } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
import { cidKey } from '../../unixfs/hash.ts';

export interface ProvidingEffects {
  /** Tells the DHT of one root. */
  provide(cid: CID, options: { signal: AbortSignal }): Promise<void>;
  /** Whether a peer was there to hear what was told; taken for granted when absent. */
  isHeard?(cid: CID): boolean;
  /** Takes back what will not be told again. */
  withdraw(cid: CID): Promise<void>;
  /** Ends it. */
  signal: AbortSignal;
  /** Milliseconds; the system's clock when absent. */
  now?(): number;
  /** Settles after so many milliseconds, rejects when the signal ends it; the system's timer when absent. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/** Roots that are kept known to others. */
export interface Providing {
  /** Tells of new roots at once, and of all again where `all`: when the first peer of a DHT comes. */
  changed(options?: { all?: boolean }): void;
  /** How many were told of and heard, and how many others failed and are tried again soon. */
  stats(): { provided: number; failed: number };
  /** Milliseconds since the root was told of that was longest ago; `undefined` where none was. */
  age(): number | undefined;
  /** When the root was told of that was longest ago, and when the next is to be, in ms since 1970; `undefined` where there is none. */
  times(): { oldest: number | undefined; next: number | undefined };
  /** Settles when the signal has ended it. */
  ended: Promise<void>;
}

const HOUR = 3_600_000;

/** A provider record is forgotten after 48 h (libp2p kad-dht specification); half of that leaves room for a failure. */
const INTERVAL = 22 * HOUR;
/** After which what failed is tried again. */
const RETRY = 5 * 60_000;
/** How long one root may take, and how many go at once. */
const TIMEOUT = 60_000;
const CONCURRENCY = 8;

interface Told {
  cid: CID;
  /** When it is to be told again. */
  due: number;
  failed: boolean;
}

/** Tells of all roots now, of new ones when they change, and of each again in time, until the signal ends it. */
export function keepProviding(roots: () => Iterable<CID>, effects: ProvidingEffects): Providing {
  return new Keeper(roots, effects);
}

class Keeper implements Providing {
  readonly ended: Promise<void>;
  readonly #roots: () => Iterable<CID>;
  readonly #effects: ProvidingEffects;
  readonly #told = new Map<string, Told>();
  #wake = new AbortController();

  constructor(roots: () => Iterable<CID>, effects: ProvidingEffects) {
    this.#roots = roots;
    this.#effects = effects;
    this.ended = this.#run();
  }

  changed({ all = false }: { all?: boolean } = {}): void {
    if (all) for (const told of this.#told.values()) told.due = 0;
    this.#wake.abort();
  }

  stats(): { provided: number; failed: number } {
    const all = [...this.#told.values()];
    return { provided: this.#heard().length, failed: all.filter((one) => one.failed).length };
  }

  age(): number | undefined {
    const { oldest } = this.times();
    return oldest === undefined ? undefined : Math.max(0, this.#now() - oldest);
  }

  times(): { oldest: number | undefined; next: number | undefined } {
    const all = [...this.#told.values()];
    const told = this.#heard().map(({ due }) => due - INTERVAL);
    return {
      oldest: told.length === 0 ? undefined : Math.min(...told),
      next: all.length === 0 ? undefined : Math.min(...all.map(({ due }) => due)),
    };
  }

  #heard(): Told[] {
    const { isHeard } = this.#effects;
    return [...this.#told.values()].filter(({ cid, failed }) => !failed && (isHeard?.(cid) ?? true));
  }

  async #run(): Promise<void> {
    const { signal } = this.#effects;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const { signal: woken } = this.#wake;
      await this.#tellAll();
      const pause = this.#untilNext();
      await this.#sleep(pause, AbortSignal.any([signal, woken])).catch(() => undefined);
    }
  }

  async #tellAll(): Promise<void> {
    const wanted = new Map(Array.from(this.#roots(), (cid) => [cidKey(cid), cid]));
    for (const [key, { cid }] of this.#told) {
      if (wanted.has(key)) continue;
      this.#told.delete(key);
      await this.#effects.withdraw(cid).catch(() => undefined);
    }
    const due = wanted.entries().filter(([key]) => (this.#told.get(key)?.due ?? 0) <= this.#now());
    // Workers share the one iterator.
    const work = async (): Promise<void> => {
      for (const [key, cid] of due) await this.#tell(key, cid);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  }

  async #tell(key: string, cid: CID): Promise<void> {
    const { signal } = this.#effects;
    if (signal.aborted) return;
    const started = this.#now();
    try {
      await this.#effects.provide(cid, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) });
      this.#told.set(key, { cid, due: started + INTERVAL, failed: false });
    } catch {
      this.#told.set(key, { cid, due: started + RETRY, failed: true });
    }
  }

  #untilNext(): number {
    let next = this.#now() + INTERVAL;
    for (const { due } of this.#told.values()) next = Math.min(next, due);
    return Math.max(0, next - this.#now());
  }

  #now(): number {
    return this.#effects.now?.() ?? Date.now();
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#effects.sleep?.(ms, signal) ?? setTimeout(ms, undefined, { signal, ref: false });
  }
}
