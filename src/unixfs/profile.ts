import type { ImporterOptions } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/** Bytes of a file's chunk: a file up to this size is one raw block. */
export const CHUNK_SIZE = 1024 * 1024;

/** Links of an inner node of a file, at most. */
export const WIDTH = 1024;

/** Bytes of a directory's block above which (`>`) it is sharded. */
export const SHARD_LIMIT = 256 * 1024;

/** Slots of a node of a sharded directory (HAMT). */
export const FANOUT = 256;

/** Bytes of a block above which no implementation exchanges it. */
export const MAX_BLOCK = 2 * 1024 * 1024;

/**
 * The profile `unixfs-v1-2025` (IPIP-0499) for ipfs-unixfs-importer and @helia/unixfs, by its name and by every value, because
 * neither library takes all of it from the name. The importer writes into the object it is given: hand it a copy.
 */
export const IMPORTER_OPTIONS = Object.freeze({
  profile: 'unixfs-v1-2025',
  cidVersion: 1,
  rawLeaves: true,
  reduceSingleLeafToSelf: true,
  chunker: fixedSize({ chunkSize: CHUNK_SIZE }),
  layout: balanced({ maxChildrenPerNode: WIDTH }),
  shardSplitStrategy: 'block-bytes',
  shardSplitThresholdBytes: SHARD_LIMIT,
  shardFanoutBits: Math.log2(FANOUT),
} satisfies ImporterOptions);
