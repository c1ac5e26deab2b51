import { hash, type KeyObject, sign as signBytes } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import { CanonicalDraft } from '../bundle/canonical-json.ts';
import { OvnError } from '../errors.ts';
import { didKeyOf, verificationMethodOf } from './did-key.ts';
import { type Proof, type ProofOptions, type Signer, signedBytes } from './proof.ts';

/** did:keys of private keys that have signed: deriving one costs as much as a signature. */
const dids = new WeakMap<KeyObject, string>();

/**
 * A private key as a signer.
 *
 * @throws {OvnError} `key` when it is not an Ed25519 private key.
 */
export function signerOf(privateKey: KeyObject): Signer {
  if (privateKey.type !== 'private') throw new OvnError('key', 'signing needs a private key');
  const did = dids.get(privateKey) ?? didKeyOf(privateKey);
  dids.set(privateKey, did);
  return { did, privateKey };
}

/**
 * Signs a document with `eddsa-jcs-2022`, one proof a signer, sorted by verificationMethod, without
 * `created`: the same document and keys give the same bytes.
 *
 * @throws {OvnError} `key` when there is no signer, one twice, or a private key that is not the one of its
 * `did`.
 */
export function signDocument<T extends object>(
  document: T,
  signers: readonly Signer[],
): T & { proof: Proof[] } {
  return sign(document, signers).signed;
}

/** A signed document as an object and as its canonical bytes, which are what is stored. */
export interface SignedBytes<T> {
  document: T & { proof: Proof[] };
  bytes: Uint8Array;
}

/** As {@link signDocument}, with the bytes: each member is written once, for the signature and for the file. */
export function signToBytes<T extends object>(document: T, signers: readonly Signer[]): SignedBytes<T> {
  const { signed, draft } = sign(document, signers);
  return { document: signed, bytes: draft.complete(signed.proof) };
}

function sign<T extends object>(
  document: T,
  signers: readonly Signer[],
): { signed: T & { proof: Proof[] }; draft: CanonicalDraft } {
  if ('proof' in document) throw new TypeError('a document is signed once, by all its signers');
  if (signers.length === 0) throw new OvnError('key', 'no key to sign with');
  if (new Set(signers.map(({ did }) => did)).size !== signers.length) {
    throw new OvnError('key', 'one key signs twice');
  }
  const draft = new CanonicalDraft(document, 'proof');
  const documentHash = hash('sha256', draft.bytes, 'buffer');
  const context = '@context' in document ? { '@context': document['@context'] } : {};
  const sorted = signers.toSorted((a, b) => (a.did < b.did ? -1 : 1));
  const proof = sorted.map((signer) => makeProof(signer, context, documentHash));
  return { signed: { ...document, proof }, draft };
}

function makeProof(signer: Signer, context: { '@context'?: unknown }, documentHash: Uint8Array): Proof {
  if (signerOf(signer.privateKey).did !== signer.did) {
    throw new OvnError('key', `the private key at hand is not that of ${signer.did}`);
  }
  const options: ProofOptions = {
    ...context,
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: verificationMethodOf(signer.did),
    proofPurpose: 'assertionMethod',
  };
  const signature = signBytes(null, signedBytes(options, documentHash), signer.privateKey);
  return { ...options, proofValue: base58btc.encode(signature) };
}
