import type { VerifiedManifest } from '../manifest/read-manifest.ts';
import { conflictOf } from './conflict.ts';
import type { Finding } from './ledger.ts';
import { type ReaderMemory, rememberedManifest } from './memory.ts';
import type { AcceptOptions } from './offered.ts';
import { Contradiction, refusal } from './refusal.ts';

/** A manifest that holds, and what is kept with the evidence of a refusal. */
export interface HeldManifest {
  verified: VerifiedManifest;
  bytes: Uint8Array;
  /** Bytes of the known versions. */
  mastheads: readonly Uint8Array[];
}

/**
 * Rule 5, rollback and equivocation (TUF 1.0.34, section 5.4.3): the sequence never falls, one sequence has one manifest,
 * and the next one follows it. What is named by its CID may be older. Gives whether it is superseded.
 */
export function judgeRollback(
  memory: ReaderMemory | undefined,
  { verified, bytes, mastheads }: HeldManifest,
  { namedBy, later }: Pick<AcceptOptions, 'namedBy' | 'later'>,
): Finding<boolean> {
  const { sequence } = verified.manifest;
  const logged = later?.fold.editions.length ?? 0;
  if (memory === undefined) {
    if (sequence > logged) return { value: false, detail: `sequence ${sequence}; none was seen before` };
    return supersededBy(`sequence ${sequence}; a later log has ${logged} editions`, namedBy, refusal);
  }
  const remembered = rememberedManifest(memory);
  const conflict = conflictOf(remembered, verified);
  const documents = [memory.manifest, bytes] as const;
  if (conflict !== undefined)
    throw new Contradiction(conflict, { kind: 'equivocation', mastheads, documents });
  const seen = remembered.manifest.sequence;
  if (sequence >= seen && sequence > logged)
    return { value: false, detail: `sequence ${sequence}; ${seen} was seen before` };
  const reason = `sequence ${sequence}; ${Math.max(seen, logged)} was seen, last on ${memory.seenAt}`;
  const refuse = (message: string) => new Contradiction(message, { kind: 'rollback', mastheads, documents });
  return supersededBy(reason, namedBy, refuse);
}

function supersededBy(
  reason: string,
  namedBy: AcceptOptions['namedBy'],
  refuse: (message: string) => Error,
): Finding<boolean> {
  if (namedBy === 'name') throw refuse(reason);
  return { value: true, detail: `superseded: ${reason}` };
}
