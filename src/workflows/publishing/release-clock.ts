import { type ClockReading, readLastClock } from '../../repo/last-clock.ts';
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
 * What is to be noted of the clock, found out before the head moves: how it stands, where it is believed; else what is noted
 * stays, so that a clock that ran ahead once is not believed the next time. Nothing where that is noted already.
 */
export function clockToNote(
  repository: Repository,
  { wall, uptime, machine }: ClockReading,
  confirmed: boolean,
): ClockReading | undefined {
  const noted = readLastClock(repository.meta);
  if (!confirmed && believedUntil(repository, { wall, uptime, machine }) < wall)
    return noted === undefined ? lastClock(repository) : undefined;
  const isFresh = noted?.machine === machine && wall >= noted.wall && wall - noted.wall < NOTED_ANEW_MS;
  return isFresh ? undefined : { wall, uptime, machine };
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
