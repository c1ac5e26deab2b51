import { OvnError } from '../../errors.ts';
import type { ResolvedPath } from '../../node/gateway/messages.ts';
import { formatName, type Name } from '../../node/names/name.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { ResolvedName, ResolveName } from '../../node/names/resolve-name.ts';
import { splitPath } from '../../node/names/split-path.ts';
import type { Repository } from '../../repo/repository.ts';
import type { FollowedEditions } from '../serving/followed-view.ts';

export interface HeldNamesEffects {
  repository: Pick<Repository, 'followed' | 'names'>;
  /** See the served view. */
  editions(): FollowedEditions;
  now(): Date;
}

/** For how many seconds a name that leads to a newer edition than the one that is held may be taken to lead to that one. */
const SOON = 60;

/**
 * Follows names for a gateway: that of a publication that is followed leads to its last good edition, for as long as its record is valid.
 * Where the record leads may not be held yet, or was refused, so that a stolen name key changes nothing here. Nobody is asked: that is done
 * when it is synced.
 */
export function heldNames(resolve: ResolveName, effects: HeldNamesEffects): ResolveName {
  const held = (name: Name): string | undefined => editionOf(name, effects);
  return async (path, options) => {
    const split = splitPath(path);
    const record = split.kind === 'name' ? effects.repository.names.get(split.name) : undefined;
    const edition = record && isValid(record, effects) ? held(record.name) : undefined;
    if (edition !== undefined && record !== undefined)
      return lead(path, record, edition, split.rest, effects);
    const resolved = await resolve(path, options);
    const { record: last } = resolved;
    const instead = last && isValid(last, effects) && isRoot(last.value) ? held(last.name) : undefined;
    if (instead === undefined || last === undefined || resolved.path.startsWith(`/ipfs/${instead}`))
      return resolved;
    return { ...resolved, path: `/ipfs/${instead}${splitPath(resolved.path).rest}`, ttl: SOON };
  };
}

/** The last good edition of the publication that a name is of. */
function editionOf(name: Name, { repository, editions }: HeldNamesEffects): string | undefined {
  const text = formatName(name);
  const followed = repository.followed.list().find((each) => each.name === text);
  return followed === undefined ? undefined : editions().get(followed.publication);
}

function lead(
  path: string,
  record: NameRecord,
  edition: string,
  rest: string,
  { now }: HeldNamesEffects,
): ResolvedName & ResolvedPath {
  const left = Math.floor((record.validUntil.getTime() - now().getTime()) / 1000);
  const ttl = record.value === `/ipfs/${edition}` ? Math.min(record.ttl, left) : Math.min(SOON, left);
  const to = `/ipfs/${edition}${rest}`;
  return { path: to, ttl, records: [record], steps: [path, to], record };
}

function isValid({ validUntil }: NameRecord, { now }: HeldNamesEffects): boolean {
  return validUntil >= now();
}

/** Whether a record leads to a root, and not to something below one. */
function isRoot(value: string): boolean {
  try {
    const split = splitPath(value);
    return split.kind === 'cid' && split.rest.replace('/', '') === '';
  } catch (error) {
    if (error instanceof OvnError) return false;
    throw error;
  }
}
