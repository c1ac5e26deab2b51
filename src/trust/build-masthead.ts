import { formatInstant } from './instant.ts';
import type { Masthead, Revocation, Role, RoleKey, RoleName } from './masthead.ts';
import { MASTHEAD } from './parse-masthead.ts';
import type { Signer } from './proof.ts';
import { requireShape } from './shape.ts';
import { signToBytes } from './sign-document.ts';

/** What a masthead is made of. */
export interface MastheadParts {
  version: number;
  expires: Date;
  /** See `originOf` in src/log. */
  origin: string;
  keys: Record<RoleName, readonly RoleKey[]>;
  /** 1 where it is not given. */
  thresholds?: Partial<Record<RoleName, number>>;
  revoked?: readonly Revocation[];
}

/**
 * A masthead, not signed yet.
 *
 * @throws {OvnError} `malformed` when no reader would take it: a key twice in a role, a threshold above the
 * number of keys.
 */
export function buildMasthead(parts: MastheadParts): Masthead {
  const role = (name: RoleName): Role => ({
    keys: [...parts.keys[name]],
    threshold: parts.thresholds?.[name] ?? 1,
  });
  const masthead: Masthead = {
    format: 'ovn-masthead/1',
    version: parts.version,
    expires: formatInstant(parts.expires),
    origin: parts.origin,
    roles: {
      masthead: role('masthead'),
      edition: role('edition'),
      desk: role('desk'),
      log: role('log'),
      name: role('name'),
    },
    ...(parts.revoked === undefined ? {} : { revoked: [...parts.revoked] }),
  };
  return requireShape(MASTHEAD, masthead, 'masthead');
}

/**
 * Signs a masthead: by the masthead keys of this version and, after the first, of the one before. Gives its
 * final bytes.
 */
export function signMasthead(masthead: Masthead, signers: readonly Signer[]): Uint8Array {
  return signToBytes(masthead, signers).bytes;
}
