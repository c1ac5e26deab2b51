import { OvnError } from '../errors.ts';
import { areEnough, deskKeys, everNamed } from './authorised-keys.ts';
import { type Check, runCheck } from './check.ts';
import { judgeSignature } from './judge-signature.ts';
import type { Authority } from './key-history.ts';
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
 * @param at who may sign where the log records this revision ({@link authorityAt}); absent where no log is at hand.
 */
export function judgeArticle(
  article: ClaimedArticle,
  mastheads: VerifiedMastheads,
  now: Date,
  at?: Authority,
): Check[] {
  const checks: Check[] = [];
  runCheck(
    checks,
    'publication',
    () => requirePublication(article, mastheads, at),
    () => mastheads.publicationId,
  );
  // With the log, keys that no longer count are looked at too, so that it can be said why.
  const authorised = at === undefined ? deskKeys(mastheads) : everNamed(mastheads, 'desk');
  judgeSignature(checks, article, { authorised, now }, (signed) =>
    requireDesk(article, mastheads, signed, at),
  );
  return checks;
}

function requirePublication(
  { publication }: ClaimedArticle,
  mastheads: VerifiedMastheads,
  at: Authority | undefined,
): void {
  const { id, masthead } = publication;
  if (id !== mastheads.publicationId)
    throw refusal(`it is of ${id}; the masthead is of ${mastheads.publicationId}`);
  const newest = mastheads.newest.masthead.version;
  if (masthead > newest) throw refusal(`signed under masthead ${masthead}; ${newest} is the newest at hand`);
  if (at !== undefined && masthead > at.masthead.version)
    throw refusal(`signed under masthead ${masthead}, which the log has only behind it`);
}

/** Enough desk keys of one masthead version that may sign for every category of the article. */
function requireDesk(
  article: ClaimedArticle,
  mastheads: VerifiedMastheads,
  signed: ReadonlySet<string>,
  at: Authority | undefined,
): string {
  const categories = article.categories.map(({ slug }) => slug);
  if (areEnough(mastheads, 'desk', signed, { categories, at }))
    return `desk key for ${categories.join(', ')}`;
  if (signed.size === 0) throw refusal('no desk key of this publication signed it');
  for (const id of signed) requireCounted(id, at);
  throw refusal(`${[...signed].join(', ')} may not sign for ${categories.join(', ')}, or not alone`);
}

/** Says of a key that once was a desk key why its signature counts for nothing here. */
function requireCounted(id: string, at: Authority | undefined): void {
  if (at === undefined) return;
  if (at.revoked.has(id)) throw refusal(`signed by ${id}, which is revoked: this is disowned`);
  const { roles, version } = at.masthead;
  if (roles.desk.keys.some((key) => key.id === id)) return;
  throw refusal(`signed by ${id}, which masthead ${version}, logged before it, does not name as a desk key`);
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
