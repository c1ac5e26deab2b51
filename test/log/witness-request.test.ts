import { beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint, type VerifiedCheckpoint } from '../../src/log/checkpoint.ts';
import { isExtension } from '../../src/log/merkle.ts';
import { formatNote, parseNote, withSignatures } from '../../src/log/note.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import { formatVerifierKey } from '../../src/log/verifier.ts';
import { judgeWitnesses, parsePolicy } from '../../src/log/witness-policy.ts';
import { ANSWER_LIMIT, addCheckpointBody, readAnswer } from '../../src/log/witness-request.ts';
import { bytesOf, cosign, entriesOf, hexOf, LogFiles, noteSigner, ORIGIN } from './support.ts';

const LOG_KEY = noteSigner(ORIGIN);
const WITNESS = noteSigner('w.example', 'cosignature');
const OTHER = noteSigner('other.example', 'cosignature');
const TIME = 1_700_000_000;

let log: LogFiles;
let signed: Uint8Array;
let checkpoint: VerifiedCheckpoint;

beforeAll(async () => {
  log = await LogFiles.of(entriesOf(300));
  signed = signCheckpoint(ORIGIN, log.head, [LOG_KEY]);
  checkpoint = openCheckpoint(signed, { origin: ORIGIN, keys: [LOG_KEY.verifier], threshold: 1 });
});

/** The lines that a witness sends. */
const linesOf = (...witnesses: (typeof WITNESS)[]) => {
  const signatures = witnesses.map((each) => cosign(checkpoint.note.text, each, TIME));
  const note = Buffer.from(formatNote({ text: 'x\n', signatures })).toString();
  return note.slice('x\n\n'.length);
};
const answerTo = (status: number, body = '') =>
  readAnswer(status, bytesOf(body), checkpoint, WITNESS.verifier);

describe('a request to a witness', () => {
  it('has the size known to it, the proof from there, and the checkpoint', async () => {
    const tree = await TileTree.open(log.head, log.read);
    const proof = await tree.consistencyProof(123, 300);
    const body = Buffer.from(addCheckpointBody(123, proof, checkpoint)).toString();
    const [lines = '', ...rest] = body.split('\n\n');
    expect(rest.join('\n\n')).toBe(Buffer.from(signed).toString());
    const [old, ...hashes] = lines.split('\n');
    expect(old).toBe('old 123');
    const older = { size: 123, root: await tree.rootAt(123) };
    expect(
      isExtension(
        older,
        log.head,
        hashes.map((hash) => Buffer.from(hash, 'base64')),
      ),
    ).toBe(true);
  });

  it('has no proof from size 0, and none to the same size', () => {
    expect(Buffer.from(addCheckpointBody(0, [], checkpoint)).toString()).toMatch(/^old 0\n\nlog\.example/);
    expect(Buffer.from(addCheckpointBody(300, [], checkpoint)).toString()).toMatch(
      /^old 300\n\nlog\.example/,
    );
    expect(() => addCheckpointBody(301, [], checkpoint)).toThrow(RangeError);
  });
});

describe('the answer of a witness', () => {
  it('with its cosignature completes the checkpoint', () => {
    const answer = answerTo(200, linesOf(WITNESS));
    if (answer.kind !== 'cosigned') throw new Error(answer.kind);
    const bytes = formatNote(withSignatures(checkpoint.note, answer.signatures));
    expect(parseNote(bytes).text).toBe(checkpoint.note.text);
    const policy = parsePolicy(1, [formatVerifierKey(WITNESS.verifier)]);
    const opened = openCheckpoint(bytes, { origin: ORIGIN, keys: [LOG_KEY.verifier], threshold: 1 });
    expect(judgeWitnesses(opened, policy).witnesses).toMatchObject([
      { name: 'w.example', result: 'valid', time: TIME },
    ]);
  });

  it('gives only what is its own and holds', () => {
    const answer = answerTo(200, linesOf(OTHER, WITNESS));
    expect(answer).toMatchObject({ kind: 'cosigned', signatures: [{ name: 'w.example' }] });
    expect(answerTo(200, linesOf(OTHER))).toMatchObject({ kind: 'unavailable', status: 200 });
    const forged = { ...cosign(checkpoint.note.text, WITNESS, TIME), signature: new Uint8Array(72) };
    const lines = Buffer.from(formatNote({ text: 'x\n', signatures: [forged] }))
      .toString()
      .slice(3);
    expect(answerTo(200, lines)).toMatchObject({
      kind: 'unavailable',
      detail: 'no valid cosignature of w.example in the answer',
    });
  });

  it('of a conflict has the size that it knows', () => {
    expect(answerTo(409, '123\n')).toEqual({ kind: 'conflict', size: 123 });
    expect(answerTo(409, '0\n')).toEqual({ kind: 'conflict', size: 0 });
    for (const body of ['', '123', '0123\n', '-1\n', '123\n\n', 'no\n', '99999999999999999999\n']) {
      expect(answerTo(409, body), body).toMatchObject({ kind: 'unavailable', status: 409 });
    }
  });

  it.each([
    [400, 'malformed'],
    [403, 'another key'],
    [404, 'does not know'],
    [422, 'inconsistent'],
  ])('with status %i is a refusal', (status, word) => {
    const answer = answerTo(status, 'whatever');
    expect(answer).toMatchObject({ kind: 'refused', status });
    expect(answer.kind === 'refused' && answer.detail).toContain(word);
  });

  it.each([0, 201, 204, 301, 429, 500, 503])('with status %i is none', (status) => {
    expect(answerTo(status)).toMatchObject({ kind: 'unavailable', status });
  });

  it('that is garbage is none, and throws nothing', () => {
    for (const body of [
      new Uint8Array(0),
      Uint8Array.of(0xff),
      new Uint8Array(ANSWER_LIMIT + 1),
      bytesOf('<html>'),
    ]) {
      for (const status of [200, 409]) {
        const { kind } = readAnswer(status, body, checkpoint, WITNESS.verifier);
        expect(kind, hexOf(body.subarray(0, 4))).toBe('unavailable');
      }
    }
  });
});
