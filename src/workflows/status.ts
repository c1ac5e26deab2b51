import { EXIT } from '../errors.ts';
import { MirrorSightings } from '../repo/mirror-sightings.ts';
import type { Repository } from '../repo/repository.ts';
import { askMirrors, type Mirror } from './status/ask-mirrors.ts';
import { whatIsDue } from './status/due.ts';
import { editionStatus, keysStatus, logStatus, servingStatus } from './status/facts.ts';
import { followedStatus } from './status/followed.ts';
import { heldRoots, sightingsOf } from './status/holders.ts';
import { namesStatus } from './status/names.ts';
import { pendingSources } from './status/pending.ts';
import type { StatusReport } from './status/report.ts';

export interface StatusEffects {
  repository: Repository;
  now: Date;
  signal: AbortSignal;
  /** Absent: no mirror is asked, and what was read back from them the last time counts. */
  openMirror: ((url: string) => Mirror) | undefined;
  /** A whole number from 0 to below `below`: which blocks are read back. */
  random(below: number): number;
}

/**
 * How it stands: what would be published, who else holds what is, and what comes to an end. Nobody is contacted but the mirrors of
 * ovn.json, where `openMirror` is given; nothing is changed but the note of what they said. The exit code is 3 where something that was
 * published is held nowhere but here.
 */
export async function status(effects: StatusEffects): Promise<{ report: StatusReport; exitCode: number }> {
  const { repository, now, signal, openMirror: open } = effects;
  const { isMirror } = repository;
  const asked = open === undefined || isMirror ? [] : await askMirrors({ ...effects, open });
  const noted = new MirrorSightings(repository.meta);
  for (const { who, seen } of asked) if (seen !== undefined) noted.note(who, seen.held, { ...seen, at: now });
  const sightings = sightingsOf(repository);
  const held = isMirror ? [] : heldRoots(repository, sightings, now);
  const facts = {
    edition: editionStatus(repository, now),
    names: isMirror ? [] : namesStatus(repository, now),
    log: logStatus(repository),
    serving: servingStatus(repository, now),
    followed: followedStatus(repository, now),
  };
  const onlyHere = held.filter(({ elsewhere }) => !elsewhere).map(({ cid }) => cid);
  const report: StatusReport = {
    publication: isMirror ? null : repository.publicationId,
    at: now.toISOString(),
    sources: isMirror ? null : await pendingSources(repository, { now, signal }),
    ...facts,
    held,
    keys: isMirror ? [] : keysStatus(repository),
    due: whatIsDue({ repository, now, ...facts }),
    problems: asked.flatMap(({ who: of, problems }) => problems.map((message) => ({ of, message }))),
    onlyHere,
  };
  return { report, exitCode: onlyHere.length > 0 ? EXIT.incomplete : EXIT.done };
}
