import type { NameRouter } from '../../node/names/name-router.ts';
import type { Followed } from '../../repo/followed.ts';
import { Bell } from '../serving/bell.ts';
import type { Troubles } from '../serving/troubles.ts';

/** Milliseconds, but for what says otherwise. */
export const SYNC_TIMES = {
  /** Between two looks at one publication. */
  interval: 15 * 60_000,
  /** Part of the interval by which each pause is longer or shorter, so that mirrors do not come all at once. */
  jitter: 0.1,
  /** After a failure; twice as long after each further one. */
  retry: 60_000,
  /** Intervals that a pause grows to at most. */
  longest: 4,
  /** Between two looks that somebody asks for. */
  asked: 60_000,
  /** Looks at once. */
  atOnce: 2,
};

/** What a look told. */
export interface Looked {
  /** Why it did not end well. */
  problem: { code?: string; message: string } | null;
}

/** Looks for a newer edition of one publication, and takes it in. */
type Look = (publication: string, options: { signal: AbortSignal }) => Promise<Looked>;

/** The same; `names`: who is asked for names besides who is asked anyway. */
export type LookFor = (
  publication: string,
  options: { names: readonly NameRouter[]; signal: AbortSignal },
) => Promise<Looked>;

export interface SyncKeeperEffects {
  followed(): readonly Pick<Followed, 'publication' | 'checked'>[];
  sync: Look;
  /** Told what goes wrong, as `sync <publication>`. */
  troubles: Pick<Troubles, 'report' | 'settle'>;
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

export interface Syncing {
  /** Others may be followed, or somebody else may have looked. */
  look(): void;
  /**
   * Somebody says that there is something new: looks at once, unless that was done less than a minute ago; then when the minute is over.
   * Whether it looks now; nothing where it is not followed.
   */
  tell(publication: string): boolean | undefined;
  /** Looks that did not end well, of all since the start. */
  failures(publication: string): number;
  /** When nothing is under way any more, after the signal. */
  ended: Promise<void>;
}

interface Entry {
  /** When to look. */
  due: number;
  /** When it was looked for last, by us; and by anybody. */
  begun: number;
  checked: string | null;
  looking: Promise<void> | undefined;
  /** In a row, and in all. */
  failed: number;
  failures: number;
  /** Somebody told of something new while it was looked for. */
  wasTold: boolean;
}

/** Looks for newer editions of all that is followed, from time to time and when told, never twice at once for one of them. */
export function keepSynced(effects: SyncKeeperEffects, times: Partial<typeof SYNC_TIMES> = {}): Syncing {
  return new SyncKeeper(effects, { ...SYNC_TIMES, ...times });
}

class SyncKeeper implements Syncing {
  readonly ended: Promise<void>;
  readonly #effects: SyncKeeperEffects;
  readonly #times: typeof SYNC_TIMES;
  readonly #entries = new Map<string, Entry>();
  readonly #bell = new Bell();

  constructor(effects: SyncKeeperEffects, times: typeof SYNC_TIMES) {
    this.#effects = effects;
    this.#times = times;
    this.ended = this.#run();
  }

  look(): void {
    this.#bell.ring();
  }

  tell(publication: string): boolean | undefined {
    this.#adopt();
    const entry = this.#entries.get(publication);
    if (entry === undefined) return undefined;
    if (entry.looking !== undefined) {
      entry.wasTold = true;
      return true;
    }
    const soonest = entry.begun + this.#times.asked;
    entry.due = Math.min(entry.due, Math.max(soonest, this.#now()));
    this.#bell.ring();
    return soonest <= this.#now();
  }

  failures(publication: string): number {
    return this.#entries.get(publication)?.failures ?? 0;
  }

  async #run(): Promise<void> {
    const { signal } = this.#effects;
    while (!signal.aborted) {
      this.#lookForDue();
      await this.#bell.heard(this.#untilNext(), signal);
    }
    await Promise.all(Array.from(this.#entries.values(), ({ looking }) => looking));
  }

  #lookForDue(): void {
    try {
      this.#adopt();
    } catch (error) {
      this.#effects.troubles.report('sync', error);
    }
    let room = this.#times.atOnce - this.#looking();
    const due = [...this.#entries].filter(([, entry]) => entry.looking === undefined && this.#isDue(entry));
    for (const [publication, entry] of due.sort(([, a], [, b]) => a.due - b.due)) {
      if (room-- <= 0) return;
      entry.looking = this.#lookFor(publication, entry);
    }
  }

  /** Takes in what is followed now, and when others have looked. */
  #adopt(): void {
    const followed = new Map(this.#effects.followed().map((each) => [each.publication, each.checked]));
    for (const [publication, { looking }] of this.#entries) {
      if (!followed.has(publication) && looking === undefined) this.#entries.delete(publication);
    }
    for (const [publication, checked] of followed) {
      const entry = this.#entries.get(publication) ?? this.#add(publication);
      if (entry.checked === checked || entry.looking !== undefined) continue;
      entry.checked = checked;
      entry.due = checked === null ? this.#now() : this.#dueAfter(Date.parse(checked));
    }
  }

  #add(publication: string): Entry {
    const never = Number.NEGATIVE_INFINITY;
    const entry = {
      due: this.#now(),
      begun: never,
      checked: null,
      looking: undefined,
      failed: 0,
      failures: 0,
    };
    const added: Entry = { ...entry, wasTold: false };
    this.#entries.set(publication, added);
    return added;
  }

  async #lookFor(publication: string, entry: Entry): Promise<void> {
    const { sync, troubles, signal } = this.#effects;
    entry.begun = this.#now();
    entry.wasTold = false;
    const problem = await findProblem(() => sync(publication, { signal }));
    entry.looking = undefined;
    if (signal.aborted) return;
    const isFollowed = this.#isFollowed(publication, entry);
    if (problem === undefined || !isFollowed) troubles.settle(`sync ${publication}`);
    else troubles.report(`sync ${publication}`, problem);
    this.#plan(entry, problem !== undefined);
    this.#bell.ring();
  }

  /** Takes in what a look noted. Whether it is followed still: what cannot be read is not let go of. */
  #isFollowed(publication: string, entry: Entry): boolean {
    try {
      const followed = this.#effects.followed().find((each) => each.publication === publication);
      entry.checked = followed?.checked ?? null;
      return followed !== undefined;
    } catch (error) {
      this.#effects.troubles.report('sync', error);
      return true;
    }
  }

  #plan(entry: Entry, hasFailed: boolean): void {
    const { interval, retry, longest, asked } = this.#times;
    entry.failed = hasFailed ? entry.failed + 1 : 0;
    if (hasFailed) entry.failures++;
    const backOff = Math.min(Math.min(retry, interval) * 2 ** (entry.failed - 1), longest * interval);
    entry.due = this.#now() + this.#varied(hasFailed ? backOff : interval);
    if (entry.wasTold) entry.due = Math.min(entry.due, Math.max(entry.begun + asked, this.#now()));
  }

  /** A clock that was wrong once keeps nobody waiting. */
  #dueAfter(checked: number): number {
    return Math.min(checked, this.#now()) + this.#varied(this.#times.interval);
  }

  #isDue({ due }: Entry): boolean {
    return due <= this.#now();
  }

  #looking(): number {
    return this.#entries.values().reduce((sum, { looking }) => (looking === undefined ? sum : sum + 1), 0);
  }

  #untilNext(): number {
    const isFull = this.#looking() >= this.#times.atOnce;
    let next = this.#now() + this.#times.interval;
    for (const { due, looking } of this.#entries.values()) {
      if (looking === undefined && !isFull) next = Math.min(next, due);
    }
    return Math.max(0, next - this.#now());
  }

  #varied(ms: number): number {
    return ms * (1 + this.#times.jitter * (2 * this.#effects.random() - 1));
  }

  #now(): number {
    return this.#effects.now();
  }
}

async function findProblem(look: () => Promise<Looked>): Promise<unknown> {
  try {
    const { problem } = await look();
    return problem === null ? undefined : Object.assign(new Error(problem.message), { code: problem.code });
  } catch (error) {
    return error ?? 'it failed';
  }
}
