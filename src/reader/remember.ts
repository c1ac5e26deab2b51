import { formatInstant } from '../trust/instant.ts';
import { type NameRecord, type ReaderMemory, rememberedManifest, type Trust } from './memory.ts';

/** What was accepted, to be remembered. */
export interface Accepted {
  publication: string;
  mastheads: readonly Uint8Array[];
  manifest: Uint8Array;
  sequence: number;
  /** Absent where the manifest has no log. */
  checkpoint: Uint8Array | undefined;
  name: NameRecord | undefined;
  trust: Trust;
  now: Date;
}

/**
 * The memory after an acceptance. It only moves forward: an older manifest, which was named by its CID, leaves the newer one
 * where it is (invariant 5).
 */
export function remember(memory: ReaderMemory | undefined, accepted: Accepted): ReaderMemory {
  const { publication, mastheads, sequence, name, now } = accepted;
  const newer = memory === undefined || sequence > rememberedManifest(memory).manifest.sequence;
  const seenAt = latest(memory?.seenAt, formatInstant(now));
  const trust = memory?.trust === 'confirmed' ? 'confirmed' : accepted.trust;
  const logSince = lowest(memory?.logSince, accepted.checkpoint === undefined ? undefined : sequence);
  const checkpoint = newer ? accepted.checkpoint : memory.checkpoint;
  return {
    publication,
    trust,
    mastheads,
    manifest: newer ? accepted.manifest : memory.manifest,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(logSince === undefined ? {} : { logSince }),
    ...(name === undefined ? {} : { name }),
    seenAt,
  };
}

/** Instants of one form order as texts. A clock that was set back moves nothing back. */
function latest(before: string | undefined, now: string): string {
  return before !== undefined && before > now ? before : now;
}

function lowest(before: number | undefined, now: number | undefined): number | undefined {
  if (before === undefined || now === undefined) return before ?? now;
  return Math.min(before, now);
}
