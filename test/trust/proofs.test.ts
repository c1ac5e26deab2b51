import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, canonicalize, parseCanonical } from '../../src/bundle/canonical-json.ts';
import { OvnError } from '../../src/errors.ts';
import { publicKeyOf } from '../../src/trust/did-key.ts';
import {
  hashUnsigned,
  type Proof,
  type ProofOptions,
  type Signer,
  signedBytes,
} from '../../src/trust/proof.ts';
import { signDocument, signerOf } from '../../src/trust/sign-document.ts';
import { verifyProofs } from '../../src/trust/verify-proofs.ts';
import { flipped } from '../helpers/flipped.ts';
import { foreignVerify } from '../helpers/foreign-verifier.ts';
import { signerFromSeed, testSigner } from '../helpers/signers.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const CONTEXT = ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'];
const [ANN, BEN, EVE] = [testSigner('Ann'), testSigner('Ben'), testSigner('Eve')];
const DOCUMENT = { '@context': CONTEXT, '@type': 'NewsArticle', headline: 'First light', wordCount: 2 };

const trusting = (...signers: Signer[]) => ({ authorised: new Set(signers.map(({ did }) => did)), now: NOW });
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Signs options of any kind, as a signer who does not keep to our form could. */
function proofWith(document: object, signer: Signer, over: object): Proof {
  const [{ proofValue: _, ...usual }] = signDocument(document, [signer]).proof as [Proof];
  const options = { ...usual, ...over } as ProofOptions;
  const signature = sign(null, signedBytes(options, hashUnsigned(document)), signer.privateKey);
  return { ...options, proofValue: base58btc.encode(signature) };
}

describe('the W3C vector of eddsa-jcs-2022', () => {
  const text = (name: string) => readFileSync(vectors(`eddsa-jcs-2022/${name}`), 'utf8').trim();
  const load = () => {
    const { proof, ...unsigned } = JSON.parse(text('signedJCS.json'));
    return { proof, unsigned, options: JSON.parse(text('proofConfigJCS.json')) };
  };

  it.skipIf(!hasVectors)('is met at every step', () => {
    const { unsigned, options } = load();
    expect(canonicalize(unsigned)).toBe(text('canonDocJCS.txt'));
    expect(hexOf(hashUnsigned(unsigned))).toBe(text('docHashJCS.txt'));
    expect(canonicalize(options)).toBe(text('proofCanonJCS.txt'));
    expect(hexOf(hashUnsigned(options))).toBe(text('proofHashJCS.txt'));
    const bytes = signedBytes(options, hashUnsigned(unsigned));
    expect(hexOf(bytes)).toBe(text('combinedHashJCS.txt'));
    const { privateKeyMultibase } = JSON.parse(text('keyPair.json'));
    const signature = sign(
      null,
      bytes,
      signerFromSeed(base58btc.decode(privateKeyMultibase).subarray(2)).privateKey,
    );
    expect(hexOf(signature)).toBe(text('sigHexJCS.txt'));
    expect(base58btc.encode(signature)).toBe(text('sigBTC58JCS.txt'));
  });

  it.skipIf(!hasVectors)('is signed with the same value by our signer, but for "created"', () => {
    const { unsigned, options, proof } = load();
    const { privateKeyMultibase } = JSON.parse(text('keyPair.json'));
    const signer = signerFromSeed(base58btc.decode(privateKeyMultibase).subarray(2));
    expect(proofWith(unsigned, signer, { created: options.created })).toEqual(proof);
  });

  it.skipIf(!hasVectors)('is refused, because our documents have no "created" and a list of proofs', () => {
    const { unsigned, proof } = load();
    const rule = { authorised: new Set([proof.verificationMethod.split('#')[0]]), now: NOW };
    expect(() => verifyProofs({ ...unsigned, proof }, rule)).toThrow('"proof"');
    expect(() => verifyProofs({ ...unsigned, proof: [proof] }, rule)).toThrow('"proof.0.created"');
  });
});

describe('signing', () => {
  it('gives proofs of the one form, sorted, and the same each time', () => {
    const signed = signDocument(DOCUMENT, [ANN, BEN, EVE]);
    expect(signed).toEqual(signDocument(DOCUMENT, [EVE, BEN, ANN]));
    const methods = signed.proof.map(({ verificationMethod }) => verificationMethod);
    expect(methods).toEqual([...methods].sort());
    for (const proof of signed.proof) {
      expect(proof).toEqual({
        '@context': CONTEXT,
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        verificationMethod: expect.stringMatching(/^did:key:(z6Mk\w{44})#\1$/),
        proofPurpose: 'assertionMethod',
        proofValue: expect.stringMatching(/^z\w{80,88}$/),
      });
    }
  });

  it('copies no context where there is none', () => {
    const [proof] = signDocument({ a: 1 }, [ANN]).proof;
    expect(proof).not.toHaveProperty('@context');
  });

  it('refuses to sign by nobody, by one key twice, again, or in another name', () => {
    expect(() => signDocument(DOCUMENT, [])).toThrow('no key to sign with');
    expect(() => signDocument(DOCUMENT, [ANN, ANN])).toThrow('one key signs twice');
    expect(() => signDocument(signDocument(DOCUMENT, [ANN]), [BEN])).toThrow(TypeError);
    expect(() => signDocument(DOCUMENT, [{ did: ANN.did, privateKey: BEN.privateKey }])).toThrow(ANN.did);
    expect(() => signDocument({ n: 0.5 }, [ANN])).toThrow('not for canonical JSON');
  });

  it('tells a private key’s did:key, and takes no public one', () => {
    expect(signerOf(ANN.privateKey)).toEqual(ANN);
    expect(() => signerOf(publicKeyOf(ANN.did))).toThrow('needs a private key');
  });
});

describe('verifying', () => {
  it('gives the distinct authorised keys that signed', () => {
    const signed = signDocument(DOCUMENT, [ANN, BEN]);
    expect(verifyProofs(signed, trusting(ANN, BEN))).toEqual(new Set([ANN.did, BEN.did]));
    expect(verifyProofs(signed, trusting(ANN))).toEqual(new Set([ANN.did]));
    expect(verifyProofs(signed, trusting(EVE))).toEqual(new Set());
    expect(verifyProofs(signDocument({ a: 1 }, [ANN]), trusting(ANN))).toEqual(new Set([ANN.did]));
  });

  const proofs = () => signDocument(DOCUMENT, [ANN, BEN]).proof as [Proof, Proof];
  const [first, second] = proofs();
  const other = signDocument({ ...DOCUMENT, headline: 'Last light' }, [ANN]).proof;
  const { '@context': _, ...contextless } = proofWith(DOCUMENT, ANN, {});
  it.each([
    ['no proof', undefined, 'there is no signature'],
    ['an empty list', [], 'proof'],
    ['one that is not a list', first, 'proof'],
    ['null', null, 'proof'],
    ['a text', ['z'], 'proof.0'],
    ['one without order', [second, first], 'not in order'],
    ['one twice', [first, first], 'not in order, or a key is there twice'],
    ['"created"', [proofWith(DOCUMENT, ANN, { created: '2026-01-01T00:00:00Z' })], 'proof.0.created'],
    ['a member of no suite', [proofWith(DOCUMENT, ANN, { nonce: 'x' })], 'proof.0.nonce'],
    ['a member named as an inherited one', [proofWith(DOCUMENT, ANN, { toString: 'x' })], 'proof.0.toString'],
    [
      'another purpose',
      [proofWith(DOCUMENT, ANN, { proofPurpose: 'authentication' })],
      'proof.0.proofPurpose',
    ],
    ['another suite', [proofWith(DOCUMENT, ANN, { cryptosuite: 'eddsa-rdfc-2022' })], 'proof.0.cryptosuite'],
    ['another type', [proofWith(DOCUMENT, ANN, { type: 'Ed25519Signature2020' })], 'proof.0.type'],
    [
      'another context',
      [proofWith(DOCUMENT, ANN, { '@context': CONTEXT.slice(0, 1) })],
      'not that of the document',
    ],
    ['no context', [contextless], 'not that of the document'],
    ['a bare did:key', [proofWith(DOCUMENT, ANN, { verificationMethod: ANN.did })], 'verificationMethod'],
    [
      'the method of another key',
      [proofWith(DOCUMENT, ANN, { verificationMethod: `${ANN.did}#${BEN.did.slice(8)}` })],
      'verificationMethod',
    ],
    ['another document’s signature', other, 'does not fit'],
    [
      'one that expired',
      [proofWith(DOCUMENT, ANN, { expires: '2025-12-31T23:59:59Z' })],
      'expired 2025-12-31',
    ],
    [
      'one that expires now',
      [proofWith(DOCUMENT, ANN, { expires: '2026-01-01T00:00:00Z' })],
      'expired 2026-01-01',
    ],
    [
      'an expiry that is no moment',
      [proofWith(DOCUMENT, ANN, { expires: '2027-02-30T00:00:00Z' })],
      'proof.0.expires',
    ],
    [
      'an expiry in a zone',
      [proofWith(DOCUMENT, ANN, { expires: '2027-01-01T00:00:00+01:00' })],
      'proof.0.expires',
    ],
    ['a short signature', [{ ...first, proofValue: `z${'2'.repeat(70)}` }], 'does not fit'],
    ['an endless signature', [{ ...first, proofValue: `z${'2'.repeat(100_000)}` }], 'proof.0.proofValue'],
    ['another multibase', [{ ...first, proofValue: `u${first.proofValue}` }], 'proof.0.proofValue'],
    ['one good and one bad proof', [first, { ...second, proofValue: first.proofValue }], 'does not fit'],
    ['a thousand proofs', Array(1000).fill(first), 'proof'],
  ])('refuses %s', (_what, proof, message) => {
    const document = proof === undefined ? DOCUMENT : { ...DOCUMENT, proof };
    const verifying = () => verifyProofs(document, trusting(ANN, BEN));
    expect(verifying).toThrow(message);
    expect(verifying).toThrow(expect.objectContaining({ code: 'refused' }));
  });

  it('takes a proof until it expires, but never where none may expire', () => {
    const document = { ...DOCUMENT, proof: [proofWith(DOCUMENT, ANN, { expires: '2026-01-01T00:00:01Z' })] };
    expect(verifyProofs(document, trusting(ANN))).toEqual(new Set([ANN.did]));
    const timeless = { ...trusting(ANN), now: 'timeless' as const };
    expect(() => verifyProofs(document, timeless)).toThrow('no place here');
    expect(verifyProofs(signDocument(DOCUMENT, [ANN]), timeless)).toEqual(new Set([ANN.did]));
  });

  it('counts nothing by keys that are not authorised, right or wrong', () => {
    const signed = signDocument(DOCUMENT, [ANN, EVE]);
    const proof = signed.proof.map((each) =>
      each.verificationMethod.startsWith(EVE.did) ? { ...each, proofValue: `z${'2'.repeat(87)}` } : each,
    );
    expect(verifyProofs({ ...signed, proof }, trusting(ANN))).toEqual(new Set([ANN.did]));
  });

  it('covers members that nobody knows', () => {
    const signed = signDocument({ ...DOCUMENT, constructor: 'x', future: { a: [1] } }, [ANN]);
    expect(verifyProofs(signed, trusting(ANN)).size).toBe(1);
    expect(() => verifyProofs({ ...signed, constructor: 'y' }, trusting(ANN))).toThrow('does not fit');
    expect(() => verifyProofs({ ...signed, future: { a: [2] } }, trusting(ANN))).toThrow('does not fit');
  });

  it('refuses every flipped byte', () => {
    const bytes = canonicalBytes(signDocument(DOCUMENT, [ANN]));
    for (let at = 0; at < bytes.length; at++) {
      expect(accepts(flipped(bytes, at, at % 8)), `byte ${at}`).toBe(false);
    }
    expect(accepts(bytes)).toBe(true);
  });

  it('refuses any flipped bit of any document', () => {
    const value = fc.object({
      key: fc.stringMatching(/^[a-o]{1,9}$/),
      values: [fc.string({ unit: 'binary' })],
    });
    fc.assert(
      fc.property(value, fc.nat(), fc.nat({ max: 7 }), (document, at, bit) => {
        const bytes = canonicalBytes(signDocument(document, [ANN]));
        expect(accepts(bytes)).toBe(true);
        expect(accepts(flipped(bytes, at % bytes.length, bit))).toBe(false);
      }),
    );
  });
});

describe('a foreign verifier', () => {
  it('takes what we sign: with a context and without, by one key and by more', async () => {
    expect(await foreignVerify(signDocument(DOCUMENT, [ANN]))).toBe(true);
    expect(await foreignVerify(signDocument(DOCUMENT, [ANN, BEN, EVE]))).toBe(true);
    expect(await foreignVerify(signDocument({ format: 'ovn-masthead/1' }, [ANN]))).toBe(true);
  });

  it('refuses it with one character changed', async () => {
    const signed = signDocument(DOCUMENT, [ANN, BEN]);
    const [first, second] = signed.proof as [Proof, Proof];
    expect(await foreignVerify({ ...signed, headline: 'First Light' })).toBe(false);
    expect(
      await foreignVerify({ ...signed, proof: [first, { ...second, proofValue: first.proofValue }] }),
    ).toBe(false);
  });
});

function accepts(bytes: Uint8Array): boolean {
  try {
    const document = parseCanonical(bytes, { limit: 100_000, maxDepth: 20 }) as object;
    return verifyProofs(document, trusting(ANN)).size === 1;
  } catch (error) {
    if (error instanceof OvnError) return false;
    throw error;
  }
}
