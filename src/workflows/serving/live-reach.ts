import { setImmediate, setTimeout } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
import type { Reach } from './reach.ts';

export interface LiveReachEffects {
  /** A new one, with nothing in it. */
  make(): Reach;
  /** All that the roots reach has been found: those that were there, and those that were added. */
  onWhole(): void;
  /** All has been found anew since the last reason for that: what nothing needs any more is gone. */
  onRenewed(): void;
  onDefect(error: unknown): void;
}

const SLICE_MS = 8;
/** Between two slices of finding anew what was found before: nobody waits for that. */
const PAUSE_MS = 2;

/**
 * What roots reach, kept up with them: what new roots add is found first; what the loss of a root takes away is found by walking
 * everything anew beside the old. One worker does both in slices that let others have their turn.
 */
export class LiveReach {
  readonly #effects: LiveReachEffects;
  readonly #ending = new AbortController();
  #reach: Reach;
  /** What is being found anew, and whether that began before the last reason for it. */
  #fresh: Reach | undefined;
  #isFreshLate = false;
  /** The roots of now. */
  #roots: readonly CID[] = [];
  #isWorking = false;
  #working: Promise<void> | undefined;
  #catchingUp: Promise<void> | undefined;

  constructor(effects: LiveReachEffects) {
    this.#effects = effects;
    this.#reach = effects.make();
  }

  get size(): number {
    return this.#reach.size;
  }

  get isWhole(): boolean {
    return this.#reach.isWhole;
  }

  get isLacking(): boolean {
    return this.#reach.isLacking;
  }

  has(cid: CID): boolean {
    return this.#reach.has(cid);
  }

  /** Takes in other roots: walks what `added` brings for so many ms at once, and the rest in slices. */
  setRoots(roots: readonly CID[], added: Iterable<CID>, atOnceMs: number): void {
    this.#roots = roots;
    for (const root of added) {
      this.#reach.add(root);
      this.#fresh?.add(root);
    }
    this.#reach.walk(performance.now() + atOnceMs);
    if (this.#reach.isWhole) this.#effects.onWhole();
    this.#work();
  }

  /** What is under way is brought to its end first: a paper that publishes all the time would never come to one without that. */
  renew(): void {
    if (this.#fresh !== undefined) this.#isFreshLate = true;
    else this.#begin();
    this.#work();
  }

  /** When what was added has been found; nothing where all of it has. */
  catchUp(): Promise<void> | undefined {
    if (this.#reach.isWhole || this.#ending.signal.aborted) return undefined;
    this.#catchingUp ??= this.#untilWhole();
    return this.#catchingUp;
  }

  /** When there is nothing left to find. */
  async settled(): Promise<void> {
    while (this.#isWorking) await this.#working;
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#working;
  }

  async #untilWhole(): Promise<void> {
    while (this.#isWorking && !this.#reach.isWhole) await setImmediate();
    this.#catchingUp = undefined;
  }

  #begin(): void {
    this.#fresh = this.#effects.make();
    for (const root of this.#roots) this.#fresh.add(root);
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#walkInSlices().catch(this.#effects.onDefect);
  }

  async #walkInSlices(): Promise<void> {
    try {
      while (!this.#ending.signal.aborted) {
        const until = performance.now() + SLICE_MS;
        if (!this.#reach.isWhole) this.#walkOn(until);
        else if (this.#fresh === undefined) return;
        else await this.#walkAnew(this.#fresh, until);
        await setImmediate();
      }
    } finally {
      // At once, not a turn later: what comes in between would wait for a worker that has gone.
      this.#isWorking = false;
    }
  }

  #walkOn(until: number): void {
    this.#reach.walk(until);
    if (this.#reach.isWhole) this.#effects.onWhole();
  }

  async #walkAnew(fresh: Reach, until: number): Promise<void> {
    fresh.walk(until);
    if (fresh.isWhole) this.#take(fresh);
    else await setTimeout(PAUSE_MS);
  }

  #take(fresh: Reach): void {
    this.#reach = fresh;
    this.#fresh = undefined;
    if (this.#isFreshLate) this.#begin();
    else this.#effects.onRenewed();
    this.#isFreshLate = false;
  }
}
