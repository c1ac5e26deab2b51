import { describe, expect, it } from 'vitest';
import { chooseRange } from '../../../src/node/gateway/byte-range.ts';

describe('chooseRange', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=90-', { start: 90, end: 100 }],
    ['bytes=90-1000', { start: 90, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    ['bytes=99-99', { start: 99, end: 100 }],
    ['bytes=6-16,0-4', { start: 6, end: 17 }],
    ['bytes=200-, 0-4', { start: 0, end: 5 }],
  ])('reads %s', (range, expected) => {
    expect(chooseRange({ range }, 100, '"x"')).toEqual(expected);
  });

  it.each([undefined, 'bytes=-', 'bytes=5-4', 'bytes=0-1,4-3', 'lines=0-9', 'bytes=a-b', 'bytes=0-9 '])(
    'sends the whole file for %s',
    (range) => {
      expect(chooseRange({ range }, 100, '"x"')).toBeUndefined();
    },
  );

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=999999999999999-'])('refuses %s', (range) => {
    expect(() => chooseRange({ range }, 100, '"x"')).toThrow(
      expect.objectContaining({ status: 416, headers: { 'content-range': 'bytes */100' } }),
    );
  });

  it('heeds If-Range', () => {
    const range = 'bytes=0-9';
    expect(chooseRange({ range, 'if-range': '"x"' }, 100, '"x"')).toEqual({ start: 0, end: 10 });
    expect(chooseRange({ range, 'if-range': '"y"' }, 100, '"x"')).toBeUndefined();
    expect(chooseRange({ range, 'if-range': 'W/"x"' }, 100, '"x"')).toBeUndefined();
  });
});
