import type { Masthead, Role } from './masthead.ts';

/** A role that has not signed as often as it must. */
export interface Shortfall {
  /** Whose keys: `masthead keys of masthead 1`. */
  of: string;
  threshold: number;
  signed: number;
  /** did:keys of the role that have not signed. */
  waiting: string[];
}

/** A role that must sign a document. */
export interface RequiredRole {
  of: string;
  role: Role;
}

/** The roles that are still short of signatures; none: the document is finished. */
export function shortfallsOf(required: readonly RequiredRole[], signed: ReadonlySet<string>): Shortfall[] {
  return required
    .map(({ of, role: { keys, threshold } }) => {
      const waiting = keys.map(({ id }) => id).filter((id) => !signed.has(id));
      return { of, threshold, signed: keys.length - waiting.length, waiting };
    })
    .filter((each) => each.signed < each.threshold);
}

/** Who must sign a masthead (TUF 5.3.4): the masthead keys of the one before and its own. */
export function mastheadSigners(before: Masthead, next: Masthead): RequiredRole[] {
  return [before, next].map(({ version, roles }) => ({
    of: `masthead keys of masthead ${version}`,
    role: roles.masthead,
  }));
}
