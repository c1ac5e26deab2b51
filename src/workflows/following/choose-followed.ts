import { OvnError } from '../../errors.ts';
import type { Followed } from '../../repo/followed.ts';
import type { FollowedStore } from '../../repo/followed-store.ts';

/**
 * The publications that are meant: by id, by name, or by what was given when they were followed, which may be the address of a mirror of
 * several; all where nothing is named.
 *
 * @throws {OvnError} `not-found`.
 */
export function chooseFollowed(named: readonly string[], followed: FollowedStore): Followed[] {
  const all = followed.list();
  if (named.length === 0) return all;
  const chosen = named.flatMap((what) => {
    const bare = what.replace(/^ip[fn]s:\/\/|^\/ip[fn]s\//, '');
    const found = all.filter(
      ({ publication, name, target }) => publication === bare || name === bare || target === what,
    );
    if (found.length > 0) return found;
    throw new OvnError('not-found', `${what} is not followed`, {
      hint: 'ovn follow lists what is followed.',
    });
  });
  return [...new Set(chosen)];
}
