import type { SignedArticle } from '../bundle/article-json.ts';
import { areEnough } from '../trust/authorised-keys.ts';
import type { Authority } from '../trust/key-history.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import { verifyProofs } from '../trust/verify-proofs.ts';
import { refusal } from './refusal.ts';

/** Where an article stands in the log, and who might sign there. */
export interface DeskAt {
  known: VerifiedMastheads;
  /** Of its entry. */
  index: number;
  /** Whose keys count there. */
  at: Authority;
  now: Date;
}

/**
 * Whether the desk keys that signed an article are enough where it was logged: they hold the role in the masthead logged
 * before its entry, for all its categories. That a key was good once, or an article says that it is old, counts for nothing.
 *
 * @returns `disowned` where they would be enough, had the publication not revoked one of them since, from the entry or from
 * one before it on: what is in the log stays there, and is shown as that.
 * @throws {OvnError} `refused`, naming the key.
 */
export function judgeDeskAt(
  article: SignedArticle,
  { known, index, at, now }: DeskAt,
): 'counted' | 'disowned' {
  const { roles, version } = at.masthead;
  const signed = verifyProofs(article, { authorised: new Set(roles.desk.keys.map(({ id }) => id)), now });
  const categories = article.categories.map(({ slug }) => slug);
  const isEnough = (each: Authority) => areEnough(known, 'desk', signed, { categories, at: each });
  if (isEnough(at)) return 'counted';
  if (isEnough({ ...at, revoked: new Set() })) return 'disowned';
  const where = `${article.identifier}, revision ${article.revision}, entry ${index} of the log`;
  throw refusal(`${where}: ${objectionTo(signed, categories, version)}`);
}

function objectionTo(signed: ReadonlySet<string>, slugs: readonly string[], version: number): string {
  if (signed.size === 0) return `no desk key of masthead ${version} signed it`;
  return `${[...signed].join(', ')} may not sign for ${slugs.join(', ')}, or not alone`;
}
