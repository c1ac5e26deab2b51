import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { OvnError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from './text.ts';

/** What a key's signatures are over (C2SP signed-note, "Signature types"). */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** A public key as the reader of a note knows it. Name and id together say which line is to be its. */
export interface Verifier {
  name: string;
  /** Eight hex digits. */
  keyId: string;
  type: SignatureType;
  /** The 32 bytes of the Ed25519 key. */
  rawKey: Uint8Array;
  publicKey: KeyObject;
}

const RAW_LENGTH = 32;
const KEY_NAME = /^[^+\p{White_Space}\p{Cc}]+$/u;

/**
 * Whether a text can name a key: neither empty, nor with white space or a plus (C2SP signed-note, "Format").
 * All control characters are refused, not only those that no note may have: names are shown on terminals.
 */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && name.isWellFormed();
}

/**
 * The verifier of an Ed25519 key under a name.
 *
 * @param rawKey its 32 bytes.
 * @throws {OvnError} `malformed` for a name that is none, or a key of another length.
 */
export function verifierOf(name: string, rawKey: Uint8Array, type: SignatureType): Verifier {
  if (!isKeyName(name)) throw new OvnError('malformed', `${JSON.stringify(name)} cannot name a key`);
  if (rawKey.length !== RAW_LENGTH) throw new OvnError('malformed', 'an Ed25519 public key has 32 bytes');
  const x = Buffer.from(rawKey).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return { name, keyId: keyIdOf(name, rawKey, type), type, rawKey, publicKey };
}

/** `<name>+<key id>+<base64 of type and key>` (C2SP signed-note, "Verifier keys"). */
export function formatVerifierKey({ name, keyId, type, rawKey }: Verifier): string {
  return `${name}+${keyId}+${encodeBase64(typedKey(rawKey, type))}`;
}

/**
 * Reads a verifier key of type 0x01 (a log's) or 0x04 (a witness's).
 *
 * @throws {OvnError} `malformed`: not in its one spelling, of another type, or with an id that is not that of
 * the key.
 */
export function parseVerifierKey(text: string): Verifier {
  const [, name, keyId, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  const type = (['ed25519', 'cosignature'] as const).find((each) => SIGNATURE_TYPES[each] === bytes?.[0]);
  if (name === undefined || bytes === undefined || type === undefined) {
    throw new OvnError('malformed', `${JSON.stringify(text)} is no verifier key of an Ed25519 key`);
  }
  const verifier = verifierOf(name, bytes.subarray(1), type);
  if (verifier.keyId === keyId) return verifier;
  throw new OvnError(
    'malformed',
    `the verifier key of ${name} has the id ${keyId}, its key ${verifier.keyId}`,
  );
}

/** Key id: the first four bytes of SHA-256(name || 0x0A || type || key). */
function keyIdOf(name: string, rawKey: Uint8Array, type: SignatureType): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typedKey(rawKey, type)]), 'hex').slice(0, 8);
}

function typedKey(rawKey: Uint8Array, type: SignatureType): Uint8Array {
  return Buffer.concat([Uint8Array.of(SIGNATURE_TYPES[type]), rawKey]);
}
