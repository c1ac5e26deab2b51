import type { Role, RoleKey, RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

/**
 * The did:keys whose signatures count for a role. A desk key of any version counts as long as it is not
 * revoked: until the log says which came first, a signature may be from before the masthead that removed its
 * key. In the other roles only the newest masthead speaks.
 *
 * @param categories slugs of what is signed: desk keys limited to others are left out. Without it every
 * limited key is.
 */
export function authorisedKeys(
  mastheads: VerifiedMastheads,
  role: RoleName,
  { categories }: { categories?: readonly string[] } = {},
): Set<string> {
  const keys = rolesOf(mastheads, role).flatMap((each) => each.keys);
  const revoked = revokedKeys(mastheads);
  return new Set(keys.filter((key) => !revoked.has(key.id) && covers(key, categories)).map(({ id }) => id));
}

/** All desk keys that are not revoked, whatever they are limited to. */
export function deskKeys(mastheads: VerifiedMastheads): Set<string> {
  const revoked = revokedKeys(mastheads);
  const keys = rolesOf(mastheads, 'desk').flatMap((role) => role.keys.map(({ id }) => id));
  return new Set(keys.filter((id) => !revoked.has(id)));
}

/**
 * Whether keys that signed are enough for a role: as many as its threshold demands, within one and the same
 * masthead version.
 *
 * @param signed distinct did:keys with a valid signature.
 */
export function areEnough(
  mastheads: VerifiedMastheads,
  role: RoleName,
  signed: ReadonlySet<string>,
  options: { categories?: readonly string[] } = {},
): boolean {
  const authorised = authorisedKeys(mastheads, role, options);
  return rolesOf(mastheads, role).some(({ keys, threshold }) => {
    const counted = keys.filter(
      (key) => signed.has(key.id) && authorised.has(key.id) && covers(key, options.categories),
    );
    return counted.length >= threshold;
  });
}

function rolesOf({ versions, newest }: VerifiedMastheads, role: RoleName): Role[] {
  const speaking = role === 'desk' ? versions : [newest];
  return speaking.map(({ masthead }) => masthead.roles[role]);
}

function revokedKeys({ newest }: VerifiedMastheads): Set<string> {
  return new Set(newest.masthead.revoked?.map(({ id }) => id));
}

function covers({ categories: limits }: RoleKey, categories: readonly string[] | undefined): boolean {
  if (limits === undefined) return true;
  if (categories === undefined || categories.length === 0) return false;
  return categories.every((slug) => limits.includes(slug));
}
