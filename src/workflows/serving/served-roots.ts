import type { Repository } from '../../repo/repository.ts';
import { namedEditions } from '../naming/named-edition.ts';

export type RootsSource = Pick<Repository, 'head' | 'formerEditions' | 'pins' | 'names' | 'editionOf'>;

/** How long an edition stays that another has replaced, for those who are in the middle of fetching it. */
export const GRACE_MS = 30_000;

/** The roots of what is served, at one moment. */
export interface Roots {
  /** Of the current edition, as it is now. */
  edition: string | undefined;
  all: ReadonlySet<string>;
}

/**
 * The roots of what is served: the current edition, with the roots it had when fewer had cosigned it, every pin, what our own names lead
 * to until they are published anew, and for a while the editions that were current before.
 */
export class ServedRoots {
  readonly #source: RootsSource;
  readonly #graceMs: number;
  /** Editions that were current, and when (`performance.now()`) they cease to be served. */
  readonly #leaving = new Map<string, number>();
  #editions: readonly string[] = [];

  constructor(source: RootsSource, graceMs: number) {
    this.#source = source;
    this.#graceMs = graceMs;
  }

  read(): Roots {
    const head = this.#source.head();
    const known = head === undefined ? [] : [head.edition, ...this.#source.formerEditions(head.sequence)];
    const editions = known.filter((edition) => edition !== '');
    this.#replace(editions);
    const pins = this.#source.pins.list().map(({ cid }) => cid);
    const named = namedEditions(this.#source).map(({ root }) => root);
    const all = new Set([...editions, ...this.#leaving.keys(), ...pins, ...named]);
    return { edition: editions[0], all };
  }

  /** Whether an edition has come to the end of its time. */
  get isOverdue(): boolean {
    const now = performance.now();
    return this.#leaving.values().some((end) => end <= now);
  }

  #replace(editions: readonly string[]): void {
    const now = performance.now();
    for (const before of this.#editions) {
      if (!editions.includes(before)) this.#leaving.set(before, now + this.#graceMs);
    }
    for (const [edition, end] of this.#leaving) {
      if (end <= now || editions.includes(edition)) this.#leaving.delete(edition);
    }
    this.#editions = editions;
  }
}
