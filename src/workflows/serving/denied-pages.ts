import type { CID } from 'multiformats/cid';
import { DigestTable } from '../../node/served/digest-table.ts';
import { DAG_PB } from '../../unixfs/codecs.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { type Denials, NO_DENIALS } from './denials.ts';
import { linksWithoutFormerPages } from './former-pages.ts';
import { linksIn } from './reach.ts';

/**
 * The site's own pages of articles whose bundles are denied: they hold the same text, in a block of their own beside the bundle. They
 * are met while it is found what is served. The nodes of a sharded folder do not tell what lies beside what: there a page is denied by
 * its own CID.
 */
export class DeniedPages {
  readonly #denials: Denials;
  #pages = new DigestTable();

  constructor(denials: Denials) {
    this.#denials = denials;
  }

  /** The links of a block, but for such pages. */
  readonly linksIn = (cid: CID, bytes: Uint8Array): CID[] => {
    const links = linksIn(cid, bytes);
    if (this.#denials === NO_DENIALS || cid.code !== DAG_PB) return links;
    const kept = linksWithoutFormerPages(cid, bytes, {
      isFormerBundle: (beside) => this.#denials.deniesBlock(beside),
      isShown: () => true,
    });
    if (kept.length === links.length) return links;
    const given = new Set(kept.map(cidKey));
    for (const link of links) if (!given.has(cidKey(link))) this.#pages.set(link.multihash, 1);
    return kept;
  };

  has({ multihash }: CID): boolean {
    return this.#pages.get(multihash) !== 0;
  }

  /** Other things are denied now: all is found anew. */
  clear(): void {
    this.#pages = new DigestTable();
  }
}
