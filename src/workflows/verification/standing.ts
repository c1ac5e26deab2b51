import type { CID } from 'multiformats/cid';
import type { ReplayedLog } from '../../log/replay.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Check } from '../../trust/check.ts';
import { expiryCheck } from '../../trust/instant.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';

/** A bundle that was judged by its own mastheads. */
export interface JudgedPlace {
  /** Article id. */
  id: string;
  cid: CID;
  /** The proof that came with it that it was logged: the directory of its mastheads, and the index of the entry. */
  proof?: { mastheads: CID; entry: number };
}

/** What was judged, before it is compared with what the reader knows. */
export interface Judged {
  kind: 'bundle' | 'category' | 'edition';
  /** Root CID. */
  root: string;
  /** Some of it is not held here, and was not judged. */
  isPart: boolean;
  checks: Check[];
  /** The publication that it is genuine for. */
  publication?: string;
  /** Id of the article, for a bundle. */
  article?: string;
  /** The bundles that were judged, for a bundle or a category. */
  bundles?: readonly JudgedPlace[];
  /** CID of the manifest, for an edition. */
  manifest?: string;
  /** What the log says, for an edition that has one. */
  replayed?: ReplayedLog;
}

/** Whether the publication is the one that the reader means: named on the command line, else one that is here. */
export function confirmPublication(
  found: string,
  expected: string | undefined,
  own: string | undefined,
  isFollowed: boolean,
): Check {
  const name = 'publication-confirmed';
  if (expected !== undefined && expected !== found) {
    return { name, result: 'fail', detail: `it is of publication ${found}, not of ${expected}` };
  }
  if (expected === found) return { name, result: 'pass', detail: `publication ${found}, as you named it` };
  if (own === found)
    return { name, result: 'pass', detail: `publication ${found}, the one of this repository` };
  if (isFollowed) return { name, result: 'pass', detail: `publication ${found}, which is followed here` };
  return { name, result: 'not-checked', detail: `genuine for publication ${found}; id not confirmed by you` };
}

/** Where it stands in the head edition of this repository: listed, and current. Neither can refuse. */
export function judgeStanding(judged: Judged, repository: Repository, now: Date): Check[] {
  const head = repository.head();
  if (head === undefined) return [];
  return [
    judgeListed(judged, repository, head.sequence),
    expiryCheck('current', expiryOf(repository, head.expires), now),
  ];
}

function judgeListed(judged: Judged, repository: Repository, sequence: number): Check {
  const newest = newestOf(judged, repository);
  // The same manifest under another root: cosignatures came to one of them later.
  const isHead = judged.manifest !== undefined && judged.manifest === repository.head()?.manifest;
  if (isHead || newest === judged.root)
    return { name: 'listed', result: 'pass', detail: `in edition ${sequence}` };
  const detail = newest === undefined ? 'not in the head edition' : `superseded by ${newest}`;
  return { name: 'listed', result: 'not-checked', detail };
}

/** What stands in the head edition in the place of what was judged. */
function newestOf({ kind, root, article }: Judged, repository: Repository): string | undefined {
  if (kind === 'edition') return repository.head()?.edition;
  if (kind === 'bundle') return article === undefined ? undefined : repository.articles.get(article)?.cid;
  return Object.values(repository.categories()).find(({ cid }) => cid === root)?.cid;
}

/** An edition is current until its manifest or the newest masthead expires. Instants of one form order as texts. */
function expiryOf(repository: Repository, manifestExpires: string): string {
  const { newest } = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  return newest.masthead.expires < manifestExpires ? newest.masthead.expires : manifestExpires;
}
