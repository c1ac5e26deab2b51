import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { describe, expect, it } from 'vitest';
import { encodeBase58 } from '../../src/trust/base58.ts';

describe('encodeBase58', () => {
  it('writes what the library writes', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.uint8Array({ maxLength: 100 }), (zeros, rest) => {
        const bytes = Uint8Array.of(...new Uint8Array(zeros), ...rest);
        expect(encodeBase58(bytes)).toBe(base58btc.encode(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes the largest signature and the smallest', () => {
    for (const byte of [0, 1, 255]) {
      const bytes = new Uint8Array(64).fill(byte);
      expect(encodeBase58(bytes)).toBe(base58btc.encode(bytes));
    }
  });
});
