import { describe, expect, it } from 'vitest';
import { expiryCheck, formatInstant, isExpired, isInstant } from '../../src/trust/instant.ts';

describe('instants', () => {
  it('are written in UTC and whole seconds', () => {
    expect(formatInstant(new Date('2025-07-07T12:00:00.999+02:00'))).toBe('2025-07-07T10:00:00Z');
    expect(() => formatInstant(new Date(Number.NaN))).toThrow(RangeError);
    expect(() => formatInstant(new Date('+010000-01-01T00:00:00Z'))).toThrow(RangeError);
  });

  it.each([
    ['2025-07-07T10:00:00Z', true],
    ['2024-02-29T23:59:59Z', true],
    ['0000-01-01T00:00:00Z', true],
    ['2025-02-29T00:00:00Z', false],
    ['2025-07-07T24:00:00Z', false],
    ['2025-07-07T10:00:60Z', false],
    ['2025-07-07T10:00:00.000Z', false],
    ['2025-07-07T10:00:00+00:00', false],
    ['2025-07-07T10:00:00z', false],
    ['2025-07-07', false],
    ['2025-07-07T10:00:00Z\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isInstant(text)).toBe(expected);
  });
});

describe('expiry', () => {
  const expires = '2026-01-01T00:00:00Z';
  const before = new Date('2025-12-31T23:59:59.999Z');

  it('comes at the very moment', () => {
    expect(isExpired(expires, before)).toBe(false);
    expect(isExpired(expires, new Date(expires))).toBe(true);
    expect(() => isExpired('soon', before)).toThrow('not a moment');
  });

  it('is reported, and fails no check', () => {
    expect(expiryCheck('expiry', expires, before)).toEqual({
      name: 'expiry',
      result: 'pass',
      detail: `until ${expires}`,
    });
    expect(expiryCheck('expiry', expires, new Date(expires)).result).toBe('not-checked');
  });
});
