import { OvnError } from '../errors.ts';
import type { RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/**
 * Of the keys that are held for a role, the one that the newest masthead names: its signatures count.
 *
 * @param held did:keys.
 * @throws {OvnError} `key` when it names none of them.
 */
export function selectKey(mastheads: VerifiedMastheads, role: RoleName, held: readonly string[]): string {
  const named = mastheads.newest.masthead.roles[role].keys.find(({ id }) => held.includes(id));
  if (named !== undefined) return named.id;
  const what =
    held.length === 0 ? `the keyring has no ${role} key` : `the masthead names no ${role} key that is here`;
  throw new OvnError('key', `${what}: nothing can be signed with it`, {
    hint: 'ovn key ls shows what is here; ovn key import takes in a copy.',
  });
}
