import { CID } from 'multiformats/cid';
import type { RefusalReason, Served } from '../../node/served/served.ts';
import { ChangeCounter } from '../../repo/change-counter.ts';
import type { Repository } from '../../repo/repository.ts';
import { isInline } from '../../unixfs/hash.ts';
import type { Denials } from './denials.ts';
import { DeniedPages } from './denied-pages.ts';
import { type FollowedEditions, type FollowedSource, FollowedView } from './followed-view.ts';
import { LiveReach } from './live-reach.ts';
import { Reach } from './reach.ts';
import { GRACE_MS, type RootsSource, ServedRoots } from './served-roots.ts';
import { WithheldBlocks, type WithheldBlocksSource } from './withheld-blocks.ts';

export type ViewSource = Pick<Repository, 'db' | 'blockstore'> &
  RootsSource &
  WithheldBlocksSource &
  FollowedSource;

export interface ViewOptions {
  /** Everything that is held is given, not only what is current or pinned. */
  any: boolean;
  denials: Denials;
  /** See {@link GRACE_MS}. */
  graceMs?: number;
  /** Told of what goes wrong while it is found in the background. */
  onDefect(error: unknown): void;
}

/** A look into the database costs microseconds; bitswap asks a thousand times in one. */
const LOOK_EVERY_MS = 20;
/** What a publish of a few articles adds is found before the next answer is given; more is found meanwhile. */
const AT_ONCE_MS = 25;

/**
 * What is given to others: what the current edition and the pins reach, and what is held of those that are followed, or with `any`
 * everything that is held; never what is withheld or denied. What another process changes is taken in when it is next asked, or at the next {@link look}: new blocks at once, and all is
 * then found anew in the background, so that what nothing needs any more leaves it.
 */
export class ServedView implements Served, AsyncDisposable {
  readonly #options: ViewOptions;
  readonly #changes: ChangeCounter;
  readonly #roots: ServedRoots;
  readonly #withheld: WithheldBlocks;
  readonly #reach: LiveReach;
  /** With `any`: what lies below denied roots. It is given where something current or pinned needs it. */
  readonly #belowDenied: LiveReach;
  readonly #followed: FollowedView;
  readonly #deniedPages: DeniedPages;
  #served: ReadonlySet<string> = new Set();
  #newest: string | undefined;
  #edition: string | undefined;
  #generation = 0;
  #version = '';
  #lastBlock = 0;
  #looked = Number.NEGATIVE_INFINITY;
  #hasEnded = false;

  private constructor(source: ViewSource, options: ViewOptions) {
    const { denials, onDefect, graceMs = GRACE_MS } = options;
    const getBytes = (cid: CID): Uint8Array | undefined => source.blockstore.getBytes(cid);
    const withheld = new WithheldBlocks(source, getBytes);
    this.#options = options;
    this.#changes = new ChangeCounter(source.db);
    this.#roots = new ServedRoots(source, graceMs);
    this.#withheld = withheld;
    const deniedPages = new DeniedPages(denials);
    this.#deniedPages = deniedPages;
    const bars = (cid: CID): boolean => withheld.isText(cid) || denials.deniesBlock(cid);
    this.#reach = new LiveReach({
      make: () => new Reach(getBytes, bars, deniedPages.linksIn),
      onWhole: () => {
        this.#edition = this.#newest;
      },
      onRenewed: () => withheld.settle(),
      onDefect,
    });
    const nothing = (): void => undefined;
    const make = () => new Reach(getBytes);
    this.#belowDenied = new LiveReach({ make, onWhole: nothing, onRenewed: nothing, onDefect });
    this.#followed = new FollowedView(source, {
      getBytes,
      bars,
      linksIn: deniedPages.linksIn,
      graceMs,
      onDefect,
    });
  }

  /** Finds what is to be served; given out when all of it is found. */
  static async open(source: ViewSource, options: ViewOptions): Promise<ServedView> {
    const view = new ServedView(source, options);
    view.#withheld.update();
    view.#withheld.settle();
    view.#findBelowDenied();
    await view.settled();
    return view;
  }

  /** How many blocks are known to be served; those of our own that are followed too count twice. With `any` there are more. */
  get size(): number {
    return this.#reach.size + this.#followed.size;
  }

  /** Another number whenever there is another edition, of ours or of those that are followed, or another pin. */
  get generation(): number {
    return this.#generation;
  }

  /** Root of the newest edition of which everything can be given. */
  edition(): string | undefined {
    this.look();
    return this.#edition;
  }

  /** Of each publication that is followed the newest edition of which all that is held can be given. */
  followed(): FollowedEditions {
    this.look();
    return this.#followed.editions;
  }

  allows(cid: CID): boolean {
    if (this.#hasEnded) return false;
    if (performance.now() - this.#looked >= LOOK_EVERY_MS) this.look();
    if (this.#isDenied(cid)) return false;
    if (isInline(cid)) return true;
    if (this.#withheld.isText(cid) || this.#withheld.isDoubtful(cid)) return false;
    if (this.#reach.has(cid) || this.#followed.has(cid)) return true;
    return this.#options.any && !this.#withheld.has(cid) && !this.#belowDenied.has(cid);
  }

  refusal(cid: CID): RefusalReason | undefined {
    if (this.#isDenied(cid)) return 'denied';
    if (this.allows(cid)) return undefined;
    if (this.#withheld.has(cid)) return 'withheld';
    return this.#belowDenied.has(cid) ? 'denied' : undefined;
  }

  refusesPath(path: string): RefusalReason | undefined {
    if (this.#options.denials.deniesPath(path)) return 'denied';
    const [, namespace, root = ''] = path.split('/');
    const cid = namespace === 'ipfs' ? parseCid(root) : undefined;
    return cid === undefined ? undefined : this.refusal(cid);
  }

  catchUp(): Promise<void> | undefined {
    const [ours, theirs] = [this.#reach.catchUp(), this.#followed.catchUp()];
    if (ours === undefined || theirs === undefined) return ours ?? theirs;
    return Promise.all([ours, theirs]).then(() => undefined);
  }

  /** Looks whether anything has changed, and takes it in. */
  look(): void {
    if (this.#hasEnded) return;
    this.#looked = performance.now();
    const version = this.#changes.read();
    if (version === this.#version && !this.#roots.isOverdue && !this.#followed.isOverdue) return;
    this.#version = version;
    this.#update();
  }

  /** Other things are denied now: finds everything anew. */
  renew(): void {
    this.#deniedPages.clear();
    this.#findBelowDenied();
    this.#reach.renew();
    this.#followed.renew();
  }

  /** When all that is known of by now has been found. */
  async settled(): Promise<void> {
    this.look();
    await Promise.all([this.#reach.settled(), this.#belowDenied.settled(), this.#followed.settled()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    await Promise.all([this.#reach.end(), this.#belowDenied.end(), this.#followed.end()]);
  }

  #isDenied(cid: CID): boolean {
    return this.#options.denials.deniesBlock(cid) || this.#deniedPages.has(cid);
  }

  #update(): void {
    const isMoreWithheld = this.#withheld.update();
    const before = this.#served;
    const { edition, all } = this.#roots.read();
    [this.#newest, this.#served] = [edition, all];
    const isOtherFollowed = this.#followed.update();
    if (isOtherFollowed || before.symmetricDifference(all).size > 0) this.#generation++;
    const parse = (root: string) => CID.parse(root);
    this.#reach.setRoots(Array.from(all, parse), Array.from(all.difference(before), parse), AT_ONCE_MS);
    if (isMoreWithheld || !before.isSubsetOf(all) || this.#mayLackLess()) this.#reach.renew();
  }

  /** Whether blocks have come that might be the ones that were missing. */
  #mayLackLess(): boolean {
    const before = this.#lastBlock;
    this.#lastBlock = this.#changes.lastBlock();
    return this.#reach.isLacking && this.#lastBlock !== before;
  }

  #findBelowDenied(): void {
    const roots = this.#options.any ? [...this.#options.denials.deniedRoots()] : [];
    this.#belowDenied.setRoots(roots, roots, 0);
    this.#belowDenied.renew();
  }
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}
