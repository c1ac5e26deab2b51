import { verificationMethodOf } from './did-key.ts';
import type { Proof, Signer } from './proof.ts';
import { signDocument } from './sign-document.ts';

/** A document that may still be without some of its signatures, or all. */
export type PartlySigned<T> = T & { proof?: Proof[] };

/**
 * Adds signatures to a document that others may have signed. A key that has signed already does not sign again, so
 * the result does not depend on who signed first.
 */
export function countersign<T extends object>(
  document: PartlySigned<T>,
  signers: readonly Signer[],
): PartlySigned<T> {
  const { proof = [], ...unsigned } = document;
  const there = new Set(proof.map(({ verificationMethod }) => verificationMethod));
  const adding = signers.filter(({ did }) => !there.has(verificationMethodOf(did)));
  if (adding.length === 0) return document;
  const added = signDocument(unsigned, adding).proof;
  return withProofs(unsigned as T, [...proof, ...added]);
}

/** A document with proofs in their one order, each key once. */
export function withProofs<T extends object>(
  unsigned: Omit<T, 'proof'>,
  proofs: readonly Proof[],
): PartlySigned<T> {
  const byMethod = new Map(proofs.map((each) => [each.verificationMethod, each]));
  if (byMethod.size === 0) return unsigned as PartlySigned<T>;
  const proof = [...byMethod.values()].sort((a, b) => (a.verificationMethod < b.verificationMethod ? -1 : 1));
  return { ...unsigned, proof } as PartlySigned<T>;
}
