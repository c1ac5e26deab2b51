import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as Digest from 'multiformats/hashes/digest';
import { describe, expect, it } from 'vitest';
import { DigestTable } from '../../../src/node/served/digest-table.ts';

const digestOf = (text: string) => Digest.create(0x12, createHash('sha256').update(text).digest());

describe('DigestTable', () => {
  it('holds what a map holds, however it grows', () => {
    const entries = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 255 })), { maxLength: 4000 });
    fc.assert(
      fc.property(entries, (pairs) => {
        const table = new DigestTable();
        const map = new Map(pairs.map(([key, value]) => [String(key), value]));
        for (const [key, value] of pairs) table.set(digestOf(String(key)), value);
        expect(table.size).toBe(map.size);
        for (const [key, value] of map) expect(table.get(digestOf(key))).toBe(value);
        expect(table.get(digestOf('never'))).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps numbers of 32 bits', () => {
    const table = new DigestTable(32);
    table.set(digestOf('a'), 4_000_000_000);
    expect(table.get(digestOf('a'))).toBe(4_000_000_000);
    expect(() => table.set(digestOf('b'), 0)).toThrow(RangeError);
  });

  it('tells short digests apart', () => {
    const table = new DigestTable();
    table.set(Digest.create(0x00, Uint8Array.of(1)), 1);
    table.set(Digest.create(0x00, Uint8Array.of(1, 0)), 2);
    expect(table.get(Digest.create(0x00, Uint8Array.of(1)))).toBe(1);
    expect(table.get(Digest.create(0x00, Uint8Array.of(1, 0)))).toBe(2);
  });

  it('keeps a million digests in 40 MB', () => {
    const table = new DigestTable();
    const bytes = new Uint8Array(32);
    const words = new DataView(bytes.buffer);
    for (let at = 0; at < 1_000_000; at++) {
      words.setUint32(0, Math.imul(at, 0x9e3779b1));
      words.setUint32(4, at);
      table.set(Digest.create(0x12, bytes), 1);
    }
    expect(table.size).toBe(1_000_000);
    expect(table.bytes).toBeLessThan(40_000_000);
  });
});
