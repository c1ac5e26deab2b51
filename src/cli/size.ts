import { InvalidArgumentError } from 'commander';

/** Bytes a unit. */
const UNITS: Record<string, number> = {
  '': 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** A number of bytes as it is typed: `500MB`, `10GiB`, `1048576`. */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,15})\s?([A-Za-z]*)$/.exec(text) ?? [];
  const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  const size = Number(digits) * (factor ?? Number.NaN);
  if (size > 0 && Number.isSafeInteger(size)) return size;
  throw new InvalidArgumentError('It is a size such as 500MB or 10GiB.');
}

/** The same for people, with one digit behind the point where there is room for one. */
export function tellSize(bytes: number): string {
  const [size, unit] =
    bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : bytes >= 1e3 ? [1e3, 'kB'] : [1, 'bytes'];
  return `${bytes >= 10 * size || size === 1 ? Math.round(bytes / size) : (bytes / size).toFixed(1)} ${unit}`;
}
