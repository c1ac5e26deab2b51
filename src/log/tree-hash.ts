import { hash } from 'node:crypto';

/** Bytes of every hash in the tree: SHA-256. */
export const HASH_SIZE = 32;

const LEAF = 0x00;
const NODE = 0x01;

/** Filled anew for every node: a tile of 256 hashes has 255 of them. */
const scratch = new Uint8Array(1 + 2 * HASH_SIZE);
scratch[0] = NODE;

/** Hash of the tree without entries: SHA-256 of nothing (RFC 6962, section 2.1). */
export function emptyRoot(): Uint8Array {
  return hash('sha256', '', 'buffer');
}

/** Hash of an entry as a leaf: SHA-256(0x00 || entry) (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length);
  bytes[0] = LEAF;
  bytes.set(entry, 1);
  return hash('sha256', bytes, 'buffer');
}

/**
 * Hash of a node above two others: SHA-256(0x01 || left || right) (RFC 6962, section 2.1). The two prefixes
 * keep a node from being taken for an entry.
 *
 * @throws {RangeError} for anything but two hashes: a defect of the caller.
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  // Shorter ones would be completed by what the node before left behind.
  if (left.length !== HASH_SIZE || right.length !== HASH_SIZE) throw new RangeError('not two hashes');
  scratch.set(left, 1);
  scratch.set(right, 1 + HASH_SIZE);
  return hash('sha256', scratch, 'buffer');
}

/**
 * Root of the tree over hashes that lie side by side, at least one. Pairs are hashed layer by layer and an
 * odd last one moves up as it is, which is the tree of RFC 6962, section 2.1 (split at the largest power of
 * two below the size).
 */
export function rootOfHashes(hashes: Uint8Array): Uint8Array {
  const row = Uint8Array.from(hashes);
  for (let count = row.length / HASH_SIZE; count > 1; count = Math.ceil(count / 2)) {
    for (let at = 0; at < count; at += 2) {
      const pair = row.subarray(at * HASH_SIZE, Math.min(at + 2, count) * HASH_SIZE);
      row.set(pair.length === HASH_SIZE ? pair : joined(pair), (at / 2) * HASH_SIZE);
    }
  }
  return row.subarray(0, HASH_SIZE);
}

/** The `at`th of the hashes that lie side by side. */
export function hashAt(hashes: Uint8Array, at: number): Uint8Array {
  return hashes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE);
}

/** Whether two hashes, or any bytes, are the same. Nothing here is secret: the time it takes may tell. */
export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function joined(pair: Uint8Array): Uint8Array {
  return nodeHash(hashAt(pair, 0), hashAt(pair, 1));
}
