import { OvnError } from '../errors.ts';
import type { LogState } from './empty-tree.ts';
import { decodeHash, encodeBase64 } from './text.ts';
import { emptyRoot, isSameHash } from './tree-hash.ts';

/** What a tree is known by: how many entries it has, and its Merkle tree hash. */
export interface TreeHead {
  /** Safe integer from 0. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
}

/** The head of the tree without entries. */
export function emptyHead(): TreeHead {
  return { size: 0, root: emptyRoot() };
}

/** Whether a head is that of the tree without entries, in size and in root. */
export function isEmptyHead({ size, root }: TreeHead): boolean {
  return size === 0 && isSameHash(root, emptyRoot());
}

/** Whether size and root of two heads are the same. */
export function isSameHead(a: TreeHead, b: TreeHead): boolean {
  return a.size === b.size && isSameHash(a.root, b.root);
}

/**
 * The tree head of a log's state, as a manifest names it.
 *
 * @throws {OvnError} `malformed` for a root that is not base64 of 32 bytes.
 */
export function headOf({ size, root }: Pick<LogState, 'size' | 'root'>): TreeHead {
  const bytes = decodeHash(root);
  if (bytes === undefined) throw new OvnError('malformed', `"${root}" is no tree hash in base64`);
  return { size, root: bytes };
}

/** A log's state, as a manifest names it. */
export function stateOf(origin: string, { size, root }: TreeHead): LogState {
  return { origin, size, root: encodeBase64(root) };
}
