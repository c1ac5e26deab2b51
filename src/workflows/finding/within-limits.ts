import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';

/** Blocks and bytes that are read of what somebody offers, and for how long, in ms. */
const MOST_BLOCKS = 4096;
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_MS = 60_000;

/**
 * Reads no more than the documents of an edition, or the proofs of a log, can be, and waits no longer than for these, from now on.
 *
 * Threat: whoever offers something can make it as large, and give each block of it as slowly, as they like.
 *
 * @throws {OvnError} `limit` where there is more, `io` where it does not come in time.
 */
export function withinLimits(read: BlockReader, longestMs = LONGEST_MS): BlockReader {
  const ends = AbortSignal.timeout(longestMs);
  let [blocks, bytes] = [0, 0];
  return async (cid) => {
    const block = await inTime(() => read(cid), ends, longestMs);
    blocks += 1;
    bytes += block?.length ?? 0;
    if (blocks <= MOST_BLOCKS && bytes <= MOST_BYTES) return block;
    throw new OvnError('limit', 'it has more than the documents of an edition can have');
  };
}

async function inTime<T>(work: () => Promise<T>, ends: AbortSignal, longestMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(new OvnError('io', `its documents do not come in ${longestMs / 1000} s`));
  if (ends.aborted) give();
  ends.addEventListener('abort', give);
  try {
    return await Promise.race([promise, ends.aborted ? promise : work()]);
  } finally {
    ends.removeEventListener('abort', give);
  }
}
