import { hash } from 'node:crypto';

/** How many neighbours on either side of a number are tried, in steps of its last bit. */
const NEIGHBOURS = 3n;

/**
 * The first `count` numbers of a fixed sequence over all that a double can be: powers of ten and of two with their
 * neighbours, where the written form changes; 2,000 from the smallest normal number up; then those in a chain of
 * SHA-256 digests that begins with the digest of 32 zero bytes (zeros, infinities and NaN left out).
 */
export function* es6Numbers(count: number): Generator<number> {
  let left = count;
  for (const number of allNumbers()) {
    if (left-- === 0) return;
    yield number;
  }
}

function* allNumbers(): Generator<number> {
  yield* [0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE];
  for (let exponent = -308; exponent <= 308; exponent++) yield* neighbours(Number(`1e${exponent}`));
  for (let exponent = -1000; exponent <= 1000; exponent += 8) yield* neighbours(2 ** exponent);
  for (let step = 0n; step < 2000n; step++) yield fromBits((1n << 52n) + step);
  for (let block = Buffer.alloc(32); ; ) {
    block = Buffer.from(hash('sha256', block, 'buffer'));
    for (let at = 0; at < block.length; at += 8) {
      const number = block.readDoubleLE(at);
      if (number !== 0 && Number.isFinite(number)) yield number;
    }
  }
}

function* neighbours(number: number): Generator<number> {
  const bits = BigInt(`0x${bitsOf(number)}`);
  for (let step = -NEIGHBOURS; step <= NEIGHBOURS; step++) {
    yield fromBits(bits + step);
    yield -fromBits(bits + step);
  }
}

/** The bits of a number, in hex without leading zeros. */
export function bitsOf(number: number): string {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(number);
  return bits.readBigUInt64BE().toString(16);
}

function fromBits(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(bits);
  return bytes.readDoubleBE();
}
