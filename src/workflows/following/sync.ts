import { OvnError } from '../../errors.ts';
import { mirrorsWithin } from '../../node/mirrors/mirrors-of.ts';
import { sortPlaces } from '../../node/mirrors/place.ts';
import type { Followed } from '../../repo/followed.ts';
import { type FollowTarget, parseFollowTarget } from '../finding/offers.ts';
import type { SyncEffects, SyncReport } from './effects.ts';
import { type Looked, lookForNewer } from './look.ts';
import { noteLook } from './note-look.ts';

export type { SyncEffects, SyncReport } from './effects.ts';
export { MAX_GROWTH } from './effects.ts';

/**
 * Looks for a newer edition of a publication that is followed, and takes it in where it holds: found with anybody, judged as a reader with a
 * memory does, fetched as far as it is not held, and moved to at once. Else the last good edition stays, and what is noted says why.
 *
 * @throws {OvnError} `not-found` when it is not followed; `interrupted`; `io` and `busy` of this machine. Nothing that others do throws.
 */
export async function syncFollowed(publication: string, effects: SyncEffects): Promise<SyncReport> {
  const held = effects.repository.followed.get(publication);
  if (held === undefined) {
    throw new OvnError('not-found', `${publication} is not followed`, {
      hint: 'ovn follow lists what is followed.',
    });
  }
  const given = { expectedId: publication, held, choice: held.choice };
  const looked = await lookForNewer(targetOf(held), given, effects);
  noteLook(publication, looked, effects);
  return reportOf(publication, held, looked, effects);
}

/** Whom to ask for a publication that is followed: what was given, its name, its places, and the mirrors of its manifest near by. */
export function targetOf({ publication, target, name, places, mirrors }: Followed): FollowTarget {
  const given = parseFollowTarget(target);
  const sorted = sortPlaces(places);
  const urls = [...new Set([...given.urls, ...sorted.urls])];
  const peers = [...new Set([...given.peers, ...sorted.peers])];
  const named = name === null ? {} : { name };
  return {
    ...given,
    publication,
    ...named,
    urls,
    peers,
    mirrors: mirrorsWithin(mirrors, [...urls, ...peers]),
  };
}

/** What is held after a look. */
export function reportOf(
  publication: string,
  before: Followed | undefined,
  looked: Looked,
  { repository }: SyncEffects,
): SyncReport {
  const now = repository.followed.get(publication);
  const { outcome, problem, evidence, failures, fetched, found } = looked;
  return {
    publication,
    outcome,
    from: before?.edition ?? null,
    edition: outcome === 'moved' ? found.edition : (now?.edition ?? null),
    sequence: outcome === 'moved' ? found.sequence : (now?.sequence ?? null),
    fetched,
    held: { bytes: now?.bytes ?? 0, whole: now?.whole ?? false, left: now?.left ?? null },
    problem,
    evidence: evidence ?? null,
    failures,
  };
}
