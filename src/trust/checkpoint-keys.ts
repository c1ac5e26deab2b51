import type { Role } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/** Whose signatures a checkpoint bears. */
export interface CheckpointKeys {
  /** Each must sign as often as its threshold says. */
  must: Role[];
  /** did:keys that may sign: every key of `must`, once. */
  may: string[];
}

/**
 * Which log keys sign the next checkpoint: those of the newest masthead, and, on the first checkpoint after the log
 * role changed, those of the role before as well, so that whoever knows only the old key (a witness, a reader) sees it
 * vouch for the new one's tree. Old keys that are revoked vouch for nothing: where too few are left, only the new role
 * signs, and who follows the log must learn of the key from the masthead.
 *
 * @param lastVersion the masthead version that the last published edition names; nothing: none was published.
 */
export function checkpointKeys(
  { versions, newest }: VerifiedMastheads,
  lastVersion: number | undefined,
): CheckpointKeys {
  const now = newest.masthead.roles.log;
  const before = lastVersion === undefined ? undefined : versions[lastVersion - 1]?.masthead.roles.log;
  const must = [now];
  if (before !== undefined && !isSameRole(before, now)) {
    const revoked = new Set(newest.masthead.revoked?.map(({ id }) => id));
    const left = before.keys.filter(({ id }) => !revoked.has(id));
    if (left.length >= before.threshold) must.push({ keys: left, threshold: before.threshold });
  }
  return { must, may: [...new Set(must.flatMap(({ keys }) => keys.map(({ id }) => id)))] };
}

function isSameRole(a: Role, b: Role): boolean {
  const ids = new Set(b.keys.map(({ id }) => id));
  return a.threshold === b.threshold && a.keys.length === ids.size && a.keys.every(({ id }) => ids.has(id));
}
