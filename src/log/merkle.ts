import { HASH_SIZE, isSameHash, nodeHash } from './tree-hash.ts';
import { isEmptyHead, type TreeHead } from './tree-head.ts';

/**
 * Whether an entry's leaf hash lies at `index` of the tree (RFC 9162, section 2.1.3.2). Anything that is no
 * proof of it is `false`: an index outside of the tree, hashes too many or too few, a hash that is not of 32
 * bytes.
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  { size, root }: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (![leaf, ...proof].every(isHash)) return false;
  const path = { node: index, last: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    if (path.last === 0) return false;
    hash = isOnLeft(path) ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
    climb(path);
  }
  return path.last === 0 && isSameHash(hash, root);
}

/**
 * Whether the older tree is a prefix of the newer one (RFC 9162, section 2.1.4.2, and sizes that are equal).
 *
 * From size 0 there is nothing to prove, and this is `false` whatever the roots: an answer of "consistent"
 * that rests on no hash at all must be asked for by name, which {@link isExtension} does. For equal sizes the
 * proof must be empty and the roots the same; they are only compared, so that of their length nothing is
 * said.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isCount(older.size) || !isCount(newer.size)) return false;
  if (older.size === 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && isSameHash(older.root, newer.root);
  if (proof.length === 0 || ![older.root, ...proof].every(isHash)) return false;
  return isPrefix(older, newer, isPowerOfTwo(older.size) ? [older.root, ...proof] : proof);
}

/**
 * Whether a log could have grown from one head to the other without a change: {@link verifyConsistency}, and
 * the empty tree, of which every tree is an extension by an empty proof (C2SP tlog-witness,
 * "add-checkpoint").
 */
export function isExtension(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (older.size !== 0) return verifyConsistency(older, newer, proof);
  return isEmptyHead(older) && proof.length === 0 && (newer.size > 0 || isEmptyHead(newer));
}

/** The way from a node up to the root: its number and that of the last node, in one row of the tree. */
interface Path {
  node: number;
  last: number;
}

/** RFC 9162, section 2.1.4.2, from step 3 on. */
function isPrefix(older: TreeHead, newer: TreeHead, [first, ...rest]: readonly Uint8Array[]): boolean {
  if (first === undefined) return false;
  const path = { node: older.size - 1, last: newer.size - 1 };
  while (path.node % 2 === 1) halve(path);
  let [olderHash, newerHash] = [first, first];
  for (const hash of rest) {
    if (path.last === 0) return false;
    if (isOnLeft(path)) {
      newerHash = nodeHash(newerHash, hash);
    } else {
      olderHash = nodeHash(hash, olderHash);
      newerHash = nodeHash(hash, newerHash);
    }
    climb(path);
  }
  return path.last === 0 && isSameHash(olderHash, older.root) && isSameHash(newerHash, newer.root);
}

/** Whether the next hash of a proof stands to the right of the node. */
function isOnLeft({ node, last }: Path): boolean {
  return node % 2 === 0 && node !== last;
}

/** One row up; where the node is the last and has no sibling, up to where it has one. */
function climb(path: Path): void {
  if (path.node % 2 === 0 && path.node === path.last) {
    while (path.node % 2 === 0 && path.node !== 0) halve(path);
  }
  halve(path);
}

/** Not by `>>`, which is of 32 bits. */
function halve(path: Path): void {
  path.node = Math.floor(path.node / 2);
  path.last = Math.floor(path.last / 2);
}

function isPowerOfTwo(size: number): boolean {
  let rest = size;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return rest === 1;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_SIZE;
}
