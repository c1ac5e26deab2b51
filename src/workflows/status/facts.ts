import { listKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { readServingNote } from '../../repo/serving-note.ts';
import { ROLES } from '../../trust/masthead.ts';
import { chainOf } from '../keys/record-masthead.ts';
import { reportWitnesses } from '../witnessing/report.ts';
import { logSizeOfHead } from '../witnessing/size-of-log.ts';
import type { EditionStatus, KeyStatus, LogStatus, ServingStatus } from './report.ts';
import { secondsLeft } from './times.ts';

/** The head, and how long it is current. */
export function editionStatus(repository: Repository, now: Date): EditionStatus | null {
  const head = repository.head();
  if (head === undefined) return null;
  const { sequence, edition: cid, manifest, issued, expires } = head;
  return { sequence, cid, manifest, issued, expires, timeLeft: secondsLeft(expires, now) };
}

/** The log of the head, and who has cosigned it, from what is stored. */
export function logStatus(repository: Repository): LogStatus | null {
  const head = repository.head();
  if (head === undefined) return null;
  const size = logSizeOfHead(repository);
  const { threshold, cosigned, missing } = reportWitnesses(repository, head.sequence);
  const state = threshold === 0 ? 'unwitnessed' : cosigned.length >= threshold ? 'witnessed' : 'waiting';
  const unpublished = Math.max(0, repository.events.count() - size);
  return { size, unpublished, threshold, cosigned: cosigned.map(({ name }) => name), missing, state };
}

/** For each role, how many of the keys that may sign are here; reads no key. */
export function keysStatus(repository: Repository): KeyStatus[] {
  const { roles } = chainOf(repository).newest.masthead;
  const held = new Set(listKeys(repository.keysDir).map(({ role, did }) => `${role} ${did}`));
  return ROLES.map((role) => {
    const { keys, threshold } = roles[role];
    return {
      role,
      here: keys.filter(({ id }) => held.has(`${role} ${id}`)).length,
      of: keys.length,
      threshold,
    };
  });
}

/** A server writes its note once a minute; one that has not for so long was killed. */
export const NOTE_FRESH_MS = 180_000;

/** What the server here noted of itself. */
export function servingStatus({ stateDir }: Repository, now: Date): ServingStatus {
  const note = readServingNote(stateDir);
  if (note === undefined)
    return { running: false, seen: null, http: null, metrics: null, provided: null, nextReprovide: null };
  const { at, ended, http, metrics, provided } = note;
  const running = ended === null && now.getTime() - Date.parse(at) < NOTE_FRESH_MS;
  const { roots, failed, oldest, next } = provided;
  return {
    running,
    seen: ended ?? at,
    http: running ? http : null,
    metrics: running ? metrics : null,
    provided: { roots, failed, oldest },
    nextReprovide: running ? next : null,
  };
}
