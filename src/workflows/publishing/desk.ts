import type { ArticleDocument } from '../../article/document.ts';
import { canonicalBytes } from '../../bundle/canonical-json.ts';
import { OvnError } from '../../errors.ts';
import { covers } from '../../trust/authorised-keys.ts';
import { countersign, type PartlySigned, withProofs } from '../../trust/countersign.ts';
import type { Role } from '../../trust/masthead.ts';
import type { Proof, Signer } from '../../trust/proof.ts';
import { chooseSigners } from '../../trust/select-key.ts';
import { signToBytes } from '../../trust/sign-document.ts';
import { verifyProofs } from '../../trust/verify-proofs.ts';

/** Who signs articles: the role as the newest masthead has it, the keys that are here, and what others signed. */
export interface Desk {
  role: Role;
  signers: readonly Signer[];
  /** Signatures made elsewhere, by {@link articleKey}. */
  proofs: Record<string, Proof[]>;
}

/** What tells one article that was signed elsewhere from the others. */
export function articleKey({ identifier, revision }: { identifier: string; revision: number }): string {
  return `${identifier} ${revision}`;
}

/** Whether the desk keys that are here are enough for an article of these categories. */
export function canSign({ role, signers }: Desk, slugs: readonly string[]): boolean {
  return chooseSigners(role, signers, slugs).length === role.threshold;
}

/**
 * Signs an article with the desk keys that are here and may sign for its categories, and the signatures that came from
 * elsewhere.
 *
 * @throws {OvnError} `key` when they are not enough; `refused` when a signature from elsewhere is of another text.
 */
export function signArticle(
  document: ArticleDocument,
  desk: Desk,
): { document: ArticleDocument; bytes: Uint8Array } {
  const slugs = slugsOf(document);
  if (desk.proofs[articleKey(document)] === undefined && canSign(desk, slugs)) {
    return signToBytes(document, chooseSigners(desk.role, desk.signers, slugs));
  }
  const signed = partlySign(document, desk);
  const count = signedBy(signed, desk).size;
  if (count >= desk.role.threshold) return { document: signed, bytes: canonicalBytes(signed) };
  const what = `${document.identifier} (${slugs.join(', ')})`;
  throw new OvnError('key', `${what} needs ${desk.role.threshold} desk keys that may sign it; ${count} did`, {
    hint: 'ovn publish --propose FILE writes what others have to sign: ovn sign FILE.',
  });
}

/** An article with every signature that can be had here: those from elsewhere, and as many of our own as it needs then. */
export function partlySign(document: ArticleDocument, desk: Desk): PartlySigned<ArticleDocument> {
  const given = withProofs<ArticleDocument>(document, desk.proofs[articleKey(document)] ?? []);
  const there = signedBy(given, desk);
  const others = { ...desk.role, keys: desk.role.keys.filter(({ id }) => !there.has(id)) };
  const own = chooseSigners(others, desk.signers, slugsOf(document));
  return countersign(given, own.slice(0, Math.max(0, desk.role.threshold - there.size)));
}

/** The desk keys that may sign an article and did. */
function signedBy(signed: PartlySigned<ArticleDocument>, { role }: Desk): Set<string> {
  if (signed.proof === undefined) return new Set();
  const slugs = slugsOf(signed);
  const authorised = new Set(role.keys.filter((key) => covers(key, slugs)).map(({ id }) => id));
  try {
    return verifyProofs(signed, { authorised, now: 'timeless' });
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError('refused', `${signed.identifier} is not what was signed elsewhere: ${error.message}`, {
      hint: 'Its source, ovn.json or the masthead changed since: propose it again.',
      cause: error,
    });
  }
}

function slugsOf({ categories }: ArticleDocument): string[] {
  return categories.map(({ slug }) => slug);
}
