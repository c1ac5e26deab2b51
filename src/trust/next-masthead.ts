import { OvnError } from '../errors.ts';
import { formatInstant } from './instant.ts';
import type { Masthead, Revocation, Role, RoleKey, RoleName } from './masthead.ts';
import { ROLES } from './masthead.ts';
import { requireSuccessor } from './masthead-chain.ts';
import { MASTHEAD } from './parse-masthead.ts';
import { requireShape } from './shape.ts';

/** One thing that the next masthead says otherwise. */
export type MastheadChange =
  | { kind: 'add-key'; role: RoleName; key: RoleKey }
  | { kind: 'remove-key'; role: RoleName; id: string }
  /** `categories` absent: the key may sign for all. */
  | { kind: 'limit-key'; id: string; categories?: string[] }
  /** Signatures of the key for log entries from `fromEntry` on count for nothing. It must be in no role then. */
  | { kind: 'revoke-key'; id: string; fromEntry: number }
  | { kind: 'set-threshold'; role: RoleName; threshold: number }
  | { kind: 'extend'; expires: Date };

/**
 * The masthead that follows another one (TUF 1.0.34, section 5.3), not signed yet. Whoever signs it must reach the
 * threshold of the `masthead` role of both.
 *
 * @param changes applied in their order; only the result must hold.
 * @throws {OvnError} `usage` when a change makes no sense, or no reader would take the result, with what to do
 * instead; `exists` for a key that is in the role already; `not-found` for one that is not.
 */
export function nextMasthead(before: Masthead, changes: readonly MastheadChange[]): Masthead {
  const { proof: _proof, ...unsigned } = before;
  let next: Masthead = { ...unsigned, version: before.version + 1 };
  for (const change of changes) next = apply(next, change);
  requireSigners(next);
  requireShape(MASTHEAD, next, 'masthead');
  requireSuccessor(before, next);
  return next;
}

function apply(masthead: Masthead, change: MastheadChange): Masthead {
  switch (change.kind) {
    case 'add-key':
      return withRole(masthead, change.role, (role) => addKey(role, change.role, change.key));
    case 'remove-key':
      return withRole(masthead, change.role, (role) => removeKey(role, change.role, change.id));
    case 'limit-key':
      return withRole(masthead, 'desk', (role) => limitKey(role, change.id, change.categories));
    case 'set-threshold':
      return withRole(masthead, change.role, (role) => ({ ...role, threshold: change.threshold }));
    case 'revoke-key':
      return { ...masthead, revoked: revoke(masthead, { id: change.id, fromEntry: change.fromEntry }) };
    case 'extend':
      return { ...masthead, expires: extend(masthead, change.expires) };
  }
}

function withRole(masthead: Masthead, name: RoleName, change: (role: Role) => Role): Masthead {
  return { ...masthead, roles: { ...masthead.roles, [name]: change(masthead.roles[name]) } };
}

function addKey(role: Role, name: RoleName, key: RoleKey): Role {
  if (role.keys.some(({ id }) => id === key.id)) {
    throw new OvnError('exists', `the masthead names ${key.id} as ${name} key already`);
  }
  if (name !== 'desk' && key.categories !== undefined) {
    throw new OvnError('usage', `only a desk key can be limited to categories, not a key for ${name}`);
  }
  return { ...role, keys: [...role.keys, key] };
}

function removeKey(role: Role, name: RoleName, wanted: string): Role {
  const keys = role.keys.filter(({ id }) => id !== wanted);
  if (keys.length === role.keys.length) throw notNamed(name, wanted);
  return { ...role, keys };
}

function limitKey(role: Role, wanted: string, categories: string[] | undefined): Role {
  if (!role.keys.some(({ id }) => id === wanted)) throw notNamed('desk', wanted);
  const limits = categories === undefined ? {} : { categories };
  return { ...role, keys: role.keys.map((key) => (key.id === wanted ? { id: key.id, ...limits } : key)) };
}

function revoke({ revoked = [] }: Masthead, revocation: Revocation): Revocation[] {
  const known = revoked.find(({ id }) => id === revocation.id);
  if (known === undefined) return [...revoked, revocation];
  throw new OvnError(
    'exists',
    `${known.id} is revoked already, from entry ${known.fromEntry} on; that stays`,
  );
}

function extend({ expires }: Masthead, later: Date): string {
  const wanted = formatInstant(later);
  if (wanted > expires) return wanted;
  throw new OvnError('usage', `the masthead is good until ${expires}; ${wanted} is no later`);
}

/** A role without enough keys could never sign again. */
function requireSigners({ roles }: Masthead): void {
  for (const name of ROLES) {
    const { keys, threshold } = roles[name];
    if (keys.length === 0) {
      throw new OvnError('usage', `the last ${name} key cannot go: nobody could sign in its place`, {
        hint: `ovn key rotate ${name} puts a new key in its place; ovn key new ${name} adds one first.`,
      });
    }
    if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length) {
      throw new OvnError('usage', `${threshold} of ${keys.length} ${name} keys can never sign`, {
        hint: `ovn masthead threshold ${name} <n> sets how many must; ovn key new ${name} adds a key.`,
      });
    }
  }
}

function notNamed(role: RoleName, id: string): OvnError {
  return new OvnError('not-found', `the masthead does not name ${id} as ${role} key`, {
    hint: 'ovn masthead show says whom it names.',
  });
}
