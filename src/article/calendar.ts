const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME =
  /^T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const NEAR_MISS =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[Tt\s]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(\S*))?$/;

/** What a date of a source looks like, for messages. */
export const DATE_FORM = '2025-07-07, or 2025-07-07T10:00:00+02:00';

/** Whether `text` is a day of the calendar (`YYYY-MM-DD`) or an RFC 3339 date-time with its zone; seconds may be left out. */
export function isDate(text: string): boolean {
  if (!isDay(text.slice(0, 10))) return false;
  return text.length === 10 || (TIME.test(text.slice(10)) && !text.endsWith('-00:00'));
}

/** The day of a date as it is written: never converted to another zone. */
export function dayOf(date: string): string {
  return date.slice(0, 10);
}

/** Milliseconds since 1970 of a date that {@link isDate} accepts; a day alone counts as its first moment in UTC. */
export function instantOf(date: string): number {
  const midnight = daysSince1970(dayOf(date)) * 86_400_000;
  const [, hour, minute, second = '0', fraction = '', sign, zoneHour, zoneMinute] =
    TIME.exec(date.slice(10)) ?? [];
  if (hour === undefined) return midnight;
  const local =
    (Number(hour) * 60 + Number(minute)) * 60_000 +
    Number(second) * 1000 +
    Number(fraction.padEnd(3, '0').slice(0, 3));
  const zone = sign === undefined ? 0 : (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return midnight + local + (sign === '-' ? zone : -zone);
}

/** The latest of some dates; of equal moments the text that sorts last, so that their order does not matter. */
export function latestDate(dates: readonly string[]): string | undefined {
  let last: string | undefined;
  let moment = Number.NEGATIVE_INFINITY;
  for (const date of dates) {
    const instant = instantOf(date);
    if (instant < moment || (instant === moment && last !== undefined && date <= last)) continue;
    last = date;
    moment = instant;
  }
  return last;
}

/** Whether `day` lies more than one day after `today` (both `YYYY-MM-DD`). */
export function isMoreThanADayAhead(day: string, today: string): boolean {
  return daysSince1970(day) > daysSince1970(today) + 1;
}

/** The date that someone who wrote `text` most likely meant, or undefined: `2015-1-2 10:00 +0100` was `2015-01-02T10:00+01:00`. */
export function proposeDate(text: string): string | undefined {
  const [, year, month = '', day = '', time, zone = ''] = NEAR_MISS.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const proposal =
    time === undefined
      ? date
      : `${date}T${time.padStart(time.indexOf(':') === 1 ? time.length + 1 : 0, '0')}${zoneOf(zone)}`;
  return isDate(proposal) ? proposal : undefined;
}

function zoneOf(zone: string): string {
  const offset = /^([+-]\d{2}):?(\d{2})$/.exec(zone);
  return offset === null ? 'Z' : `${offset[1]}:${offset[2]}`;
}

function isDay(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  return Number(year) > 0 && Number(day) > 0 && Number(day) <= daysIn(Number(year), Number(month));
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** Days from 1970-01-01, by the proleptic Gregorian calendar (years counted from March, so that the leap day is last). */
function daysSince1970(day: string): number {
  const month = Number(day.slice(5, 7));
  const year = Number(day.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(day.slice(8, 10)) - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}
