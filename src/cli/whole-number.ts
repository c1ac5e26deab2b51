import { OvnError } from '../errors.ts';

/**
 * The whole number that was given to an option; `undefined` where it was not given.
 *
 * @throws {OvnError} `usage`.
 */
export function parseWhole(text: string | undefined, option: string, least: 0 | 1): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new OvnError('usage', `${option} takes a whole number from ${least}, not "${text}"`);
}
