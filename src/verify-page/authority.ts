import { Disowned, Refused } from './failure.ts';
import type { Masthead, Mastheads, Role, RoleKey } from './masthead.ts';
import { verifyProofs } from './signature.ts';

/** Where in the log something stands, and where the mastheads do: the order decides whose key counts (docs/format.md). */
export interface Position {
  index: number;
  /** Index of masthead n in place n - 1. */
  mastheads: readonly number[];
}

/** The masthead versions that can speak for something, and the keys that the newest one has revoked at its place. */
export interface Authority {
  speaking: readonly Masthead[];
  revoked: ReadonlySet<string>;
}

/** Who speaks at a place in the log: the newest masthead before it. Without a log every version does, for nobody knows the order. */
export function authorityAt({ versions, newest }: Mastheads, position: Position | undefined): Authority {
  const isRevoked = ({ fromEntry }: { fromEntry: number }) =>
    position === undefined || fromEntry <= position.index;
  const revoked = new Set(newest.revoked?.filter(isRevoked).map(({ id }) => id));
  const mastheads = versions.map(({ masthead }) => masthead);
  if (position === undefined) return { speaking: mastheads, revoked };
  const version = position.mastheads.filter((logged) => logged < position.index).length;
  const inForce = mastheads[version - 1];
  if (inForce === undefined) throw new Refused(`no masthead is logged before entry ${position.index}`);
  return { speaking: [inForce], revoked };
}

/** The newest masthead alone: it judges what no log has yet. `version` names an older one. */
export function authorityOf({ versions, newest }: Mastheads, version = newest.version): Authority {
  const named = versions[version - 1]?.masthead;
  return {
    speaking: named === undefined ? [] : [named],
    revoked: new Set(newest.revoked?.map(({ id }) => id)),
  };
}

/** The keys of a role that signed a document, those that are revoked too. One that does not fit refuses it. */
export function signaturesOf(
  document: { proof?: unknown },
  role: 'desk' | 'edition',
  { speaking }: Authority,
  now: Date,
): Promise<Set<string>> {
  return verifyProofs(
    document,
    new Set(speaking.flatMap(({ roles }) => roles[role].keys.map(({ id }) => id))),
    now,
  );
}

/**
 * Those that signed are enough: as many keys of one masthead as its threshold demands, each of them for all of the
 * categories, and none that is revoked.
 *
 * @throws Disowned where only the revocation stands against it
 */
export function requireEnough(
  signed: ReadonlySet<string>,
  role: 'desk' | 'edition',
  { speaking, revoked }: Authority,
  slugs: readonly string[] = [],
): void {
  const isEnough = (keys: ReadonlySet<string>) =>
    speaking.some(({ roles }) => covers(roles[role], keys, slugs));
  if (isEnough(new Set([...signed].filter((id) => !revoked.has(id))))) return;
  if (isEnough(signed))
    throw new Disowned(`signed by ${[...signed].join(', ')}, since revoked, and disowned`);
  if (signed.size === 0) throw new Refused(`no ${role} key that counts here signed it`);
  throw new Refused(`${[...signed].join(', ')} may not sign for ${slugs.join(', ') || 'it'}, or not alone`);
}

function covers({ keys, threshold }: Role, signed: ReadonlySet<string>, slugs: readonly string[]): boolean {
  const isFor = ({ categories }: RoleKey) =>
    categories === undefined || slugs.every((slug) => categories.includes(slug));
  return keys.filter((key) => signed.has(key.id) && isFor(key)).length >= threshold;
}
