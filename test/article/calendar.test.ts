import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instantOf,
  isDate,
  isMoreThanADayAhead,
  latestDate,
  proposeDate,
} from '../../src/article/calendar.ts';

describe('isDate', () => {
  it.each([
    '2025-07-07',
    '2024-02-29',
    '2000-02-29',
    '0001-01-01',
    '9999-12-31',
    '2025-07-07T10:00Z',
    '2025-07-07T10:00:00Z',
    '2025-07-07T23:59:59.123456+14:00',
    '2025-07-07T00:00:00-11:30',
  ])('takes %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '',
    '2025-02-29',
    '1900-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-04-31',
    '2025-07-00',
    '0000-01-01',
    '2025-7-7',
    '20250707',
    '2025-07-07T10:00:00',
    '2025-07-07 10:00:00Z',
    '2025-07-07T24:00:00Z',
    '2025-07-07T10:60:00Z',
    '2025-07-07T10:00:60Z',
    '2025-07-07T10:00:00-00:00',
    '2025-07-07T10:00:00+0200',
    '2025-07-07T10:00:00z',
    '2025-07-07\n',
    '٢٠٢٥-٠٧-٠٧',
  ])('refuses %j', (text) => {
    expect(isDate(text)).toBe(false);
  });
});

it('finds the latest of dates, whatever their order', () => {
  const dates = ['2025-07-07', '2025-07-07T02:00:00+02:00', '1969-01-01', '2025-07-06T23:59:59Z'];
  const date = fc.constantFrom(...dates, '2025-07-07T00:00:00Z');
  fc.assert(
    fc.property(fc.array(date), (some) => {
      const sorted = [...some].sort((a, b) => instantOf(a) - instantOf(b) || (a < b ? -1 : 1));
      expect(latestDate(some)).toBe(sorted.at(-1));
    }),
  );
});

describe('instantOf', () => {
  it('agrees with the platform', () => {
    const range = {
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -23, max: 23 }), (date, hours) => {
        const zone = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:45`;
        const text = `${date.toISOString().slice(0, -1)}${zone}`;
        expect(isDate(text)).toBe(true);
        expect(instantOf(text)).toBe(Date.parse(text));
        expect(instantOf(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)));
      }),
    );
  });
});

describe('isMoreThanADayAhead', () => {
  it.each([
    ['2025-07-09', '2025-07-08', false],
    ['2025-07-10', '2025-07-08', true],
    ['2024-03-01', '2024-02-28', true],
    ['2023-03-01', '2023-02-28', false],
    ['2026-01-01', '2025-12-31', false],
    ['1999-01-01', '2025-12-31', false],
  ])('%s on %s: %s', (day, today, expected) => {
    expect(isMoreThanADayAhead(day, today)).toBe(expected);
  });
});

describe('proposeDate', () => {
  it.each([
    ['2015-1-2', '2015-01-02'],
    ['2015/01/02', '2015-01-02'],
    ['2015-01-02 9:05 +0100', '2015-01-02T09:05+01:00'],
    ['2015-01-02 10:00:00 -0500', '2015-01-02T10:00:00-05:00'],
    ['2015-01-02T10:00:00', '2015-01-02T10:00:00Z'],
    ['2015-01-02t10:00:00z', '2015-01-02T10:00:00Z'],
    ['2015-02-30', undefined],
    ['tomorrow', undefined],
  ])('%s: %s', (text, proposal) => {
    expect(proposeDate(text)).toBe(proposal);
  });
});
