import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type FollowedPaper, openEdition, placesOf } from './followed-paper.ts';

/** Addresses that are named, of those who may have something. */
const MOST_NAMED = 5;

/** What is said of something that is known to be of a publication, and is not among what is held of it. */
export function notHeld(what: string, paper: FollowedPaper): OvnError {
  const { manifest, followed } = paper;
  const message = `${what} is not held: this mirror keeps a part of ${manifest.publication.name} (${followed.publication})`;
  return new OvnError('not-held', message, { hint: tellOthers(paper) });
}

/** Who may have what is not held here. */
export function tellOthers(paper: FollowedPaper): string {
  const places = placesOf(paper);
  if (places.length === 0) return 'Nobody is known who may have it: its manifest names no mirrors.';
  const named = places.slice(0, MOST_NAMED).join(', ');
  const more = places.length > MOST_NAMED ? `, and ${places.length - MOST_NAMED} more` : '';
  return `These may have it: ${named}${more}. --gateway or --peer asks one of them.`;
}

/**
 * The followed publication that a CID is of: an edition that is held, a category of one, or a bundle that its log tells. Only editions of
 * which not all is held are looked at.
 */
export async function findPartly(
  repository: Pick<Repository, 'followed'>,
  read: BlockReader,
  cid: CID,
): Promise<FollowedPaper | undefined> {
  for (const followed of repository.followed.list()) {
    for (const held of repository.followed.editions(followed.publication)) {
      const paper = held.whole ? undefined : await openEdition(followed, held, read);
      if (paper !== undefined && (await isOf(paper, cid.toString()))) return paper;
    }
  }
  return undefined;
}

async function isOf({ edition, manifest, fold }: FollowedPaper, cid: string): Promise<boolean> {
  if (cid === edition.toString() || cid === manifest.articles.cid) return true;
  if (manifest.entries.some((entry) => entry.cid === cid)) return true;
  if (Object.values(manifest.categories).some((category) => category.cid === cid)) return true;
  for (const { newest, earlier } of (await fold())?.articles.values() ?? [])
    if (newest.cid === cid || earlier.some((revision) => revision.cid === cid)) return true;
  return false;
}
