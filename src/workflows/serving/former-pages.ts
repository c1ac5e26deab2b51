import type { CID } from 'multiformats/cid';
import { pageBeside } from '../../article/addresses.ts';
import { unixfsOf } from '../../unixfs/unixfs-node.ts';
import { linksIn } from './reach.ts';

const PAGE = '.html';

/** What tells which blocks of an older edition the newest one no longer has. */
export interface Formerly {
  isFormerBundle(cid: CID): boolean;
  isShown(cid: CID): boolean;
}

/**
 * The links of a block of an older edition, but for the pages with the text of bundles that the newest one no longer has, which lie beside
 * them. The nodes of a sharded directory do not tell what lies beside what: there no page is left that the newest one does not have.
 */
export function linksWithoutFormerPages(
  cid: CID,
  bytes: Uint8Array,
  { isFormerBundle, isShown }: Formerly,
): CID[] {
  const node = mayHavePages(bytes) ? unixfsOf(cid, bytes) : undefined;
  if (node === undefined) return linksIn(cid, bytes);
  const { type, links } = node;
  if (type === 'hamt-sharded-directory')
    return links.filter(({ Name, Hash }) => !Name?.endsWith(PAGE) || isShown(Hash)).map(({ Hash }) => Hash);
  const former = new Set(
    links.filter(({ Hash }) => isFormerBundle(Hash)).map(({ Name = '' }) => pageBeside(Name)),
  );
  return links.filter(({ Name = '' }) => !former.has(Name)).map(({ Hash }) => Hash);
}

function mayHavePages(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(PAGE);
}
