import { decodeHash } from '../../log/text.ts';
import { formatEvidence } from '../../reader/evidence.ts';
import type { Repository } from '../../repo/repository.ts';
import { formatInstant } from '../../trust/instant.ts';
import type { Comparison } from './compare-logs.ts';

/**
 * What shows a fork to others: both checkpoints, each signed by the log, and why they exclude each other. `ovn log evidence`
 * judges it anywhere.
 */
export function forkEvidence(
  { ours, theirs, proof }: Comparison,
  repository: Repository,
  now: Date,
): Uint8Array {
  const [shorter, longer] = theirs.size > ours.size ? [ours, theirs] : [theirs, ours];
  const root = decodeHash(proof?.root ?? '');
  return formatEvidence({
    kind: 'fork',
    publication: repository.publicationId,
    mastheads: repository.mastheads().map(({ bytes }) => bytes),
    documents: [Buffer.from(shorter.checkpoint), Buffer.from(longer.checkpoint)],
    proof: {
      hashes: (proof?.hashes ?? []).map((hash) => Buffer.from(hash, 'base64')),
      ...(root === undefined ? {} : { root }),
    },
    foundAt: formatInstant(now),
  });
}
