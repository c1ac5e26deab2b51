import { OvnError } from '../errors.ts';
import { covers } from './authorised-keys.ts';
import type { Role, RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/**
 * Of the keys that are held for a role, those that the newest masthead names, in its order: their signatures count.
 *
 * @param held did:keys.
 */
export function selectKeys(mastheads: VerifiedMastheads, role: RoleName, held: readonly string[]): string[] {
  const named = mastheads.newest.masthead.roles[role].keys.map(({ id }) => id);
  return named.filter((id) => held.includes(id));
}

/**
 * Stops where nobody here can sign in a role.
 *
 * @throws {OvnError} `key`.
 */
export function requireKeys(role: RoleName, held: readonly unknown[]): void {
  if (held.length > 0) return;
  throw new OvnError('key', `the keyring has no ${role} key that the masthead names: nothing can be signed`, {
    hint: 'ovn key ls shows what is here; ovn key import takes in a copy.',
  });
}

/**
 * The first of the keys at hand that a role's threshold needs: never more, so that the same keys give the same bytes.
 * Fewer than the threshold where there are not enough.
 *
 * @param categories of an article, for the desk.
 */
export function chooseSigners<S extends { did: string }>(
  role: Role,
  held: readonly S[],
  categories?: readonly string[],
): S[] {
  const able = role.keys.filter((key) => covers(key, categories)).map(({ id }) => id);
  const signers = able.flatMap((id) => held.find(({ did }) => did === id) ?? []);
  return signers.slice(0, role.threshold);
}
