import type { RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/** What the mastheads say of a key in a role. */
export type KeyState =
  | { state: 'current'; categories?: string[] }
  /** An earlier version names it: what the log has before its removal stays valid. */
  | { state: 'retired' }
  /** What the log has from `fromEntry` on is disowned. */
  | { state: 'revoked'; fromEntry: number }
  | { state: 'unnamed' };

/** What became of a key in a role. */
export function stateOfKey({ versions, newest }: VerifiedMastheads, role: RoleName, did: string): KeyState {
  const revocation = newest.masthead.revoked?.find(({ id }) => id === did);
  if (revocation !== undefined) return { state: 'revoked', fromEntry: revocation.fromEntry };
  const named = newest.masthead.roles[role].keys.find(({ id }) => id === did);
  if (named !== undefined) {
    return { state: 'current', ...(named.categories === undefined ? {} : { categories: named.categories }) };
  }
  const ever = versions.some(({ masthead }) => masthead.roles[role].keys.some(({ id }) => id === did));
  return { state: ever ? 'retired' : 'unnamed' };
}
