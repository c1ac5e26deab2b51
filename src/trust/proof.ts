import { hash, type KeyObject } from 'node:crypto';
import { canonicalize } from '../bundle/canonical-json.ts';

/** A key that signs: the private half, and the did:key of the public one. */
export interface Signer {
  did: string;
  privateKey: KeyObject;
}

/** A proof without its signature (Data Integrity EdDSA Cryptosuites 1.0, section 3.3). */
export interface ProofOptions {
  /** A copy of the document's, where it has one. */
  '@context'?: unknown;
  type: 'DataIntegrityProof';
  cryptosuite: 'eddsa-jcs-2022';
  /** `did:key:z…#z…` */
  verificationMethod: string;
  proofPurpose: 'assertionMethod';
  /** UTC, whole seconds. Ours carry none; a proof of others that does is refused once it is reached. */
  expires?: string;
}

export interface Proof extends ProofOptions {
  /** base58btc multibase of the 64 bytes. */
  proofValue: string;
}

/** SHA-256 of the canonical form of a document without `proof` (section 3.3.4, hashing). */
export function hashUnsigned(unsigned: object): Uint8Array {
  return hash('sha256', canonicalize(unsigned), 'buffer');
}

/** Hashes of options by their JSON: who signs or checks many documents with one key needs it once. */
const optionHashes = new Map<string, Uint8Array>();
const MOST_HASHES = 256;

/** The 64 bytes that Ed25519 signs: the hash of the proof's options, then that of the document. */
export function signedBytes(options: ProofOptions, documentHash: Uint8Array): Uint8Array {
  return Buffer.concat([hashOptions(options), documentHash]);
}

function hashOptions(options: ProofOptions): Uint8Array {
  const key = JSON.stringify(options);
  const known = optionHashes.get(key);
  if (known !== undefined) return known;
  const made = hash('sha256', canonicalize(options), 'buffer');
  if (optionHashes.size < MOST_HASHES) optionHashes.set(key, made);
  return made;
}
