/** Whole seconds from one moment to another; 0 when it is over. */
export function secondsLeft(ends: Date | string, now: Date): number {
  return Math.max(0, Math.floor((new Date(ends).getTime() - now.getTime()) / 1000));
}

/** Milliseconds a day. */
export const DAY = 86_400_000;
