import { OvnError } from '../errors.ts';
import { areEnough, deskKeys } from './authorised-keys.ts';
import { type Check, runCheck } from './check.ts';
import { judgeSignature } from './judge-signature.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/** What of an article.json its signature is judged by. */
export interface ClaimedArticle {
  publication: { id: string; masthead: number };
  categories: readonly { slug: string }[];
}

/**
 * Judges who signed an article: checks `publication`, `signature` and `key-authorised`. The whole document
 * must be given, as it was parsed from canonical bytes, with all members known and unknown.
 *
 * @param now by which `expires` of a proof is judged; ours carry none.
 */
export function judgeArticle(article: ClaimedArticle, mastheads: VerifiedMastheads, now: Date): Check[] {
  const checks: Check[] = [];
  runCheck(
    checks,
    'publication',
    () => requirePublication(article, mastheads),
    () => mastheads.publicationId,
  );
  judgeSignature(checks, article, { authorised: deskKeys(mastheads), now }, (signed) =>
    requireDesk(article, mastheads, signed),
  );
  return checks;
}

function requirePublication({ publication }: ClaimedArticle, mastheads: VerifiedMastheads): void {
  const { id, masthead } = publication;
  if (id !== mastheads.publicationId)
    throw refusal(`it is of ${id}; the masthead is of ${mastheads.publicationId}`);
  const newest = mastheads.newest.masthead.version;
  if (masthead > newest) throw refusal(`signed under masthead ${masthead}; ${newest} is the newest at hand`);
}

/** Enough desk keys of one masthead version that may sign for every category of the article. */
function requireDesk(
  article: ClaimedArticle,
  mastheads: VerifiedMastheads,
  signed: ReadonlySet<string>,
): string {
  const categories = article.categories.map(({ slug }) => slug);
  if (areEnough(mastheads, 'desk', signed, { categories })) return `desk key for ${categories.join(', ')}`;
  if (signed.size === 0) throw refusal('no desk key of this publication signed it');
  throw refusal(`${[...signed].join(', ')} may not sign for ${categories.join(', ')}, or not alone`);
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
