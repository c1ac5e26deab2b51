import type { SignedArticle } from '../bundle/article-json.ts';
import type { RoleKey } from '../trust/masthead.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';
import { verifyProofs } from '../trust/verify-proofs.ts';
import { revokedAt } from './keys-at-entry.ts';
import { refusal } from './refusal.ts';

/** Where an article stands in the log, and who might sign there. */
export interface DeskAt {
  known: VerifiedMastheads;
  /** Of its entry. */
  index: number;
  /** Of the newest masthead logged before the entry. */
  version: number;
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
  { known, index, version, now }: DeskAt,
): 'counted' | 'disowned' {
  const { keys, threshold } = known.versions[version - 1]?.masthead.roles.desk ?? { keys: [], threshold: 1 };
  const signed = verifyProofs(article, { authorised: new Set(keys.map(({ id }) => id)), now });
  const slugs = article.categories.map(({ slug }) => slug);
  const counted = keys.filter((key) => signed.has(key.id) && covers(key, slugs));
  if (counted.length < threshold) {
    const where = `${article.identifier}, revision ${article.revision}, entry ${index} of the log`;
    throw refusal(`${where}: ${objectionTo(signed, slugs, version)}`);
  }
  const revoked = revokedAt(known, index);
  const left = counted.filter(({ id }) => !revoked.has(id));
  return left.length >= threshold ? 'counted' : 'disowned';
}

function covers({ categories }: RoleKey, slugs: readonly string[]): boolean {
  return categories === undefined || slugs.every((slug) => categories.includes(slug));
}

function objectionTo(signed: ReadonlySet<string>, slugs: readonly string[], version: number): string {
  if (signed.size === 0) return `no desk key of masthead ${version} signed it`;
  return `${[...signed].join(', ')} may not sign for ${slugs.join(', ')}, or not alone`;
}
