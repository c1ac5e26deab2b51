import { OvnError } from '../errors.ts';

const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'] as const;
type Role = (typeof ROLES)[number];

/** What a role's argument may be, for its help. */
export const ROLE_NAMES = ROLES.join(', ');

/** @throws {OvnError} `usage`. */
export function parseRole(text: string): Role {
  const role = ROLES.find((name) => name === text);
  if (role === undefined) throw new OvnError('usage', `${text} is no role; there are ${ROLE_NAMES}`);
  return role;
}
