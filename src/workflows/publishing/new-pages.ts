import { bundlePages, type ReadBundlePage } from '../../edition/bundle-page.ts';
import type { BlockReader, Link } from '../../unixfs/block.ts';
import type { MadeRevision } from './bundles.ts';

/** Bytes of pages that are kept in memory; those of a larger publication are read again from where they were stored. */
const MOST_BYTES = 24 * 1024 * 1024;

/** The pages of bundles that were just made, until those of the edition are made from them, and which of these are made already. */
export class NewPages {
  readonly #made = new Map<string, Link>();
  readonly #pages = new Map<string, Uint8Array>();
  #left: number;

  /** @param keepsAll whether they are stored nowhere. */
  constructor({ keepsAll }: { keepsAll: boolean }) {
    this.#left = keepsAll ? Number.POSITIVE_INFINITY : MOST_BYTES;
  }

  keep({ staged, page, sitePage }: MadeRevision): void {
    const bundle = staged.entry.cid;
    if (sitePage !== undefined) this.#made.set(bundle, sitePage);
    if (sitePage !== undefined || page === undefined || page.length > this.#left) return;
    this.#left -= page.length;
    this.#pages.set(bundle, page);
  }

  /** What the edition takes them from: the page of any bundle, new or stored, and the pages that are made. */
  sources(read: BlockReader): { bundlePage: ReadBundlePage; madePages: ReadonlyMap<string, Link> } {
    const stored = bundlePages(read);
    return {
      bundlePage: async (entry) => this.#pages.get(entry.cid) ?? stored(entry),
      madePages: this.#made,
    };
  }
}
