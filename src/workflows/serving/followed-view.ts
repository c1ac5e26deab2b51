import { CID } from 'multiformats/cid';
import type { Repository } from '../../repo/repository.ts';
import { DAG_PB } from '../../unixfs/codecs.ts';
import { type Formerly, linksWithoutFormerPages } from './former-pages.ts';
import { isBundle } from './is-bundle.ts';
import { Leaving } from './leaving.ts';
import { LiveReach } from './live-reach.ts';
import { type GetBytes, Reach } from './reach.ts';

export type FollowedSource = Pick<Repository, 'followed'>;

export interface FollowedViewOptions {
  getBytes: GetBytes;
  /** What is entered under no root. */
  bars(cid: CID): boolean;
  /** Which links of a block are followed. */
  linksIn(cid: CID, bytes: Uint8Array): CID[];
  graceMs: number;
  onDefect(error: unknown): void;
}

/** Of each publication that is followed its last good edition; nothing while there is none. */
export type FollowedEditions = ReadonlyMap<string, string | undefined>;

/** What a new edition adds that much of is found at once; see the view of our own. */
const AT_ONCE_MS = 25;

/** The editions that are held, by their roots. */
interface HeldRoots {
  /** The last good ones, and those that they have replaced a moment ago. */
  shown: ReadonlySet<string>;
  /** Those before them that are kept. */
  older: readonly string[];
}

/**
 * What is given of the publications that are followed: of each edition that is held whatever of it is held. Of a partial mirror's edition
 * most is missing, which is no defect: a root leads as far as there are blocks, so that the spine is given block by block, and a category
 * or a bundle that is held whole with all it reaches; what is denied takes along what lies below it, as everywhere. An edition that was
 * replaced stays for the grace. Of an older one that is kept no bundle is given that the last good one does not have, nor the site's page of
 * it: a retraction may withhold its text.
 */
export class FollowedView {
  readonly #options: FollowedViewOptions;
  readonly #source: FollowedSource;
  readonly #leaving: Leaving;
  readonly #reach: LiveReach;
  readonly #older: LiveReach;
  #roots: HeldRoots = { shown: new Set(), older: [] };
  #state = '';
  /** The editions that what is known of older ones was found with. */
  #olderState = '';
  #newest: FollowedEditions = new Map();
  #shown: FollowedEditions = new Map();

  constructor(source: FollowedSource, options: FollowedViewOptions) {
    const { getBytes, bars, linksIn, graceMs, onDefect } = options;
    this.#options = options;
    this.#source = source;
    this.#leaving = new Leaving(graceMs);
    this.#reach = new LiveReach({
      make: () => new Reach(getBytes, bars, linksIn),
      onWhole: () => {
        this.#shown = this.#newest;
        this.#findOlder();
      },
      onRenewed: () => this.#older.renew(),
      onDefect,
    });
    const formerly: Formerly = {
      isFormerBundle: (cid) => this.#isFormerBundle(cid),
      isShown: (cid) => this.#reach.has(cid),
    };
    this.#older = new LiveReach({
      make: () =>
        new Reach(
          getBytes,
          (cid) => bars(cid) || this.#isFormerBundle(cid),
          (cid, bytes) => linksWithoutFormerPages(cid, bytes, formerly),
        ),
      onWhole: () => undefined,
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
    return this.#reach.has(cid) || this.#older.has(cid);
  }

  /** Takes in what has changed; whether any edition has. */
  update(): boolean {
    const { shown: before } = this.#roots;
    const state = this.#read();
    const { shown } = this.#roots;
    const mayLackLess = state !== this.#state && this.#reach.isLacking;
    this.#state = state;
    this.#reach.setRoots(parseAll(shown), parseAll(shown.difference(before)), AT_ONCE_MS);
    if (!before.isSubsetOf(shown) || mayLackLess) this.#reach.renew();
    return shown.symmetricDifference(before).size > 0;
  }

  /** Other things are barred now. */
  renew(): void {
    this.#reach.renew();
    this.#older.renew();
  }

  catchUp(): Promise<void> | undefined {
    return this.#reach.catchUp();
  }

  async settled(): Promise<void> {
    await this.#reach.settled();
    await this.#older.settled();
  }

  async end(): Promise<void> {
    await Promise.all([this.#reach.end(), this.#older.end()]);
  }

  /** Reads what is held; gives a text that changes with how much of it is. */
  #read(): string {
    const { followed } = this.#source;
    const list = followed.list();
    const newest = list.flatMap(({ edition }) => edition ?? []);
    this.#newest = new Map(list.map(({ publication, edition }) => [publication, edition ?? undefined]));
    this.#leaving.replace(newest);
    const held = list.flatMap(({ publication }) => followed.editions(publication));
    this.#roots = {
      shown: new Set([...newest, ...this.#leaving.roots()]),
      older: held.map(({ edition }) => edition).filter((edition) => !newest.includes(edition)),
    };
    return JSON.stringify(list.map(({ publication, bytes, synced }) => [publication, bytes, synced]));
  }

  /** Once it is known what the last good editions reach. */
  #findOlder(): void {
    const { older } = this.#roots;
    const state = JSON.stringify([...this.#shown, older]);
    if (state === this.#olderState) return;
    this.#olderState = state;
    this.#older.setRoots(parseAll(older), [], 0);
    this.#older.renew();
  }

  #isFormerBundle(cid: CID): boolean {
    if (cid.code !== DAG_PB || this.#reach.has(cid)) return false;
    const bytes = this.#options.getBytes(cid);
    return bytes !== undefined && isBundle(bytes);
  }
}

function parseAll(roots: Iterable<string>): CID[] {
  return Array.from(roots, (root) => CID.parse(root));
}
