import type { Comparison } from './compare-logs.ts';

/**
 * What shows a fork to others: both checkpoints, of which each is signed by the log, and why they exclude each other.
 *
 * LEAD, branch `memory`: `formatEvidence` (ovn-evidence/1, kind `fork`) takes the place of this; `documents` are the
 * checkpoint of the shorter log, then that of the longer one (of two of one size: theirs, ours), `proof` is as it is here.
 */
export async function* forkEvidence(comparison: Comparison): AsyncGenerator<Uint8Array> {
  const { origin, ours, theirs, difference, proof } = comparison;
  yield Buffer.from(`${JSON.stringify({ origin, ours, theirs, proof, difference }, null, 2)}\n`, 'utf8');
}
