/** Root of the tree without entries: base64 of the SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_TREE_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The state of a log, as a manifest and a checkpoint name it. */
export interface LogState {
  /** Name of the log: the masthead's `origin`. */
  origin: string;
  /** Number of entries. */
  size: number;
  /** Merkle tree hash, base64. */
  root: string;
}

/** A log in which nothing is recorded yet. */
export function emptyLog(origin: string): LogState {
  return { origin, size: 0, root: EMPTY_TREE_ROOT };
}
