import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { describe, expect, it } from 'vitest';
import {
  didKeyOf,
  publicKeyOf,
  rawKeyOf,
  rawPublicKey,
  verificationMethodOf,
} from '../../src/trust/did-key.ts';
import { FIELD, littleEndian, smallOrderYs } from '../helpers/edwards.ts';
import { signerFromSeed, testSigner } from '../helpers/signers.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

const multibase = (...bytes: number[]) => base58btc.encode(Uint8Array.from(bytes));
const didOf = (raw: Uint8Array) => `did:key:${multibase(0xed, 0x01, ...raw)}`;

describe('did:key', () => {
  it('names a key and leads back to it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const { did, privateKey } = signerFromSeed(seed);
        const raw = rawPublicKey(privateKey);
        expect(didKeyOf(raw)).toBe(did);
        expect(rawKeyOf(did)).toEqual(raw);
        expect(publicKeyOf(did).equals(createPublicKey(privateKey))).toBe(true);
        expect(didKeyOf(publicKeyOf(did))).toBe(did);
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(!hasVectors)('is that of the W3C vector for its key', () => {
    const pair = JSON.parse(readFileSync(vectors('eddsa-jcs-2022/keyPair.json'), 'utf8'));
    const seed = base58btc.decode(pair.privateKeyMultibase).subarray(2);
    expect(signerFromSeed(seed).did).toBe(`did:key:${pair.publicKeyMultibase}`);
  });

  it('has one verification method', () => {
    const { did } = testSigner('a');
    expect(verificationMethodOf(did)).toBe(`${did}#${did.slice(8)}`);
  });

  it('gives the same key object again, also after many others', () => {
    const { did } = testSigner('often');
    expect(publicKeyOf(did)).toBe(publicKeyOf(did));
    for (let other = 0; other < 300; other++) publicKeyOf(testSigner(`other ${other}`).did);
    expect(didKeyOf(publicKeyOf(did))).toBe(did);
  });

  const { did } = testSigner('a');
  it.each([
    ['nothing', ''],
    ['another method', did.replace('did:key:', 'did:web:')],
    ['a fragment', verificationMethodOf(did)],
    ['a space', `${did} `],
    ['a newline', `${did}\n`],
    ['a letter less', did.slice(0, -1)],
    ['a letter more', `${did}1`],
    ['a letter that is none of base58', `${did.slice(0, -1)}0`],
    ['an X25519 key', `did:key:${multibase(0xec, 0x01, ...new Uint8Array(32).fill(9))}`],
    ['a key of 31 bytes', `did:key:${multibase(0xed, 0x01, ...new Uint8Array(31).fill(9))}`],
    ['a key of 33 bytes', `did:key:${multibase(0xed, 0x01, ...new Uint8Array(33).fill(9))}`],
    ['a megabyte', `did:key:z6Mk${'z'.repeat(1_000_000)}`],
  ])('refuses %s', (_what, text) => {
    expect(() => publicKeyOf(text)).toThrow('not the did:key of an Ed25519 key');
  });

  it('refuses keys of other kinds', () => {
    const { publicKey } = generateKeyPairSync('x25519');
    expect(() => didKeyOf(publicKey)).toThrow('not an Ed25519 key');
    expect(() => didKeyOf(new Uint8Array(31))).toThrow('32 bytes');
  });
});

describe('keys that must not be trusted', () => {
  const ys = [...smallOrderYs()];

  it('are five y coordinates, each with either sign', () => {
    expect(ys).toHaveLength(5);
  });

  it.each(ys.map((y) => [y.toString(16), y] as const))('refuses small order, y = %s', (_hex, y) => {
    for (const sign of [0n, 1n]) {
      const raw = littleEndian(y + (sign << 255n));
      expect(() => didKeyOf(raw)).toThrow('small order');
      expect(() => publicKeyOf(didOf(raw))).toThrow('small order');
    }
  });

  it('refuses every second spelling of a coordinate', () => {
    for (let y = FIELD; y < 2n ** 255n; y++) {
      for (const sign of [0n, 1n]) {
        expect(() => publicKeyOf(didOf(littleEndian(y + (sign << 255n))))).toThrow('one encoding');
      }
    }
  });

  it('takes the coordinate next to the last one', () => {
    expect(didKeyOf(littleEndian(FIELD - 2n))).toMatch(/^did:key:z6Mk/);
  });
});
