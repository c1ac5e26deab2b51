import type { VerifiedManifest } from '../manifest/read-manifest.ts';
import { conflictOf } from './conflict.ts';
import type { Finding } from './ledger.ts';
import { type ReaderMemory, rememberedManifest } from './memory.ts';
import type { AcceptOptions, Offered } from './offered.ts';
import { Contradiction } from './refusal.ts';

/**
 * Rule 5, rollback and equivocation (TUF 1.0.34, section 5.4.3): the sequence never falls, one sequence has one manifest,
 * and the next one follows it. What is named by its CID may be older. Gives whether it is superseded.
 */
export function judgeRollback(
  memory: ReaderMemory | undefined,
  {
    verified,
    bytes,
    mastheads,
  }: { verified: VerifiedManifest; bytes: Offered['manifest']; mastheads: readonly Uint8Array[] },
  { namedBy }: Pick<AcceptOptions, 'namedBy'>,
): Finding<boolean> {
  const { sequence } = verified.manifest;
  if (memory === undefined) return { value: false, detail: `sequence ${sequence}; none was seen before` };
  const remembered = rememberedManifest(memory);
  const conflict = conflictOf(remembered, verified);
  const documents = [memory.manifest, bytes] as const;
  if (conflict !== undefined)
    throw new Contradiction(conflict, { kind: 'equivocation', mastheads, documents });
  const seen = remembered.manifest.sequence;
  if (sequence >= seen) return { value: false, detail: `sequence ${sequence}; ${seen} was seen before` };
  const superseded = `sequence ${sequence}; ${seen} was seen on ${memory.seenAt}`;
  if (namedBy === 'name') throw new Contradiction(superseded, { kind: 'rollback', mastheads, documents });
  return { value: true, detail: `superseded: ${superseded}` };
}
