import { EXIT } from '../errors.ts';
import { type Confirmation, isHeld } from '../repo/homes.ts';
import { type MirrorSighting, MirrorSightings } from '../repo/mirror-sightings.ts';
import type { Repository } from '../repo/repository.ts';
import { askMirrors, type Mirror, type MirrorAnswers } from './status/ask-mirrors.ts';
import { whatIsDue } from './status/due.ts';
import { editionStatus, keysStatus, logStatus, servingStatus } from './status/facts.ts';
import { followedStatus } from './status/followed.ts';
import { heldRoots, type Sighting } from './status/holders.ts';
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

const NOBODY: MirrorAnswers = { sightings: [], problems: [] };

/**
 * How it stands: what would be published, who else holds what is, and what comes to an end. Nobody is contacted but the mirrors of
 * ovn.json, where `openMirror` is given; nothing is changed but the note of what they said. The exit code is 3 where something that was
 * published is held nowhere but here.
 */
export async function status(effects: StatusEffects): Promise<{ report: StatusReport; exitCode: number }> {
  const { repository, now, signal, openMirror: open } = effects;
  const { isMirror } = repository;
  const asked = open === undefined || isMirror ? NOBODY : await askMirrors({ ...effects, open });
  const mirrors = new MirrorSightings(repository.meta);
  if (asked.sightings.length > 0) mirrors.note(asked.sightings);
  const sightings = [...repository.homes.confirmations().flatMap(atHome), ...mirrors.list().map(atMirror)];
  const held = isMirror ? [] : heldRoots(repository, sightings, now);
  const facts = {
    edition: editionStatus(repository, now),
    names: isMirror ? [] : namesStatus(repository, now),
    log: logStatus(repository),
    serving: servingStatus(repository, now),
    followed: followedStatus(repository, now),
  };
  const onlyHere = held.filter(({ elsewhere, behind }) => !elsewhere && !behind).map(({ cid }) => cid);
  const report: StatusReport = {
    publication: isMirror ? null : repository.publicationId,
    at: now.toISOString(),
    sources: isMirror ? null : await pendingSources(repository, { now, signal }),
    ...facts,
    held,
    keys: isMirror ? [] : keysStatus(repository),
    due: whatIsDue({ repository, now, ...facts }),
    problems: asked.problems,
    onlyHere,
  };
  return { report, exitCode: onlyHere.length > 0 ? EXIT.incomplete : EXIT.done };
}

function atHome(confirmation: Confirmation): Sighting[] {
  const { home: who, cid, confirmed, readBack, releasing } = confirmation;
  if (releasing) return [];
  if (isHeld(confirmation) && readBack !== null)
    return [{ cid, who, kind: 'home', at: readBack.at, how: 'read-back' }];
  return confirmed === null ? [] : [{ cid, who, kind: 'home', at: confirmed, how: 'said' }];
}

function atMirror({ cid, who, at }: MirrorSighting): Sighting {
  return { cid, who, kind: 'mirror', at, how: 'read-back' };
}
