import { Refused } from './failure.ts';
import type { Mastheads, Role, RoleKey } from './masthead.ts';
import { counted } from './report.ts';
import { verifyProofs } from './signature.ts';

/** Where in the log something stands, and where the mastheads do: the order decides whose key counts. */
export interface Position {
  index: number;
  /** Index of masthead n in place n - 1. */
  mastheads: readonly number[];
}

/**
 * The desk keys that signed an article and count.
 *
 * @param position in the log: then the newest masthead before it speaks. Without it every version does, because nobody
 * knows which came first.
 */
export async function deskSignatures(
  article: { proof: unknown },
  mastheads: Mastheads,
  position: Position | undefined,
  now: Date,
): Promise<Set<string>> {
  const roles = speaking(mastheads, position).map(({ desk }) => desk);
  return verifyProofs(article, notRevoked(roles, mastheads, position), now);
}

/** They are enough, within one masthead, for all categories of the article. */
export function requireDesk(
  { categories }: { categories: { slug: string }[] },
  signed: ReadonlySet<string>,
  mastheads: Mastheads,
  position: Position | undefined,
): string {
  if (signed.size === 0) throw new Refused('no desk key that counts here signed it');
  const slugs = categories.map(({ slug }) => slug);
  const isEnoughOnce = speaking(mastheads, position).some(({ desk }) => isEnough(desk, signed, slugs));
  if (isEnoughOnce) return slugs.join(', ');
  throw new Refused(`${[...signed].join(', ')} may not sign for ${slugs.join(', ')}, or not alone`);
}

/** Who signed a manifest, when they are enough: edition keys of one masthead, the newest for the newest manifest. */
export async function requireEdition(
  manifest: { proof?: unknown },
  mastheads: Mastheads,
  position: Position | 'newest' | undefined,
  now: Date,
): Promise<string> {
  const speakers = position === 'newest' ? [mastheads.newest.roles] : speaking(mastheads, position);
  const roles = speakers.map(({ edition }) => edition);
  const place = position === 'newest' ? undefined : position;
  const signed = await verifyProofs(manifest, notRevoked(roles, mastheads, place), now);
  if (roles.some((role) => isEnough(role, signed, []))) return [...signed].join(', ');
  throw new Refused(`signed by ${counted(signed.size, 'edition key')} that counts here, which is not enough`);
}

function speaking(mastheads: Mastheads, position: Position | undefined) {
  if (position !== undefined) return [inForce(mastheads, position)];
  return mastheads.versions.map(({ masthead }) => masthead.roles);
}

/** The roles of the newest masthead that is logged before a place. */
function inForce({ versions }: Mastheads, { index, mastheads }: Position) {
  const version = mastheads.filter((logged) => logged < index).length;
  const found = versions[version - 1];
  if (found === undefined) throw new Refused(`no masthead is logged before entry ${index}`);
  return found.masthead.roles;
}

function notRevoked(
  roles: readonly Role[],
  { newest }: Mastheads,
  position: Position | undefined,
): Set<string> {
  const gone = newest.revoked?.filter(
    ({ fromEntry }) => position === undefined || fromEntry <= position.index,
  );
  const revoked = new Set(gone?.map(({ id }) => id));
  return new Set(roles.flatMap(({ keys }) => keys.map(({ id }) => id)).filter((id) => !revoked.has(id)));
}

function isEnough({ keys, threshold }: Role, signed: ReadonlySet<string>, slugs: readonly string[]): boolean {
  return keys.filter((key) => signed.has(key.id) && covers(key, slugs)).length >= threshold;
}

function covers({ categories }: RoleKey, slugs: readonly string[]): boolean {
  return categories === undefined || slugs.every((slug) => categories.includes(slug));
}
