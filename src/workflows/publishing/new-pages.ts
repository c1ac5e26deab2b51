import { bundlePages, type ReadBundlePage } from '../../edition/bundle-page.ts';
import type { BlockReader } from '../../unixfs/block.ts';

/** Bytes of pages that are kept in memory; those of a larger publication are read again from where they were stored. */
const MOST_BYTES = 24 * 1024 * 1024;

/** The pages of bundles that were just made, until those of the edition are made from them. */
export class NewPages {
  readonly #pages = new Map<string, Uint8Array>();
  #left: number;

  /** @param keepsAll whether they are stored nowhere. */
  constructor({ keepsAll }: { keepsAll: boolean }) {
    this.#left = keepsAll ? Number.POSITIVE_INFINITY : MOST_BYTES;
  }

  /** @param bundle its CID */
  keep(bundle: string, page: Uint8Array): void {
    if (page.length > this.#left) return;
    this.#left -= page.length;
    // A copy, because it may be a part of all that another thread sent.
    this.#pages.set(bundle, new Uint8Array(page));
  }

  /** Gives the page of any bundle, new or stored. */
  reader(read: BlockReader): ReadBundlePage {
    const stored = bundlePages(read);
    return async (entry) => this.#pages.get(entry.cid) ?? stored(entry);
  }
}
