import { CID } from 'multiformats/cid';
import type { Repository } from '../../repo/repository.ts';
import { Leaving } from './leaving.ts';
import { LiveReach } from './live-reach.ts';
import { type GetBytes, Reach } from './reach.ts';

export type FollowedSource = Pick<Repository, 'followed'>;

export interface FollowedViewOptions {
  getBytes: GetBytes;
  /** What is entered under no root. */
  bars(cid: CID): boolean;
  graceMs: number;
  onDefect(error: unknown): void;
}

/** Of each publication that is followed its last good edition; nothing while there is none. */
export type FollowedEditions = ReadonlyMap<string, string | undefined>;

/** What a new edition adds that much of is found at once; see the view of our own. */
const AT_ONCE_MS = 25;

/**
 * What is given of the publications that are followed: of each edition that is held whatever of it is held. Of a partial mirror's edition
 * most is missing, which is no defect: a root leads as far as there are blocks, so that the spine is given block by block, and a category
 * or a bundle that is held whole with all it reaches; what is denied takes along what lies below it, as everywhere. An edition that was
 * replaced stays for the grace.
 */
export class FollowedView {
  readonly #source: FollowedSource;
  readonly #leaving: Leaving;
  readonly #reach: LiveReach;
  #roots: ReadonlySet<string> = new Set();
  #state = '';
  #newest: FollowedEditions = new Map();
  #shown: FollowedEditions = new Map();

  constructor(source: FollowedSource, { getBytes, bars, graceMs, onDefect }: FollowedViewOptions) {
    this.#source = source;
    this.#leaving = new Leaving(graceMs);
    this.#reach = new LiveReach({
      make: () => new Reach(getBytes, bars),
      onWhole: () => {
        this.#shown = this.#newest;
      },
      onRenewed: () => undefined,
      onDefect,
    });
  }

  get size(): number {
    return this.#reach.size;
  }

  /** Of each publication the newest edition of which all that is held can be given. */
  get editions(): FollowedEditions {
    return this.#shown;
  }

  /** Whether an edition has come to the end of its time. */
  get isOverdue(): boolean {
    return this.#leaving.isOverdue;
  }

  has(cid: CID): boolean {
    return this.#reach.has(cid);
  }

  /** Takes in what has changed; whether any edition has. */
  update(): boolean {
    const list = this.#source.followed.list();
    const held = list.flatMap(({ publication }) => this.#source.followed.editions(publication));
    const state = JSON.stringify(list.map(({ publication, bytes, synced }) => [publication, bytes, synced]));
    this.#leaving.replace(held.map(({ edition }) => edition));
    this.#newest = new Map(list.map(({ publication, edition }) => [publication, edition ?? undefined]));
    const roots = new Set([...held.map(({ edition }) => edition), ...this.#leaving.roots()]);
    const isOther = roots.symmetricDifference(this.#roots).size > 0;
    const added = roots.difference(this.#roots);
    const mayLackLess = state !== this.#state && this.#reach.isLacking;
    const isLess = !this.#roots.isSubsetOf(roots);
    [this.#roots, this.#state] = [roots, state];
    const parse = (root: string) => CID.parse(root);
    this.#reach.setRoots(Array.from(roots, parse), Array.from(added, parse), AT_ONCE_MS);
    if (isLess || mayLackLess) this.#reach.renew();
    return isOther;
  }

  /** Other things are barred now. */
  renew(): void {
    this.#reach.renew();
  }

  catchUp(): Promise<void> | undefined {
    return this.#reach.catchUp();
  }

  settled(): Promise<void> {
    return this.#reach.settled();
  }

  end(): Promise<void> {
    return this.#reach.end();
  }
}
