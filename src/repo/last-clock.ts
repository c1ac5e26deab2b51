import type { Meta } from './meta.ts';

/** How the clocks of a machine stood at one moment. */
export interface ClockReading {
  /** The real clock, in milliseconds since 1970. Never SOURCE_DATE_EPOCH. */
  wall: number;
  /** Milliseconds since the machine was started, which nobody can set. */
  uptime: number;
  /** What is another one after each start of the machine, and on each machine, as far as that can be known. */
  machine: string;
}

const KEY = 'clock';

/** How the clocks stood at the last publication whose clock was believed; nothing where none was noted, or it cannot be read. */
export function readLastClock(meta: Meta): ClockReading | undefined {
  const [wall, uptime, ...machine] = meta.get(KEY)?.split(' ') ?? [];
  if (uptime === undefined || !Number.isFinite(Number(wall)) || !Number.isFinite(Number(uptime)))
    return undefined;
  return { wall: Number(wall), uptime: Number(uptime), machine: machine.join(' ') };
}

export function noteLastClock(meta: Meta, { wall, uptime, machine }: ClockReading): void {
  meta.set(KEY, `${Math.round(wall)} ${Math.round(uptime)} ${machine}`);
}
