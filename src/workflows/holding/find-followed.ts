import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { type FollowedPaper, openPapers } from './followed-paper.ts';
import { notHeld } from './not-held.ts';

/** What a name stands for in a publication that is followed. */
export interface FollowedTarget {
  cid: CID;
  kind: 'article' | 'category';
  name: string;
}

interface Found extends FollowedTarget {
  paper: FollowedPaper;
}

/**
 * Finds an article by its id or slug, or a category by its slug, in what is followed: the log names every article, held or not.
 *
 * @throws {OvnError} `usage` where it stands for several; `not-held` where the one that is meant is not held, and `read` does not fetch it.
 */
export async function findFollowed(
  repository: Pick<Repository, 'followed'>,
  read: BlockReader,
  what: string,
): Promise<FollowedTarget | undefined> {
  const found: Found[] = [];
  for (const paper of await openPapers(repository, read)) found.push(...(await findIn(paper, what)));
  const [first] = found;
  if (first === undefined) return undefined;
  const { paper, ...target } = first;
  if (found.length > 1) {
    const all = found.map((each) => `${each.name} of ${each.paper.followed.publication} (${each.cid})`);
    throw new OvnError('usage', `${what} stands for ${found.length}: ${all.join(', ')}`, {
      hint: 'Name one of them by its id or CID.',
    });
  }
  if ((await read(target.cid)) === undefined) throw notHeld(`${target.kind} ${target.name}`, paper);
  return target;
}

/** Articles come first: one may have the slug of a category, which its id tells apart. */
async function findIn(paper: FollowedPaper, what: string): Promise<Found[]> {
  const articles = (await paper.fold())?.articles ?? new Map();
  const ids = what.includes('/') ? [what] : [...articles.keys()].filter((id) => id.endsWith(`/${what}`));
  const found = ids.flatMap((id): Found[] => {
    const cid: string | undefined = articles.get(id)?.newest.cid;
    return cid === undefined ? [] : [{ cid: CID.parse(cid), kind: 'article', name: id, paper }];
  });
  const { categories } = paper.manifest;
  const category = Object.hasOwn(categories, what) ? categories[what]?.cid : undefined;
  if (found.length > 0 || category === undefined) return found;
  return [{ cid: CID.parse(category), kind: 'category', name: what, paper }];
}
