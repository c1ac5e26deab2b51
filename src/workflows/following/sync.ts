import { OvnError } from '../../errors.ts';
import { sortPlaces } from '../../node/mirrors/place.ts';
import type { Followed, FollowProblem } from '../../repo/followed.ts';
import { formatInstant } from '../../trust/instant.ts';
import { type FollowTarget, parseFollowTarget } from '../finding/offers.ts';
import type { SyncEffects, SyncReport } from './effects.ts';
import { type Looked, lookForNewer } from './look.ts';

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
  const given = { expectedId: publication, held, choice: held.choice, places: [] };
  const looked = await lookForNewer(targetOf(held), given, effects);
  if (!effects.dryRun && (looked.outcome !== 'moved' || looked.problem !== null))
    noteLook(held, looked, effects);
  return reportOf(publication, held, looked, effects);
}

/** Whom to ask for a publication that is followed: what was given, its name, its places. */
export function targetOf({ publication, target, name, places }: Followed): FollowTarget {
  const given = parseFollowTarget(target);
  const { urls, peers } = sortPlaces(places);
  return {
    ...given,
    publication,
    ...(name === null ? {} : { name }),
    urls: [...new Set([...given.urls, ...urls])],
    peers: [...new Set([...given.peers, ...peers])],
  };
}

function noteLook({ publication }: Followed, looked: Looked, { repository, now }: SyncEffects): void {
  const at = formatInstant(now);
  repository.transaction(() =>
    repository.followed.note(publication, {
      checked: at,
      ...(looked.outcome === 'same' ? { synced: at } : {}),
      problem: looked.problem === null ? null : { ...looked.problem, at },
    }),
  );
}

/** What is held after a look. */
export function reportOf(
  publication: string,
  before: Followed | undefined,
  looked: Looked,
  { repository }: SyncEffects,
): SyncReport {
  const now = repository.followed.get(publication);
  const { outcome, evidence, failures, fetched, found } = looked;
  const problem: Pick<FollowProblem, 'code' | 'message'> | null = looked.problem;
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
