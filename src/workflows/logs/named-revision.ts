import { OvnError } from '../../errors.ts';
import { resolveTarget } from '../resolve-target.ts';
import type { LogEffects } from './head-log.ts';
import type { NamedRevision } from './prove-revision.ts';

/**
 * The revision of an article that is meant: the one with a number, else the one whose CID was given, else the newest.
 *
 * @throws {OvnError} `usage` for what is no article of this repository; `not-found`.
 */
export async function namedRevision(
  what: string,
  revision: number | undefined,
  { repository, read }: LogEffects,
): Promise<NamedRevision> {
  const { article, cid, kind } = await resolveTarget(repository, read, what);
  if (article === undefined) {
    throw new OvnError('usage', `${what} is no article of this repository`, {
      hint: 'ovn list shows them. The log names articles, mastheads and editions, and no category.',
    });
  }
  const meant = kind === 'cid' ? repository.articles.byCid(cid.toString())?.revision : undefined;
  return { article: article.id, revision: revision ?? meant ?? article.revision };
}
