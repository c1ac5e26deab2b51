import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts';
import { judgeCosignature } from '../../src/log/cosignature.ts';
import { formatNote, type Note, parseNote, withSignatures } from '../../src/log/note.ts';
import { formatVerifierKey, parseVerifierKey, verifierOf } from '../../src/log/verifier.ts';
import { judgeWitnesses, NO_WITNESSES, parsePolicy } from '../../src/log/witness-policy.ts';

import { flipped } from '../helpers/flipped.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';
import { cosign, cosigned, noteSigner, ORIGIN, refusalOf } from './support.ts';

const LOG_KEY = noteSigner(ORIGIN);
const HEAD = { size: 7, root: new Uint8Array(32).fill(7) };
const CHECKPOINT = openCheckpoint(signCheckpoint(ORIGIN, HEAD, [LOG_KEY]), {
  origin: ORIGIN,
  keys: [LOG_KEY.verifier],
  threshold: 1,
});
const [ONE, TWO, THREE] = ['w1.example', 'w2.example', 'w3.example'].map((name) =>
  noteSigner(name, 'cosignature'),
);
const [KEY1, KEY2, KEY3] = [ONE!, TWO!, THREE!].map(({ verifier }) =>
  formatVerifierKey(verifier),
) as string[];
const TIME = 1_679_315_147;

const signedBy = (...lines: Parameters<typeof withSignatures>[1]): Note =>
  withSignatures(CHECKPOINT.note, lines);

describe('cosignatures in the vectors of sunlight', () => {
  const WITNESS_TIME = Date.parse('2025-12-31T00:00:00Z') / 1000;
  const file = (name: string) => readFileSync(vectors(`tlog/${name}`));
  const keyIn = (name: string) => parseVerifierKey(JSON.parse(file(name).toString()).verifier_keys[0]);
  const ROME = '000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint';
  const MILAN = '88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482/checkpoint';

  it.skipIf(!hasVectors).each([
    ['a witness', 'witness/witness.v0.json', `witness/${ROME}`, 2],
    ['another witness', 'witness2/witness.v0.json', `witness2/${MILAN}`, 1],
    ['a mirror', 'witness/mirror/mirror.v0.json', `witness/mirror/${ROME}`, 1],
  ])('of %s hold', (_, key, checkpoint, lines) => {
    const note = parseNote(file(checkpoint));
    expect(note.signatures).toHaveLength(lines);
    expect(judgeCosignature(note, keyIn(key))).toEqual({ result: 'valid', time: WITNESS_TIME });
    expect(Buffer.compare(formatNote(note), file(checkpoint))).toBe(0);
    const other = { ...note, text: note.text.replace('300', '301') };
    expect(judgeCosignature(other, keyIn(key))).toEqual({ result: 'invalid' });
  });

  it.skipIf(!hasVectors)('are not those of another witness', () => {
    const note = parseNote(file(`witness/${ROME}`));
    expect(judgeCosignature(note, keyIn('witness2/witness.v0.json'))).toEqual({ result: 'absent' });
  });

  it.skipIf(!hasVectors)('are not in the decoys', () => {
    expect(refusalOf(() => parseNote(file('witness/checkpoint')))).toMatch(/^malformed: /);
  });
});

describe('a cosignature', () => {
  it('is over the time and all of the text', () => {
    const note = signedBy(cosign(CHECKPOINT.note.text, ONE!, TIME));
    expect(judgeCosignature(note, ONE!.verifier)).toEqual({ result: 'valid', time: TIME });
    expect(judgeCosignature(note, TWO!.verifier)).toEqual({ result: 'absent' });
    const longer = { ...note, text: `${note.text}an extension\n` };
    expect(judgeCosignature(longer, ONE!.verifier)).toEqual({ result: 'invalid' });
  });

  it('with a changed bit counts for nothing, and is no fault of the checkpoint', () => {
    const line = cosign(CHECKPOINT.note.text, ONE!, TIME);
    for (let at = 0; at < line.signature.length; at++) {
      const note = signedBy({ ...line, signature: flipped(line.signature, at, at % 8) });
      expect(judgeCosignature(note, ONE!.verifier)).toEqual({ result: 'invalid' });
    }
  });

  it('that is newer counts, and a false one beside it takes nothing away', () => {
    const { text, signatures } = CHECKPOINT.note;
    const lines = [TIME + 5, TIME + 9, TIME].map((time) => cosign(text, ONE!, time));
    const forged = { ...lines[0]!, signature: new Uint8Array(72) };
    const note = { text, signatures: [...signatures, forged, ...lines] };
    expect(judgeCosignature(note, ONE!.verifier)).toEqual({ result: 'valid', time: TIME + 9 });
  });

  it.each([0, Number.MAX_SAFE_INTEGER + 1])('does not hold with the time %i', (time) => {
    const note = signedBy(cosign(CHECKPOINT.note.text, ONE!, time));
    expect(judgeCosignature(note, ONE!.verifier)).toEqual({ result: 'invalid' });
  });

  it('is not an ordinary signature of the same key', () => {
    const { name, keyId } = ONE!.verifier;
    for (const length of [64, 71, 73]) {
      const note = signedBy({ name, keyId, signature: new Uint8Array(length) });
      expect(judgeCosignature(note, ONE!.verifier)).toEqual({ result: 'invalid' });
    }
    expect(() => judgeCosignature(CHECKPOINT.note, LOG_KEY.verifier)).toThrow(TypeError);
  });
});

describe('a policy of witnesses', () => {
  const policy = parsePolicy(2, [KEY1!, KEY2!, KEY3!]);
  const judge = (bytes: Uint8Array) => judgeWitnesses({ ...CHECKPOINT, note: parseNote(bytes) }, policy);

  it('says who cosigned, when, and whether that is enough', () => {
    expect(judge(cosigned(CHECKPOINT.note, [ONE!, THREE!], TIME))).toEqual({
      satisfied: true,
      threshold: 2,
      witnesses: [
        { name: 'w1.example', verifierKey: KEY1, result: 'valid', time: TIME },
        { name: 'w2.example', verifierKey: KEY2, result: 'absent' },
        { name: 'w3.example', verifierKey: KEY3, result: 'valid', time: TIME },
      ],
    });
  });

  it('is not satisfied by fewer, by one of them twice, or by a false one', () => {
    expect(judge(cosigned(CHECKPOINT.note, [ONE!], TIME)).satisfied).toBe(false);
    const { text } = CHECKPOINT.note;
    const signatures = [cosign(text, ONE!, TIME), cosign(text, ONE!, TIME + 1)];
    expect(judge(formatNote({ text, signatures })).satisfied).toBe(false);
    const forged = { ...cosign(text, TWO!, TIME), signature: new Uint8Array(72) };
    const judgement = judge(formatNote({ text, signatures: [signatures[0]!, forged] }));
    expect(judgement.satisfied).toBe(false);
    expect(judgement.witnesses[1]).toEqual({ name: 'w2.example', verifierKey: KEY2, result: 'invalid' });
  });

  it('that asks for none is satisfied, and says so', () => {
    expect(judgeWitnesses(CHECKPOINT, NO_WITNESSES)).toEqual({
      satisfied: true,
      threshold: 0,
      witnesses: [],
    });
    expect(parsePolicy(0, [])).toEqual(NO_WITNESSES);
  });

  it.each([
    ['a threshold above the number of witnesses', 2, [KEY1!]],
    ['a negative threshold', -1, [KEY1!]],
    ['half a threshold', 0.5, [KEY1!]],
    ['a witness twice', 1, [KEY1!, KEY1!]],
    ['a key of a log', 1, [formatVerifierKey(LOG_KEY.verifier)]],
    ['what is no key', 1, ['w1.example']],
  ])('is refused with %s', (_, threshold, keys) => {
    expect(refusalOf(() => parsePolicy(threshold, keys))).toMatch(/^malformed: /);
  });

  it('counts one key under two names once', () => {
    const { rawKey, type } = ONE!.verifier;
    const alias = formatVerifierKey(verifierOf('alias.example', rawKey, type));
    expect(refusalOf(() => parsePolicy(2, [KEY1!, alias]))).toBe(
      'malformed: witness policy: one key is there twice',
    );
  });

  it('has at most 32 witnesses', () => {
    const keys = Array.from({ length: 33 }, (_, at) =>
      formatVerifierKey(noteSigner(`w${at}.example`, 'cosignature').verifier),
    );
    expect(parsePolicy(20, keys.slice(1)).witnesses).toHaveLength(32);
    expect(refusalOf(() => parsePolicy(20, keys))).toMatch(/more than 32/);
  });
});
