import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { ClockReading } from './last-clock.ts';

/** Linux names each start of a machine. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** How the clocks of this machine stand. It is the real clock, whatever SOURCE_DATE_EPOCH says. */
export function readClock(): ClockReading {
  return { wall: Date.now(), uptime: uptime() * 1000, machine: machineName() };
}

function machineName(): string {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch {
    return hostname();
  }
}
