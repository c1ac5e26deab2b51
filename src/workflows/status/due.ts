import type { Repository } from '../../repo/repository.ts';
import { readRestoredMark } from '../../repo/restored-mark.ts';
import { chainOf } from '../keys/record-masthead.ts';
import type { Due, EditionStatus, FollowedStatus, LogStatus, NameStatus, ServingStatus } from './report.ts';
import { DAY, secondsLeft } from './times.ts';

/** Before its end a masthead is to be extended; its keys may have to be fetched from a safe. */
const MASTHEAD_SOON_DAYS = 90;
/** What has no end of its own stands before all that has. */
const TIMELESS = '1970-01-01T00:00:00Z';
/** What the DHT was told is forgotten after so long (libp2p kad-dht). */
const PROVIDED_DAYS = 2;

export interface DueFrom {
  repository: Repository;
  now: Date;
  edition: EditionStatus | null;
  names: readonly NameStatus[];
  log: LogStatus | null;
  serving: ServingStatus;
  followed: readonly FollowedStatus[];
}

/** What comes to an end or is still to be done: what has no time first, then what ends first. */
export function whatIsDue(from: DueFrom): Due[] {
  const all = [
    ...ofPaper(from),
    ...from.names.flatMap((name) => ofName(name, from)),
    ...ofServing(from),
    ...from.followed.flatMap((followed) => ofFollowed(followed, from)),
  ];
  return all.sort((a, b) => Date.parse(a.ends ?? TIMELESS) - Date.parse(b.ends ?? TIMELESS));
}

function ofPaper({ repository, now, edition, log }: DueFrom): Due[] {
  if (repository.isMirror) return [];
  const due: Due[] = [];
  const restored = readRestoredMark(repository.meta);
  if (restored !== undefined) {
    const todo = `came from a backup of ${restored.made}: ovn log recover, where there was a newer edition`;
    due.push(timeless('restored', todo));
  }
  const { masthead } = chainOf(repository).newest;
  due.push(ending('masthead', masthead.expires, MASTHEAD_SOON_DAYS * DAY, 'ovn masthead extend', now));
  if (edition === null || log === null) return due;
  const life = Date.parse(edition.expires) - Date.parse(edition.issued);
  due.push(ending('manifest', edition.expires, life / 2, 'ovn publish', now));
  if (repository.manifestOf(toHead(edition)).masthead.cid !== repository.mastheads().at(-1)?.cid)
    due.push(timeless('publish', 'ovn publish: the newest masthead is in no edition yet'));
  if (log.state === 'waiting') due.push(timeless('witness', 'ovn publish again, or leave ovn serve running'));
  return due;
}

function toHead({ cid: edition, ...head }: EditionStatus) {
  return { ...head, edition };
}

function ofName({ name, own, record }: NameStatus, { now, edition }: DueFrom): Due[] {
  if (own !== 'current' || edition === null) return [];
  const todo = 'ovn name publish, or leave ovn serve running with the key of the name';
  if (record === null) return [];
  const due = ending('record', record.validUntil, 0, todo, now);
  const isLate = now.getTime() >= Date.parse(record.renewFrom) || record.edition !== edition.sequence;
  return [{ ...due, of: name, ...(isLate && due.state === 'fine' ? { state: 'soon', todo } : {}) }];
}

/** What the DHT was told ends with nobody telling it again. */
function ofServing({ serving: { provided, nextReprovide }, now }: DueFrom): Due[] {
  if (provided === null || provided.oldest === null) return [];
  const ends = new Date(Date.parse(provided.oldest) + PROVIDED_DAYS * DAY).toISOString();
  const todo = 'ovn serve: the DHT forgets who has the paper';
  const due = ending('provide', ends, 0, todo, now);
  return [nextReprovide === null && due.state === 'fine' ? { ...due, state: 'soon', todo } : due];
}

function ofFollowed({ publication, expires, problem }: FollowedStatus, { now }: DueFrom): Due[] {
  if (expires === null) {
    return [{ ...timeless('followed', 'ovn sync: nothing of it is held yet'), of: publication }];
  }
  const due = ending('followed', expires, 0, 'its publisher has confirmed nothing newer: ovn sync', now);
  if (problem === null || due.state === 'over') return [{ ...due, of: publication }];
  return [{ ...due, of: publication, state: 'soon', todo: `ovn sync: ${problem.message}` }];
}

function timeless(what: Due['what'], todo: string): Due {
  return { what, of: '', ends: null, timeLeft: null, state: 'soon', todo };
}

/** @param soon ms before its end from which on it is to be done */
function ending(what: Due['what'], ends: string, soon: number, todo: string, now: Date): Due {
  const left = Date.parse(ends) - now.getTime();
  const state = left <= 0 ? 'over' : left < soon ? 'soon' : 'fine';
  const timeLeft = secondsLeft(ends, now);
  return { what, of: '', ends, timeLeft, state, todo: state === 'fine' ? '' : todo };
}
