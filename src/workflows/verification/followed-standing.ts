import type { Check } from '../../trust/check.ts';
import { expiryCheck } from '../../trust/instant.ts';
import type { FollowedPaper } from '../holding/followed-paper.ts';
import type { Judged } from './standing.ts';

/** Where something stands in the newest edition that is held of a publication that is followed. Neither check can refuse. */
export async function judgeFollowedStanding(
  judged: Judged,
  paper: FollowedPaper,
  now: Date,
): Promise<Check[]> {
  const { expires, issued } = paper.manifest;
  const { followed } = paper;
  const current = expiryCheck('current', followed.expires ?? expires, now);
  const detail = `${current.detail}; last confirmed ${followed.synced ?? issued}`;
  return [await judgeListed(judged, paper), { ...current, detail }];
}

async function judgeListed(judged: Judged, paper: FollowedPaper): Promise<Check> {
  const { sequence } = paper.manifest;
  const newest = await newestOf(judged, paper);
  const isHead = judged.manifest !== undefined && judged.manifest === paper.followed.manifest;
  if (isHead || newest === judged.root)
    return { name: 'listed', result: 'pass', detail: `in edition ${sequence}, which is held` };
  const detail =
    newest === undefined ? `not in edition ${sequence}, which is held` : `superseded by ${newest}`;
  return { name: 'listed', result: 'not-checked', detail };
}

/** What stands in its place in the edition that is held. */
async function newestOf({ kind, root, article }: Judged, paper: FollowedPaper): Promise<string | undefined> {
  if (kind === 'edition') return paper.edition.toString();
  if (kind === 'category')
    return Object.values(paper.manifest.categories).find(({ cid }) => cid === root)?.cid;
  return article === undefined ? undefined : (await paper.fold())?.articles.get(article)?.newest.cid;
}
