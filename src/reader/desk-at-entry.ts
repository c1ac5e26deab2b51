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
 * The desk keys that signed an article are enough where it was logged: they hold the role in the masthead logged before
 * its entry, for all its categories, and are not revoked from the entry, or from before it, on. That a key was good once,
 * or an article says that it is old, counts for nothing.
 *
 * @throws {OvnError} `refused`, naming the key.
 */
export function requireDeskAt(article: SignedArticle, { known, index, version, now }: DeskAt): void {
  const { keys, threshold } = known.versions[version - 1]?.masthead.roles.desk ?? { keys: [], threshold: 1 };
  const revoked = revokedAt(known, index);
  const authorised = new Set(keys.map(({ id }) => id).filter((id) => !revoked.has(id)));
  const signed = verifyProofs(article, { authorised, now });
  const slugs = article.categories.map(({ slug }) => slug);
  const counted = keys.filter((key) => signed.has(key.id) && covers(key, slugs));
  if (counted.length >= threshold) return;
  const where = `${article.identifier}, revision ${article.revision}, entry ${index} of the log`;
  throw refusal(`${where}: ${objection(article, { revoked, signed, slugs, version })}`);
}

function covers({ categories }: RoleKey, slugs: readonly string[]): boolean {
  return categories === undefined || slugs.every((slug) => categories.includes(slug));
}

interface Found {
  revoked: ReadonlySet<string>;
  signed: ReadonlySet<string>;
  slugs: readonly string[];
  version: number;
}

function objection({ proof }: SignedArticle, { revoked, signed, slugs, version }: Found): string {
  if (signed.size > 0) return `${[...signed].join(', ')} may not sign for ${slugs.join(', ')}, or not alone`;
  const signers = proof.map((each) => String((each as { verificationMethod: unknown }).verificationMethod));
  const gone = signers.map((method) => method.split('#')[0] ?? '').filter((did) => revoked.has(did));
  if (gone.length > 0) return `${gone.join(', ')} is revoked from there or before`;
  return `no desk key of masthead ${version} signed it`;
}
