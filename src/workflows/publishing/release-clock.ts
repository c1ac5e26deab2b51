import { type ClockReading, noteLastClock, readLastClock } from '../../repo/last-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import { formatInstant } from '../../trust/instant.ts';
import type { HeldSource, Plan } from './plan.ts';

/** The clock by which embargoes end, and who is asked where it may run ahead. */
export interface ReleaseClock extends ClockReading {
  /** What ends after it stays held back: a finished proposal has what was released when it was made. Milliseconds since 1970. */
  upTo?: number;
  /** Whether the clock is right; absent where nobody is there to say so. */
  confirm?: ((doubt: ClockDoubt) => Promise<boolean>) | undefined;
}

/** A clock that went further since the last publication than the time that is known to have passed. */
export interface ClockDoubt {
  /** When the last publication was, by the clock of then. UTC. */
  last: string;
  /** What the clock says now. UTC. */
  now: string;
  /** Sources whose moment has come if the clock is right, and may not have come otherwise. */
  sources: string[];
}

/** So much a clock may be ahead before somebody is asked. */
const LEEWAY_MS = 3_600_000;
/** The clock is noted again after so long. A publication that changes nothing need not write each time. */
const NOTED_ANEW_MS = 600_000;

/**
 * The latest moment that has surely come, give or take an hour: the last publication's, and the time that has passed since
 * by the uptime of the machine, which setting the clock does not move. After a restart nothing is known of it.
 */
export function believedUntil(repository: Repository, { wall, uptime, machine }: ClockReading): number {
  const last = lastClock(repository);
  if (last === undefined) return wall;
  const passed = last.machine === machine ? Math.max(0, uptime - last.uptime) : 0;
  return Math.min(wall, last.wall + passed + LEEWAY_MS);
}

/** What of a plan waits only because the clock is in doubt. */
export function doubtOf(
  repository: Repository,
  { held }: Pick<Plan, 'held'>,
  wall: number,
): ClockDoubt | undefined {
  const sources = held.filter((each) => isOver(each, wall)).map(({ source }) => source);
  const last = lastClock(repository)?.wall ?? wall;
  if (sources.length === 0) return undefined;
  return { last: formatInstant(new Date(last)), now: formatInstant(new Date(wall)), sources };
}

/**
 * Notes how the clock stands, where it is to be believed: else one that ran ahead once would be believed the next time.
 * What it says is written in the caller's transaction.
 */
export function noteClock(repository: Repository, clock: ClockReading, confirmed: boolean): void {
  if (isNoted(repository, clock, confirmed)) return;
  noteLastClock(repository.meta, clock);
}

/** Whether there is nothing to note. */
export function isNoted(repository: Repository, clock: ClockReading, confirmed: boolean): boolean {
  if (!confirmed && believedUntil(repository, clock) < clock.wall) return true;
  const last = readLastClock(repository.meta);
  if (last === undefined || last.machine !== clock.machine) return false;
  return clock.wall >= last.wall && clock.wall - last.wall < NOTED_ANEW_MS;
}

/** Before there was a note of it, the head says when the last publication was. */
function lastClock(repository: Repository): ClockReading | undefined {
  const noted = readLastClock(repository.meta);
  const head = noted === undefined ? repository.head() : undefined;
  if (head === undefined) return noted;
  return { wall: Date.parse(head.issued), uptime: 0, machine: '' };
}

function isOver({ until }: HeldSource, wall: number): boolean {
  return until !== undefined && Date.parse(until) <= wall;
}
