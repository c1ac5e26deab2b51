import { readMastheads, tellChain, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import type { Finding } from './ledger.ts';
import type { ReaderMemory } from './memory.ts';
import type { AcceptOptions } from './offered.ts';
import { Contradiction, refusal } from './refusal.ts';

/** The mastheads that a judgement rests on. */
export interface Chains {
  /** As the edition has them. */
  offered: VerifiedMastheads;
  /** The longest chain known: remembered, or offered. */
  known: VerifiedMastheads;
  /** Bytes of the known versions. */
  files: readonly Uint8Array[];
}

/**
 * Rule 3, the masthead chain (TUF 1.0.34, section 5.3): every version is signed by its own keys and by those of the one
 * before (5.3.4), without gaps and never fewer than were seen (5.3.5), and the very bytes that were seen. Expiry is for
 * rule 6 (5.3.10).
 */
export function judgeMastheads(
  memory: ReaderMemory | undefined,
  files: readonly Uint8Array[],
  { expectedId, namedBy }: Pick<AcceptOptions, 'expectedId' | 'namedBy'>,
): Finding<Chains> {
  const offered = readMastheads(files);
  requirePublication(offered.publicationId, memory?.publication, expectedId);
  const remembered = memory?.mastheads ?? [];
  requireSameBytes(remembered, files);
  if (files.length >= remembered.length) {
    return { value: { offered, known: offered, files }, detail: tell(offered, memory, expectedId) };
  }
  if (namedBy === 'name') {
    throw refusal(`it ends at masthead ${files.length}; masthead ${remembered.length} was seen before`);
  }
  const known = readMastheads(remembered);
  return { value: { offered, known, files: remembered }, detail: tell(known, memory, expectedId) };
}

function requirePublication(
  found: string,
  remembered: string | undefined,
  expected: string | undefined,
): void {
  if (expected !== undefined && found !== expected)
    throw refusal(`it is of publication ${found}, not of ${expected}`);
  if (remembered !== undefined && found !== remembered)
    throw refusal(`it is of publication ${found}; what is remembered is of ${remembered}`);
}

/**
 * Of two chains that both hold, one goes on from the other.
 *
 * @throws {Contradiction} at the first version of which there are two.
 */
export function requireSameBytes(remembered: readonly Uint8Array[], files: readonly Uint8Array[]): void {
  for (const [at, known] of remembered.entries()) {
    const other = files[at];
    if (other === undefined || Buffer.compare(known, other) === 0) continue;
    throw new Contradiction(`masthead ${at + 1} is not the one that was seen before, and both are signed`, {
      kind: 'masthead-fork',
      mastheads: remembered.slice(0, at),
      documents: [known, other],
    });
  }
}

function tell(
  mastheads: VerifiedMastheads,
  memory: ReaderMemory | undefined,
  expected: string | undefined,
): string {
  const chain = tellChain(mastheads);
  if (memory !== undefined) return `${chain}; ${memory.mastheads.length} of them seen before`;
  if (expected !== undefined) return `${chain}; seen for the first time, of the id that you named`;
  return `${chain}; seen for the first time, trusted on first use: compare the id ${mastheads.publicationId}`;
}
