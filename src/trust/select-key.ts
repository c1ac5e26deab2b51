import { OvnError } from '../errors.ts';
import { covers } from './authorised-keys.ts';
import { stateOfKey } from './key-state.ts';
import type { Role, RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/**
 * Of the keys that are held for a role, those that a masthead names, or named before, and that are not revoked. Whether
 * one still signs is said by the role as {@link chooseSigners} is given it.
 *
 * @param held did:keys.
 */
export function selectKeys(mastheads: VerifiedMastheads, role: RoleName, held: readonly string[]): string[] {
  const isNamed = (did: string): boolean =>
    ['current', 'retired'].includes(stateOfKey(mastheads, role, did).state);
  return held.filter(isNamed);
}

/**
 * Stops where nobody here can sign in a role.
 *
 * @throws {OvnError} `key`.
 */
export function requireKeys(name: RoleName, { keys }: Role, held: readonly { did: string }[]): void {
  if (held.some(({ did }) => keys.some(({ id }) => id === did))) return;
  throw new OvnError('key', `the keyring has no ${name} key that the masthead names: nothing can be signed`, {
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
