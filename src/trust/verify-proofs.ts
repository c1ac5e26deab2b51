import { verify } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import * as v from 'valibot';
import { canonicalize } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import { publicKeyOf, verificationMethodOf } from './did-key.ts';
import { isExpired, isInstant } from './instant.ts';
import { hashUnsigned, type Proof, signedBytes } from './proof.ts';

/** Whose proofs count, and when. Both must be given: nothing skips a check by leaving one out. */
export interface ProofRule {
  /** did:keys. A proof by any other key counts for nothing. */
  authorised: ReadonlySet<string>;
  /** The moment by which `expires` of a proof is judged; `timeless` where no proof may carry one. */
  now: Date | 'timeless';
}

/** Most proofs of one document. */
const MOST_PROOFS = 64;

/** The members that the suite defines and we use, no other; `created` has no place. */
const PROOF = v.strictObject({
  '@context': v.exactOptional(v.unknown()),
  type: v.literal('DataIntegrityProof'),
  cryptosuite: v.literal('eddsa-jcs-2022'),
  verificationMethod: v.string(),
  proofPurpose: v.literal('assertionMethod'),
  expires: v.exactOptional(v.pipe(v.string(), v.check(isInstant, 'not a moment in UTC'))),
  proofValue: v.pipe(v.string(), v.regex(/^z[1-9A-HJ-NP-Za-km-z]{64,88}$/)),
});
const PROOFS = v.pipe(v.array(PROOF), v.minLength(1), v.maxLength(MOST_PROOFS));

/**
 * Checks the proofs of a document (Data Integrity EdDSA Cryptosuites 1.0, section 3.3.2, and stricter): their
 * exact members, their order, the copied `@context`, `expires`, and the signature of every proof that an
 * authorised key made. One such proof that is wrong refuses the document, whatever the others say.
 *
 * @returns the distinct authorised keys that signed; the caller compares their number with a threshold.
 * @throws {OvnError} `refused`.
 */
export function verifyProofs(document: object, { authorised, now }: ProofRule): Set<string> {
  const { proof, ...unsigned } = document as { proof?: unknown; '@context'?: unknown };
  const proofs = parseProofs(proof);
  requireContext(proofs, unsigned);
  const documentHash = hashUnsigned(unsigned);
  const signed = new Set<string>();
  for (const each of proofs) {
    const did = didOf(each);
    if (!authorised.has(did)) continue;
    requireUnexpired(each, now);
    requireSignature(did, each, documentHash);
    signed.add(did);
  }
  return signed;
}

function parseProofs(value: unknown): Proof[] {
  if (value === undefined) throw refusal('there is no signature');
  const result = v.safeParse(PROOFS, value, { abortEarly: true });
  if (!result.success) {
    throw refusal(`"proof${pathOf(result.issues[0])}" is not of the form: ${result.issues[0].message}`);
  }
  const methods = result.output.map(({ verificationMethod }) => verificationMethod);
  const ascending = methods.every((method, at) => at === 0 || (methods[at - 1] ?? '') < method);
  if (!ascending) throw refusal('proofs are not in order, or a key is there twice');
  return result.output;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? '' : `.${path}`;
}

/**
 * Section 3.3.2, step 4, without its leniency: the very context of the document, or none where it has none.
 */
function requireContext(proofs: readonly Proof[], unsigned: { '@context'?: unknown }): void {
  const expected = contextText(unsigned);
  const equal = proofs.every((proof) => contextText(proof) === expected);
  if (!equal) throw refusal('the "@context" of a proof is not that of the document');
}

function contextText(holder: { '@context'?: unknown }): string | undefined {
  return '@context' in holder ? canonicalize(holder['@context']) : undefined;
}

function didOf({ verificationMethod }: Proof): string {
  const did = verificationMethod.slice(0, verificationMethod.indexOf('#'));
  if (verificationMethod !== verificationMethodOf(did)) {
    throw refusal('a "verificationMethod" is not that of a did:key');
  }
  return did;
}

function requireUnexpired({ expires }: Proof, now: Date | 'timeless'): void {
  if (expires === undefined) return;
  if (now === 'timeless') throw refusal('a proof that expires has no place here');
  if (isExpired(expires, now)) throw refusal(`a proof expired ${expires}`);
}

function requireSignature(did: string, { proofValue, ...options }: Proof, documentHash: Uint8Array): void {
  const signature = base58btc.decode(proofValue);
  const fits = verify(null, signedBytes(options, documentHash), publicKeyOf(did), signature);
  if (!fits) throw refusal(`the signature of ${did} does not fit`);
}

function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
