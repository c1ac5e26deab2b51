import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../src/node/network/frame-reader.ts';

const LIMIT = 1 << 20;

/** A message of zeros that says its length and is not sent to its end. */
function begun(): FrameReader {
  const reader = new FrameReader(LIMIT);
  expect([...reader.push(Uint8Array.of(0x80, 0x80, 0x40))]).toEqual([]);
  return reader;
}

describe('FrameReader', () => {
  it('holds no more than the limit', () => {
    const reader = begun();
    const piece = new Uint8Array(1024);
    for (let at = 0; at < LIMIT - 1024; at += 1024) expect([...reader.push(piece)]).toEqual([]);
    expect(reader.held).toBeLessThanOrEqual(LIMIT);
    expect([...reader.push(piece)].map(({ length }) => length)).toEqual([LIMIT]);
  });

  it('takes no more room than a few times of what came', () => {
    const reader = begun();
    for (let count = 0; count < 5000; count++) [...reader.push(Uint8Array.of(1))];
    expect(reader.held).toBeLessThan(11_000);
  });

  it('copies what it keeps, and leaves alone what it gave', () => {
    const reader = new FrameReader(LIMIT);
    const packet = Uint8Array.of(2, 1, 2, 3, 4);
    expect([...reader.push(packet)]).toEqual([Uint8Array.of(1, 2)]);
    packet.fill(9);
    const [given] = [...reader.push(Uint8Array.of(5, 6, 1))];
    expect([...reader.push(Uint8Array.of(7))].map((frame) => [...frame])).toEqual([[7]]);
    expect([...given!]).toEqual([4, 5, 6]);
  });

  it('holds nothing between messages', () => {
    const reader = new FrameReader(LIMIT);
    expect([...reader.push(Uint8Array.of(1, 1, 1, 2, 3, 0))].map((frame) => [...frame])).toEqual([[1], [2]]);
    expect(reader.held).toBe(2);
    expect([...reader.push(Uint8Array.of(0, 0))].map((frame) => [...frame])).toEqual([[0, 0, 0]]);
    expect(reader.held).toBe(0);
  });
});
