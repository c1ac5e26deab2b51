import { setImmediate, setTimeout } from 'node:timers/promises';
import { CID } from 'multiformats/cid';
import type { RefusalReason, Served } from '../../node/served/served.ts';
import { ChangeCounter } from '../../repo/change-counter.ts';
import type { Repository } from '../../repo/repository.ts';
import { isInline } from '../../unixfs/hash.ts';
import type { Denials } from './denials.ts';
import { Reach } from './reach.ts';
import { GRACE_MS, type RootsSource, ServedRoots } from './served-roots.ts';
import { WithheldBlocks, type WithheldBlocksSource } from './withheld-blocks.ts';

export type ViewSource = Pick<Repository, 'db' | 'blockstore'> & RootsSource & WithheldBlocksSource;

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
const SLICE_MS = 8;
/** Between two slices of finding anew what was found before: nobody waits for that. */
const PAUSE_MS = 2;

/**
 * What is given to others: what the current edition and the pins reach, or with `any` everything that is held; never what is withheld
 * or denied. What another process changes is taken in when it is next asked, or at the next {@link look}: new blocks at once, and all is
 * then found anew in the background, so that what nothing needs any more leaves it.
 */
export class ServedView implements Served, AsyncDisposable {
  readonly #source: ViewSource;
  readonly #options: ViewOptions;
  readonly #changes: ChangeCounter;
  readonly #roots: ServedRoots;
  readonly #withheld: WithheldBlocks;
  readonly #ending = new AbortController();
  #reach: Reach;
  /** What is being found anew, and whether that began before the last reason for it. */
  #fresh: Reach | undefined;
  #isFreshLate = false;
  /** With `any`: what lies below denied roots. It is given where something current or pinned needs it. */
  #belowDenied: Reach;
  #served: ReadonlySet<string> = new Set();
  #newest: string | undefined;
  #edition: string | undefined;
  #generation = 0;
  #version = '';
  #lastBlock = 0;
  #looked = Number.NEGATIVE_INFINITY;
  #working: Promise<void> | undefined;
  #catchingUp: Promise<void> | undefined;

  private constructor(source: ViewSource, options: ViewOptions) {
    this.#source = source;
    this.#options = options;
    this.#changes = new ChangeCounter(source.db);
    this.#roots = new ServedRoots(source, options.graceMs ?? GRACE_MS);
    this.#withheld = new WithheldBlocks(source, this.#getBytes);
    this.#reach = this.#newReach();
    this.#belowDenied = this.#reachOfDenied();
  }

  /** Finds what is to be served; given out when all of it is found. */
  static async open(source: ViewSource, options: ViewOptions): Promise<ServedView> {
    const view = new ServedView(source, options);
    view.#withheld.update();
    view.#withheld.settle();
    await view.settled();
    return view;
  }

  /** How many blocks are known to be served. With `any` there are more. */
  get size(): number {
    return this.#reach.size;
  }

  /** Another number whenever there is another edition, or another pin. */
  get generation(): number {
    return this.#generation;
  }

  /** Root of the newest edition of which everything can be given. */
  edition(): string | undefined {
    this.look();
    return this.#edition;
  }

  allows(cid: CID): boolean {
    if (this.#ending.signal.aborted) return false;
    this.#lookNowAndThen();
    if (this.#options.denials.deniesBlock(cid)) return false;
    if (isInline(cid)) return true;
    if (this.#withheld.isText(cid) || this.#withheld.isDoubtful(cid)) return false;
    if (this.#reach.has(cid)) return true;
    return this.#options.any && !this.#withheld.has(cid) && !this.#belowDenied.has(cid);
  }

  refusal(cid: CID): RefusalReason | undefined {
    if (this.#options.denials.deniesBlock(cid)) return 'denied';
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
    if (this.#reach.isWhole || this.#ending.signal.aborted) return undefined;
    this.#catchingUp ??= this.#untilWhole();
    return this.#catchingUp;
  }

  /** Looks whether anything has changed, and takes it in. */
  look(): void {
    this.#looked = performance.now();
    const version = this.#changes.read();
    if (version === this.#version && !this.#roots.isOverdue) return;
    this.#version = version;
    this.#update();
  }

  /** Other things are denied now: finds everything anew. */
  renew(): void {
    this.#belowDenied = this.#reachOfDenied();
    this.#beginAnew();
    this.#work();
  }

  /** When all that is known of by now has been found. */
  async settled(): Promise<void> {
    this.look();
    while (this.#working !== undefined) await this.#working;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#working;
  }

  readonly #getBytes = (cid: CID): Uint8Array | undefined => this.#source.blockstore.getBytes(cid);

  #newReach(): Reach {
    const { denials } = this.#options;
    return new Reach(this.#getBytes, (cid) => this.#withheld.isText(cid) || denials.deniesBlock(cid));
  }

  #reachOfDenied(): Reach {
    const reach = new Reach(this.#getBytes);
    if (this.#options.any) for (const root of this.#options.denials.deniedRoots()) reach.add(root);
    return reach;
  }

  #lookNowAndThen(): void {
    if (performance.now() - this.#looked >= LOOK_EVERY_MS) this.look();
  }

  #update(): void {
    const isMoreWithheld = this.#withheld.update();
    const before = this.#served;
    const { edition, all } = this.#roots.read();
    [this.#newest, this.#served] = [edition, all];
    if (before.symmetricDifference(all).size > 0) this.#generation++;
    for (const root of all.difference(before)) this.#addRoot(CID.parse(root));
    this.#reach.walk(performance.now() + AT_ONCE_MS);
    if (this.#reach.isWhole) this.#edition = edition;
    if (isMoreWithheld || !before.isSubsetOf(all) || this.#mayLackLess()) this.#beginAnew();
    this.#work();
  }

  #addRoot(root: CID): void {
    this.#reach.add(root);
    this.#fresh?.add(root);
  }

  /** Whether blocks have come that might be the ones that were missing. */
  #mayLackLess(): boolean {
    const before = this.#lastBlock;
    this.#lastBlock = this.#changes.lastBlock();
    return this.#reach.isLacking && this.#lastBlock !== before;
  }

  /** What is under way is brought to its end first: without that, a paper that publishes all the time would never come to one. */
  #beginAnew(): void {
    if (this.#fresh !== undefined) {
      this.#isFreshLate = true;
      return;
    }
    this.#fresh = this.#newReach();
    for (const root of this.#served) this.#fresh.add(CID.parse(root));
  }

  async #untilWhole(): Promise<void> {
    while (this.#working !== undefined && !this.#reach.isWhole) await setImmediate();
    this.#catchingUp = undefined;
  }

  /** One worker finds what is still to be found, in slices. */
  #work(): void {
    this.#working ??= this.#walkInSlices()
      .catch(this.#options.onDefect)
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #walkInSlices(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const until = performance.now() + SLICE_MS;
      if (!this.#reach.isWhole) this.#reach.walk(until);
      else if (!this.#belowDenied.isWhole) this.#belowDenied.walk(until);
      else if (this.#fresh === undefined) return;
      else await this.#goOnAnew(this.#fresh, until);
      if (this.#reach.isWhole) this.#edition = this.#newest;
      await setImmediate();
    }
  }

  async #goOnAnew(fresh: Reach, until: number): Promise<void> {
    fresh.walk(until);
    if (fresh.isWhole) this.#takeFresh(fresh);
    else await setTimeout(PAUSE_MS);
  }

  #takeFresh(fresh: Reach): void {
    this.#reach = fresh;
    this.#fresh = undefined;
    if (this.#isFreshLate) {
      this.#isFreshLate = false;
      this.#beginAnew();
    } else {
      this.#withheld.settle();
    }
  }
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}
