import { dayOf, instantOf, isDate } from '../article/calendar.ts';

/** A date of elsewhere as front matter has it. `isGuess`: it named no zone, or one that nobody knows. */
export interface ReadDate {
  date: string;
  isGuess: boolean;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** Zones by name that RFC 822 knows; all others are guesses. */
const ZONES: Readonly<Record<string, string>> = {
  utc: 'Z',
  gmt: 'Z',
  ut: 'Z',
  z: 'Z',
  '+0000': 'Z',
  '-0000': 'Z',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
};
const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(\S*))?$/;
const BY_DAY =
  /^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2}(?=\s+\d{1,2}:))(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(\S*))?$/i;
const BY_MONTH =
  /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(\S*))?$/i;

/**
 * Reads a date as blogs and feeds write it: ISO 8601 in its many shapes, RFC 822, `2 January 2015`. The day stays the one
 * that is written.
 *
 * @param zone what a time without one is in: `Z` or `+02:00`.
 */
export function readDate(text: string, zone: string): ReadDate | undefined {
  const written = text.trim().slice(0, 80);
  if (isDate(written)) return { date: written, isGuess: false };
  const parts = partsOf(written);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second = '00', zoned = ''] = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (hour === undefined || minute === undefined) return checked(date, false);
  const [, half] = /^([ap])\.?m\.?$/i.exec(zoned) ?? [];
  const hours = half === undefined ? hour : hourOfDay(hour, half.toLowerCase() === 'p');
  const known = zoneOf(zoned);
  return checked(
    `${date}T${hours.padStart(2, '0')}:${minute}:${second}${known ?? zone}`,
    known === undefined,
  );
}

/** Of one that is counted to twelve; what is beyond is no hour. */
function hourOfDay(hour: string, isAfternoon: boolean): string {
  const counted = Number(hour);
  return counted < 1 || counted > 12 ? '99' : String((counted % 12) + (isAfternoon ? 12 : 0));
}

type Parts = [string, string, string, string?, string?, string?, string?];

function partsOf(text: string): Parts | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) return iso.slice(1) as Parts;
  const byDay = BY_DAY.exec(text);
  if (byDay !== null) return ordered(byDay[3], byDay[2], byDay[1], byDay.slice(4));
  const byMonth = BY_MONTH.exec(text);
  return byMonth === null ? undefined : ordered(byMonth[3], byMonth[1], byMonth[2], byMonth.slice(4));
}

function ordered(year = '', month = '', day = '', time: (string | undefined)[]): Parts | undefined {
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return number === 0 ? undefined : ([fullYear(year), String(number), day, ...time] as Parts);
}

/** Of two digits, as RFC 822 has it, it is one from 1950 to 2049 (RFC 5322, section 4.3). */
function fullYear(year: string): string {
  if (year.length !== 2) return year;
  return `${Number(year) < 50 ? '20' : '19'}${year}`;
}

function zoneOf(text: string): string | undefined {
  const named = ZONES[text.toLowerCase()];
  if (named !== undefined) return named;
  const [, sign, hour, minute = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return sign === undefined ? undefined : `${sign}${hour}:${minute}`;
}

function checked(date: string, isGuess: boolean): ReadDate | undefined {
  const proper = date.replace(/-00:00$/, 'Z');
  return isDate(proper) ? { date: proper, isGuess } : undefined;
}

/**
 * A local time with the zone that its time in UTC tells: `2015-01-02 12:00:00` and `2015-01-02 10:00:00` are `+02:00`.
 * Undefined where either is none, or they lie further apart than zones do.
 */
export function zoned(local: string, utc: string): string | undefined {
  const here = readDate(local, 'Z')?.date;
  const there = readDate(utc, 'Z')?.date;
  if (here === undefined || there === undefined || dayOf(there) < '0100') return undefined;
  const minutes = Math.round((instantOf(here) - instantOf(there)) / 60_000);
  if (Math.abs(minutes) > 14 * 60) return undefined;
  return here.length === 10 ? here : here.replace(/Z$/, offset(minutes));
}

function offset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
