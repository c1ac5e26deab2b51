import { hash } from 'node:crypto';

/** What an origin that is made from a key begins with. */
export const ORIGIN_PREFIX = 'ovn.log/';

/**
 * The log's origin made from its first key: `ovn.log/` and 16 hex digits of the key's SHA-256. It stays the
 * same when the log key is changed later.
 *
 * @param publicKey the 32 bytes of the Ed25519 key.
 */
export function originOf(publicKey: Uint8Array): string {
  return ORIGIN_PREFIX + hash('sha256', publicKey, 'hex').slice(0, 16);
}
