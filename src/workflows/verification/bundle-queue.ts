import { OvnError } from '../../errors.ts';
import type { FoundBundle } from './found-bundle.ts';
import { type PlacedBundle, requirePlace } from './placed-bundles.ts';

/**
 * Bundles that are to be judged, in their order, and what was found of each. With the first that is refused no more are begun; all
 * before it are judged, so that whoever takes the results in order meets the same refusal, whichever thread was faster.
 */
export class BundleQueue {
  /** By CID of the bundle. */
  readonly found = new Map<string, FoundBundle>();
  readonly #bundles: readonly PlacedBundle[];
  readonly #putBack: PlacedBundle[] = [];
  #next = 0;
  #isRefused = false;
  #settled = 0;

  constructor(bundles: readonly PlacedBundle[]) {
    this.#bundles = bundles;
  }

  /** Bundles of which it is known what was found. */
  get settled(): number {
    return this.#settled;
  }

  /** The next one that nobody has taken. */
  take(): PlacedBundle | undefined {
    return this.#isRefused ? undefined : this.#bundles[this.#next++];
  }

  /** The next one for the first thread: of those that the second one could not judge, or that nobody has taken. */
  takeHere(): PlacedBundle | undefined {
    return this.#putBack.shift() ?? this.take();
  }

  /** For the first thread. */
  putBack(bundle: PlacedBundle): void {
    this.#putBack.push(bundle);
  }

  settle(bundle: PlacedBundle, found: FoundBundle): void {
    this.found.set(bundle.cid.toString(), found);
    this.#settled += 1;
    if (!isGood(bundle, found)) this.#isRefused = true;
  }
}

function isGood(bundle: PlacedBundle, found: FoundBundle): boolean {
  if (!('article' in found)) return false;
  try {
    requirePlace(bundle, found.article);
    return true;
  } catch (error) {
    if (error instanceof OvnError) return false;
    throw error;
  }
}
