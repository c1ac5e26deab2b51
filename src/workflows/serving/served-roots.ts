import type { Repository } from '../../repo/repository.ts';
import { namedEditions } from '../naming/named-edition.ts';
import { Leaving } from './leaving.ts';

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
 * The roots of what is served of our own: the current edition, with the roots it had when fewer had cosigned it, every pin, what our own
 * names lead to until they are published anew, and for a while the editions that were current before.
 */
export class ServedRoots {
  readonly #source: RootsSource;
  readonly #leaving: Leaving;

  constructor(source: RootsSource, graceMs: number) {
    this.#source = source;
    this.#leaving = new Leaving(graceMs);
  }

  read(): Roots {
    const head = this.#source.head();
    const known = head === undefined ? [] : [head.edition, ...this.#source.formerEditions(head.sequence)];
    const editions = known.filter((edition) => edition !== '');
    this.#leaving.replace(editions);
    const pins = this.#source.pins.list().map(({ cid }) => cid);
    const named = namedEditions(this.#source).map(({ root }) => root);
    const all = new Set([...editions, ...this.#leaving.roots(), ...pins, ...named]);
    return { edition: editions[0], all };
  }

  /** Whether an edition has come to the end of its time. */
  get isOverdue(): boolean {
    return this.#leaving.isOverdue;
  }
}
