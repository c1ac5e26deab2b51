import { InvalidArgumentError } from 'commander';

/** Bytes a unit: of tens as of disks and lines, of twos where it is written so. */
const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * A number of bytes as it is typed: `500kB`, `2MB`, `1.5GiB`, `1048576`; small letters do.
 *
 * @param least of bytes, and how it is called.
 */
export function bytesFrom(least: number, called: string): (text: string) => number {
  return (text) => {
    const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)\s?([a-z]{0,3})$/.exec(text.toLowerCase()) ?? [];
    const bytes = Math.floor(Number(digits) * (UNITS[unit] ?? Number.NaN));
    if (bytes >= least && Number.isSafeInteger(bytes)) return bytes;
    throw new InvalidArgumentError(`It is a number of bytes such as 500kB, 2MB or 1GiB, from ${called} on.`);
  };
}
