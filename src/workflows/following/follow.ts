import { EXIT, OvnError } from '../../errors.ts';
import { sortPlaces } from '../../node/mirrors/place.ts';
import type { FollowChoice } from '../../repo/followed.ts';
import { formatInstant } from '../../trust/instant.ts';
import { type FollowTarget, parseFollowTarget } from '../finding/offers.ts';
import type { SyncEffects, SyncReport } from './effects.ts';
import { type Looked, lookForNewer } from './look.ts';
import { noteLook } from './note-look.ts';
import { tellPaper } from './paper-facts.ts';
import { reportOf } from './sync.ts';

export interface FollowOptions {
  /** A name, id, address, URL or CID. */
  target: string;
  /** The id that is expected. */
  publication: string | undefined;
  /** URLs and multiaddrs that it may be asked for at, beside what the target names. */
  places: readonly string[];
  /** Routers that are to be asked for it from now on. */
  routers?: readonly string[];
  choice: FollowChoice;
}

/** What `ovn follow --json` prints. */
export interface FollowReport extends SyncReport {
  /** As its manifest calls it; nothing where none was found. */
  name: string | null;
  /** Licences that the newest articles state, the most frequent first; none where none does. */
  licences: string[];
  choice: FollowChoice;
}

/**
 * Begins to follow a publication, with the newest edition that holds. Where its id is known, it is followed also when nobody has it now;
 * where what was found is refused, nothing is followed. What is followed already gets what is chosen now, and is looked for.
 *
 * @throws {OvnError} `usage` for a target that is none, an id that is two, or a category that the newest edition does not have; `incomplete` when nothing was found of what has no id;
 *   `incomplete` also when it is more than one sync may fetch; `refused` when what was found does not hold.
 */
export async function follow(options: FollowOptions, effects: SyncEffects): Promise<FollowReport> {
  const { repository, now } = effects;
  const target = targetOf(options);
  const expectedId = target.publication;
  requireOther(expectedId, effects);
  const earlier = new Map(repository.followed.list().map((each) => [each.publication, each]));
  const { choice, places, routers = [] } = options;
  const begin = (publication: string): void => {
    requireOther(publication, effects);
    const before = earlier.get(publication);
    repository.followed.add({
      publication,
      target: options.target,
      name: target.name ?? null,
      places: [...new Set([...(before?.places ?? []), ...places])],
      routers: [...new Set([...(before?.routers ?? []), ...routers])],
      choice,
      added: formatInstant(now),
    });
  };
  const held = expectedId === undefined ? undefined : earlier.get(expectedId);
  const looked = await lookForNewer(target, { expectedId, held, choice, isChosenNow: true, begin }, effects);
  const publication = looked.found.publication ?? expectedId;
  const before = publication === undefined ? undefined : earlier.get(publication);
  if (looked.outcome === 'kept' && before === undefined) requireKnown(looked, expectedId);
  if (publication === undefined) throw unknown(looked);
  noteLook(publication, looked, effects, begin);
  const report = reportOf(publication, before, looked, effects);
  return { ...report, ...(await tellPaper(report.edition, effects)), choice };
}

/** What is asked for, and whom. */
function targetOf({ target, publication, places }: FollowOptions): FollowTarget {
  const parsed = parseFollowTarget(target);
  if (publication !== undefined && parsed.publication !== undefined && publication !== parsed.publication)
    throw new OvnError('usage', `${target} is not of publication ${publication}`);
  const { urls, peers } = sortPlaces(places);
  return {
    ...parsed,
    ...(publication === undefined ? {} : { publication }),
    urls: [...new Set([...parsed.urls, ...urls])],
    peers: [...new Set([...parsed.peers, ...peers])],
  };
}

function requireOther(publication: string | undefined, { repository }: SyncEffects): void {
  if (repository.isMirror || publication === undefined || publication !== repository.publicationId) return;
  throw new OvnError('usage', `${publication} is the publication of this repository: it follows others`);
}

/** Nothing is followed whose first edition is false, or that nobody could name. */
function requireKnown(looked: Looked, expectedId: string | undefined): void {
  const { problem } = looked;
  if (problem?.code === 'limit')
    throw new OvnError('incomplete', problem.message, {
      hint: 'A larger --max-growth lets more of it come.',
    });
  if (problem !== null && problem.code !== 'incomplete' && problem.code !== 'not-found')
    throw new OvnError('refused', problem.message);
  if (expectedId === undefined) throw unknown(looked);
}

function unknown({ problem }: Looked): OvnError {
  return new OvnError('incomplete', problem?.message ?? 'no edition was found', {
    hint:
      problem?.hint ?? 'With its id (bafkrei…), or --publication ID, it is followed until somebody has it.',
  });
}

/** 4 where what was found was refused, 3 where nothing better was found or confirmed. */
export function exitCodeOf({ problem }: Pick<SyncReport, 'problem'>): number {
  if (problem === null) return EXIT.done;
  return ['refused', 'malformed'].includes(problem.code) ? EXIT.refused : EXIT.incomplete;
}
