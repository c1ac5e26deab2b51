import { OvnError } from '../errors.ts';
import { areEnough, everNamed } from './authorised-keys.ts';
import type { ClaimedArticle } from './judge-article.ts';
import { revokedAt } from './key-history.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';
import { verifyProofs } from './verify-proofs.ts';

/**
 * The desk keys that signed an article may have signed it where it was logged, as far as is known where the place of its
 * entry is at hand, and the places of the mastheads are not: its own masthead, or a later one, names enough of them for
 * all of its categories, and they are not revoked from that entry, or one before it, on (docs/format.md, "Whose key
 * counts").
 *
 * @param article the whole document, as parsed from canonical bytes.
 * @param index of the entry of its revision.
 * @throws {OvnError} `refused`.
 */
export function requireDeskAtEntry(
  article: ClaimedArticle,
  mastheads: VerifiedMastheads,
  index: number,
  now: Date,
): void {
  const categories = article.categories.map(({ slug }) => slug);
  const signed = verifyProofs(article, { authorised: everNamed(mastheads, 'desk'), now });
  const revoked = revokedAt(mastheads, index);
  const speaking = mastheads.versions.slice(article.publication.masthead - 1);
  const isEnough = speaking.some(({ masthead }) =>
    areEnough(mastheads, 'desk', signed, { categories, at: { masthead, revoked } }),
  );
  if (isEnough) return;
  const gone = [...signed].find((id) => revoked.has(id));
  const reason =
    gone === undefined ? 'no desk key that may sign for it signed it' : `${gone} is revoked there`;
  throw new OvnError('refused', `logged as entry ${index}: ${reason}`);
}
