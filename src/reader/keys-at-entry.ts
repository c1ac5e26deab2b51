import type { LogFold } from '../log/fold.ts';
import type { VerifiedMastheads } from '../trust/masthead-chain.ts';

/**
 * The version of the masthead that an entry of the log is judged by: the newest one logged before it. The log's order
 * decides, times do not (design section 3, "Log").
 */
export function versionAt({ mastheads }: LogFold, index: number): number {
  return mastheads.findLast((masthead) => masthead.index < index)?.version ?? 1;
}

/** The keys whose signatures do not count any more for an entry: those that were revoked from it, or from before it, on. */
export function revokedAt({ newest }: VerifiedMastheads, index: number): Set<string> {
  const revoked = newest.masthead.revoked?.filter(({ fromEntry }) => fromEntry <= index) ?? [];
  return new Set(revoked.map(({ id }) => id));
}
