import { OvnError } from '../errors.ts';
import type { ClaimedArticle } from './judge-article.ts';
import type { RoleKey } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';
import { verifyProofs } from './verify-proofs.ts';

/**
 * The desk keys that signed an article may have signed it where it was logged, as far as is known where the place of its
 * entry is at hand, and the places of the mastheads are not: its own masthead, or a later one, names enough of them for
 * all of its categories, and they are not revoked from that entry, or one before it, on (design section 3, "Log").
 *
 * @param article the whole document, as parsed from canonical bytes.
 * @param index of the entry of its revision.
 * @throws {OvnError} `refused`.
 */
export function requireDeskAtEntry(
  article: ClaimedArticle,
  { versions, newest }: VerifiedMastheads,
  index: number,
  now: Date,
): void {
  const { categories, publication } = article;
  const slugs = categories.map(({ slug }) => slug);
  const revoked = newest.masthead.revoked?.filter(({ fromEntry }) => fromEntry <= index) ?? [];
  const disowned = new Set(revoked.map(({ id }) => id));
  const roles = versions.slice(publication.masthead - 1).map(({ masthead }) => masthead.roles.desk);
  const named = new Set(roles.flatMap(({ keys }) => keys.map(({ id }) => id)));
  const signed = verifyProofs(article, { authorised: named, now });
  const counts = (key: RoleKey): boolean => signed.has(key.id) && !disowned.has(key.id) && covers(key, slugs);
  if (roles.some(({ keys, threshold }) => keys.filter(counts).length >= threshold)) return;
  const gone = [...signed].find((id) => disowned.has(id));
  const reason =
    gone === undefined ? 'no desk key that may sign for it signed it' : `${gone} is revoked there`;
  throw new OvnError('refused', `logged as entry ${index}: ${reason}`);
}

function covers({ categories: limits }: RoleKey, slugs: readonly string[]): boolean {
  return limits === undefined || slugs.every((slug) => limits.includes(slug));
}
