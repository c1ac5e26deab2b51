/** What one request may cost, whatever it asks for: milliseconds, bytes, blocks. */
export const REQUEST_LIMITS = {
  /** Until an answer begins: names resolved, the path followed. */
  resolve: 30_000,
  /** Blocks and bytes read until an answer begins: a path has at most 128 names, each a few blocks of a sharded folder. */
  pathBlocks: 4096,
  pathBytes: 256 * 1024 * 1024,
  /** Blocks and bytes read in all: a file or a CAR that is streamed. */
  blocks: 2_000_000,
  bytes: 64 * 1024 ** 3,
  /** Entries of a folder that is listed. */
  entries: 10_000,
  /** A CAR up to this size is complete before it is begun to be sent; a longer one is broken off where a block is missing. */
  carAhead: 1024 * 1024,
  /** Levels below the root of a file or a sharded folder. */
  depth: 64,
  redirectsFile: 64 * 1024,
  nameRecord: 10 * 1024,
};

export type RequestLimits = typeof REQUEST_LIMITS;

/** After so many milliseconds others get their turn: a store that answers at once would keep timers from firing. */
export const TURN = 10;

/**
 * Answers that are kept for whoever asks next: bytes of all, and of the largest body; and from how many blocks one may be made, for
 * each of which it is asked every time whether it may still be given.
 */
export const ANSWER_CACHE = { most: 32 * 1024 * 1024, largest: 256 * 1024, blocks: 32 };
