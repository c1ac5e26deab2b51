import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { StoredRevision } from '../repo/article-index.ts';
import type { Repository } from '../repo/repository.ts';
import type { Target } from './resolve-target.ts';

/** `--revision` as it was written. @throws {OvnError} `usage` */
export function parseRevision(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new OvnError('usage', `a revision is a whole number from 1, not "${text}"`);
  return Number(text);
}

/** @throws {OvnError} `not-found` when the article has no such revision. */
export function findRevision({ articles }: Repository, id: string, revision: number): StoredRevision {
  const history = articles.history(id);
  const found = history.find((stored) => stored.revision === revision);
  if (found !== undefined) return found;
  throw new OvnError('not-found', `${id} has ${history.length} revisions, and no revision ${revision}`);
}

/** The CID that is meant: of the named revision of the article, where one is named. */
export function cidOfRevision(repository: Repository, target: Target, revision: string | undefined): CID {
  if (revision === undefined) return target.cid;
  if (target.article === undefined)
    throw new OvnError('usage', `${target.name} is no article of this repository`);
  return CID.parse(findRevision(repository, target.article.id, parseRevision(revision)).cid);
}
