import type { Authority } from './key-history.ts';
import type { Role, RoleKey, RoleName } from './masthead.ts';
import type { VerifiedMastheads } from './masthead-chain.ts';

export interface KeyOptions {
  /** Slugs of what is signed: desk keys limited to others are left out. Without it every limited key is. */
  categories?: readonly string[];
  /** What the log says of the place of what is signed; absent where no log is at hand. */
  at?: Authority | undefined;
}

/**
 * The did:keys whose signatures count for a role. With the log at hand, `at` decides. Without it a desk key of any
 * version counts as long as it is not revoked: the signature may be from before the masthead that removed its key;
 * in the other roles only the newest masthead speaks.
 */
export function authorisedKeys(
  mastheads: VerifiedMastheads,
  role: RoleName,
  { categories, at }: KeyOptions = {},
): Set<string> {
  const keys = rolesOf(mastheads, role, at).flatMap((each) => each.keys);
  const revoked = revokedKeys(mastheads, at);
  return new Set(keys.filter((key) => !revoked.has(key.id) && covers(key, categories)).map(({ id }) => id));
}

/** All desk keys that are not revoked, whatever they are limited to. */
export function deskKeys(mastheads: VerifiedMastheads): Set<string> {
  const revoked = revokedKeys(mastheads, undefined);
  return new Set([...everNamed(mastheads, 'desk')].filter((id) => !revoked.has(id)));
}

/** Every key that any version names in a role, whatever became of it. */
export function everNamed({ versions }: VerifiedMastheads, role: RoleName): Set<string> {
  return new Set(versions.flatMap(({ masthead }) => masthead.roles[role].keys.map(({ id }) => id)));
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
  options: KeyOptions = {},
): boolean {
  const authorised = authorisedKeys(mastheads, role, options);
  return rolesOf(mastheads, role, options.at).some(({ keys, threshold }) => {
    const counted = keys.filter(
      (key) => signed.has(key.id) && authorised.has(key.id) && covers(key, options.categories),
    );
    return counted.length >= threshold;
  });
}

/** Whether a key may sign for all of the categories. */
export function covers({ categories: limits }: RoleKey, categories: readonly string[] | undefined): boolean {
  if (limits === undefined) return true;
  if (categories === undefined || categories.length === 0) return false;
  return categories.every((slug) => limits.includes(slug));
}

function rolesOf({ versions, newest }: VerifiedMastheads, role: RoleName, at: Authority | undefined): Role[] {
  if (at !== undefined) return [at.masthead.roles[role]];
  const speaking = role === 'desk' ? versions : [newest];
  return speaking.map(({ masthead }) => masthead.roles[role]);
}

function revokedKeys({ newest }: VerifiedMastheads, at: Authority | undefined): ReadonlySet<string> {
  return at?.revoked ?? new Set(newest.masthead.revoked?.map(({ id }) => id));
}
