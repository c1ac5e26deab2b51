import { InvalidArgumentError } from 'commander';

/** Milliseconds a unit. */
const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A length of time as it is typed: `90s`, `5m`, `48h`, `365d`. In milliseconds.
 *
 * @param most in ms, and how it is called.
 */
export function durationUpTo(most: number, called: string): (text: string) => number {
  return (text) => {
    const [, digits, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
    const length = Number(digits) * (UNITS[unit] ?? Number.NaN);
    if (length > 0 && length <= most) return length;
    throw new InvalidArgumentError(`It is a time such as 90s, 5m, 48h or 365d, up to ${called}.`);
  };
}

/** The same for people: the largest unit that leaves no more than a little out. */
export function tellDuration(seconds: number): string {
  const [size, noun] =
    seconds >= 2 * 86_400
      ? [86_400, 'days']
      : seconds >= 2 * 3600
        ? [3600, 'hours']
        : seconds >= 120
          ? [60, 'minutes']
          : [1, 'seconds'];
  return `${Math.floor(seconds / size)} ${noun}`;
}
