import { CID } from 'multiformats/cid';
import { compareArticles, type Differences } from '../article/differences.ts';
import { OvnError } from '../errors.ts';
import type { StoredRevision } from '../repo/article-index.ts';
import type { Repository } from '../repo/repository.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { findRevision, parseRevision } from './find-revision.ts';
import { readArticle } from './read-article.ts';
import { resolveTarget } from './resolve-target.ts';
import { withheldError } from './withheld.ts';

/** What `ovn diff --json` prints. */
export interface DiffReport extends Differences {
  id: string;
  before: { revision: number; cid: string };
  after: { revision: number; cid: string };
}

/**
 * What is different between two revisions: with none named the last two, with one named that one and the newest.
 *
 * @throws {OvnError} `withheld` for a revision whose text is withheld; `not-found`; `usage` for an article with one revision.
 */
export async function diffRevisions(
  what: string,
  revisions: readonly string[],
  { repository, read }: { repository: Repository; read: BlockReader },
): Promise<DiffReport> {
  const { article } = await resolveTarget(repository, read, what);
  if (article === undefined) throw new OvnError('not-found', `${what} is no article that is published here`);
  const [first, second] = revisions.map(parseRevision);
  if (first === undefined && article.revision === 1)
    throw new OvnError('usage', `${article.id} has one revision: there is nothing to compare it with`);
  const before = findRevision(repository, article.id, first ?? article.revision - 1);
  const after = findRevision(repository, article.id, second ?? article.revision);
  requireOpen(repository, article.id, [before, after]);
  const [earlier, later] = [
    await readArticle(CID.parse(before.cid), read),
    await readArticle(CID.parse(after.cid), read),
  ];
  return { id: article.id, before: name(before), after: name(after), ...compareArticles(earlier, later) };
}

function requireOpen({ articles }: Repository, id: string, compared: readonly StoredRevision[]): void {
  const withheld = articles
    .withheld(id)
    .find(({ revision }) => compared.some((each) => each.revision === revision));
  if (withheld !== undefined) throw withheldError(withheld);
}

function name({ revision, cid }: StoredRevision): { revision: number; cid: string } {
  return { revision, cid };
}
