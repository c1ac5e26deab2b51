import { OvnError } from '../errors.ts';
import type { Check } from './check.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * A moment as signed documents write it: UTC, whole seconds, `2025-07-07T10:00:00Z`. Texts order as moments
 * do.
 *
 * @throws {RangeError} for an invalid date or one outside of the years 0000 to 9999: a defect of the caller.
 */
export function formatInstant(moment: Date): string {
  const text = `${moment.toISOString().slice(0, -5)}Z`;
  if (!isInstant(text)) throw new RangeError(`no instant of four-digit years: ${text}`);
  return text;
}

/** Whether a text is a moment that exists, written in the one form of {@link formatInstant}. */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text.replace('Z', '.000Z');
}

/**
 * Whether `expires` is reached at `now`.
 *
 * @throws {OvnError} `malformed` when `expires` is no instant, so that nothing unreadable counts as
 * unexpired.
 */
export function isExpired(expires: string, now: Date): boolean {
  if (!isInstant(expires)) throw new OvnError('malformed', `"${expires}" is not a moment in UTC`);
  return now.getTime() >= Date.parse(expires);
}

/** Freshness as a check. Age refuses nothing: what is expired is only not confirmed as current. */
export function expiryCheck(name: string, expires: string, now: Date): Check {
  return isExpired(expires, now)
    ? { name, result: 'not-checked', detail: `expired ${expires}: genuine, but not confirmed as current` }
    : { name, result: 'pass', detail: `until ${expires}` };
}
