import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatNote,
  MOST_SIGNATURES,
  NOTE_LIMIT,
  parseNote,
  parseSignatures,
  withSignatures,
} from '../../src/log/note.ts';
import { judgeNoteSignature, signText } from '../../src/log/note-signature.ts';
import {
  formatVerifierKey,
  isKeyName,
  parseVerifierKey,
  SIGNATURE_TYPES,
  verifierOf,
} from '../../src/log/verifier.ts';
import { flipped } from '../helpers/flipped.ts';
import { bytesOf, noteSigner, refusalOf } from './support.ts';

/** The example of C2SP signed-note. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
/** The note that the same page begins with; its text has an empty line, and is not in ASCII alone. */
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;

const ALICE = noteSigner('alice.example');
const BOB = noteSigner('bob.example');
const NOTE = { text: 'A text.\n', signatures: [signText('A text.\n', ALICE)] };
const LINE = new TextDecoder().decode(formatNote(NOTE)).split('\n')[2] ?? '';

describe('a verifier key', () => {
  it('is read and written as in the specification', () => {
    const verifier = parseVerifierKey(EXAMPLE_KEY);
    expect([verifier.name, verifier.keyId, verifier.type]).toEqual([
      'example.com/foo',
      '530d903a',
      'ed25519',
    ]);
    expect(formatVerifierKey(verifier)).toBe(EXAMPLE_KEY);
  });

  it('has another id for another name and for another type', () => {
    const { rawKey } = ALICE.verifier;
    const ids = [
      verifierOf('a', rawKey, 'ed25519'),
      verifierOf('b', rawKey, 'ed25519'),
      verifierOf('a', rawKey, 'cosignature'),
    ].map(({ keyId }) => keyId);
    expect(new Set(ids).size).toBe(3);
  });

  it('is read back, of both types', () => {
    for (const type of ['ed25519', 'cosignature'] as const) {
      const { verifier } = noteSigner('some.example/log', type);
      const text = formatVerifierKey(verifier);
      expect(Buffer.from(text.split('+').slice(2).join('+'), 'base64')[0]).toBe(SIGNATURE_TYPES[type]);
      expect(formatVerifierKey(parseVerifierKey(text))).toBe(text);
    }
  });

  it.each([
    ['another id', EXAMPLE_KEY.replace('530d903a', '530d903b')],
    ['an id in capitals', EXAMPLE_KEY.replace('530d903a', '530D903A')],
    ['another name', EXAMPLE_KEY.replace('foo', 'fox')],
    ['no name', EXAMPLE_KEY.replace('example.com/foo', '')],
    ['a name with a space', EXAMPLE_KEY.replace('/foo', ' foo')],
    ['a key too short', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4'],
    ['another type', EXAMPLE_KEY.replace('+Aeky', '+Beky')],
    ['spare bits', EXAMPLE_KEY.replace(/k$/, 'l')],
    ['text after it', `${EXAMPLE_KEY}\n`],
    ['nothing', ''],
  ])('is refused with %s', (_, text) => {
    expect(text).not.toBe(EXAMPLE_KEY);
    expect(refusalOf(() => parseVerifierKey(text))).toMatch(/^malformed: /);
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003', '\u3000', 'a\u0085', 'a\u001b[2J', 'a\n', '\ud800'])(
    'does not have the name %j',
    (name) => {
      expect(isKeyName(name)).toBe(false);
      expect(refusalOf(() => verifierOf(name, new Uint8Array(32), 'ed25519'))).toMatch(/^malformed: /);
    },
  );
});

describe('a signed note', () => {
  it('of the specification is verified by its key', () => {
    const note = parseNote(bytesOf(EXAMPLE));
    expect(note.text).toBe('This is an example message.\n');
    expect(judgeNoteSignature(note, parseVerifierKey(EXAMPLE_KEY))).toBe('valid');
    expect(
      judgeNoteSignature({ ...note, text: 'This is an example massage.\n' }, parseVerifierKey(EXAMPLE_KEY)),
    ).toBe('invalid');
  });

  it('is written as it was read', () => {
    for (const text of [EXAMPLE, POEM]) {
      expect(Buffer.from(formatNote(parseNote(bytesOf(text)))).toString()).toBe(text);
    }
    expect(parseNote(bytesOf(POEM)).text).toMatch(/^Ognuno .*\n\ned è subito sera\.\n$/s);
  });

  it('is read back, whatever the text', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\p{Cc}/gu, ''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        const bytes = formatNote({ text, signatures: [signText(text, ALICE)] });
        const note = parseNote(bytes);
        expect(note.text).toBe(text);
        expect(judgeNoteSignature(note, ALICE.verifier)).toBe('valid');
        expect(Buffer.compare(formatNote(note), bytes)).toBe(0);
      }),
    );
  });

  it('with a changed bit is no note, another text, or without that signature', () => {
    const bytes = formatNote(NOTE);
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = flipped(bytes, at, bit);
        const refusal = refusalOf(() => {
          const note = parseNote(changed);
          expect(Buffer.compare(formatNote(note), changed)).toBe(0);
          expect(judgeNoteSignature(note, ALICE.verifier)).not.toBe('valid');
        });
        expect(refusal).toMatch(/^(malformed: |nothing thrown)/);
      }
    }
  });

  it.each([
    ['nothing', ''],
    ['a text alone', 'A text.\n'],
    ['no signature', 'A text.\n\n'],
    ['no empty line', `A text.\n${LINE}\n`],
    ['no line feed at the end', `A text.\n\n${LINE}`],
    ['a line after the signatures', `A text.\n\n${LINE}\nmore\n`],
    ['an empty line after the signatures', `A text.\n\n${LINE}\n\n`],
    ['a carriage return', `A text.\r\n\n${LINE}\n`],
    ['a tab', `A\ttext.\n\n${LINE}\n`],
    ['another dash', `A text.\n\n${LINE.replace('—', '-')}\n`],
    ['two spaces', `A text.\n\n${LINE.replace(' ', '  ')}\n`],
    ['a space at the end', `A text.\n\n${LINE} \n`],
    ['no signature in the line', `A text.\n\n${LINE.replace(/\S+$/, '')}\n`],
    ['no name in the line', `A text.\n\n${LINE.replace('alice.example ', '')}\n`],
    ['a plus in the name', `A text.\n\n${LINE.replace('alice.', 'alice+')}\n`],
    ['a key id and no more', 'A text.\n\n— alice.example AAAAAA==\n'],
    ['base64 without padding', `A text.\n\n${LINE.replace(/=+$/, '')}\n`],
  ])('is not one with %s', (_, text) => {
    expect(refusalOf(() => parseNote(bytesOf(text)))).toMatch(/^malformed: /);
  });

  it('is UTF-8, and keeps a byte order mark', () => {
    const broken = Buffer.concat([Uint8Array.of(0xff), formatNote(NOTE)]);
    expect(refusalOf(() => parseNote(broken))).toBe('malformed: note: not UTF-8');
    const marked = Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), formatNote(NOTE)]);
    expect(judgeNoteSignature(parseNote(marked), ALICE.verifier)).toBe('invalid');
  });

  it('is bounded in bytes and in signatures, above what the specification demands', () => {
    const large = 'x'.repeat(5000);
    const sixteen = Array.from(
      { length: 16 },
      () => `— a.example ${Buffer.from(large).toString('base64')}\n`,
    );
    expect(parseNote(bytesOf(`A text.\n\n${sixteen.join('')}`)).signatures).toHaveLength(16);
    const many = (count: number) => bytesOf(`A text.\n\n${`${LINE}\n`.repeat(count)}`);
    expect(parseNote(many(MOST_SIGNATURES)).signatures).toHaveLength(MOST_SIGNATURES);
    expect(refusalOf(() => parseNote(many(MOST_SIGNATURES + 1)))).toMatch(/^limit: /);
    expect(refusalOf(() => parseNote(new Uint8Array(NOTE_LIMIT + 1)))).toMatch(/^limit: /);
  });

  it.each(['A text.', '', 'A\n\ntext.', 'A \ud800\n', 'A\u0000\n'])('is not made of the text %j', (text) => {
    expect(refusalOf(() => formatNote({ ...NOTE, text }))).toMatch(/^malformed: /);
  });
});

describe('signatures', () => {
  it('of keys that share a name or an id with a known one are not its', () => {
    const [signature] = NOTE.signatures;
    const renamed = { ...NOTE, signatures: [{ ...signature!, name: 'eve.example' }] };
    const otherId = { ...NOTE, signatures: [{ ...signature!, keyId: '00000000' }] };
    expect([renamed, otherId].map((note) => judgeNoteSignature(note, ALICE.verifier))).toEqual([
      'absent',
      'absent',
    ]);
    expect(judgeNoteSignature(NOTE, BOB.verifier)).toBe('absent');
  });

  it('of one key are all looked at', () => {
    const [signature] = NOTE.signatures;
    const forged = { ...signature!, signature: new Uint8Array(64) };
    const both = { ...NOTE, signatures: [signature!, forged] };
    expect(judgeNoteSignature(both, ALICE.verifier)).toBe('invalid');
    expect(judgeNoteSignature({ ...NOTE, signatures: [signature!, signature!] }, ALICE.verifier)).toBe(
      'valid',
    );
  });

  it('are added behind the others, and replaced in place', () => {
    const [alice] = NOTE.signatures;
    const bob = signText(NOTE.text, BOB);
    const both = withSignatures(NOTE, [bob]);
    expect(both.signatures).toEqual([alice, bob]);
    const newer = { ...alice!, signature: new Uint8Array(64) };
    expect(withSignatures(both, [newer]).signatures).toEqual([newer, bob]);
  });

  it('are read alone', () => {
    expect(parseSignatures(`${LINE}\n`)).toEqual(parseNote(formatNote(NOTE)).signatures);
    for (const text of ['', '\n', LINE, `\n${LINE}\n`]) {
      expect(refusalOf(() => parseSignatures(text))).toMatch(/^malformed: /);
    }
  });

  it('are not made or checked by a key for cosignatures', () => {
    const witness = noteSigner('w.example', 'cosignature');
    expect(() => signText('A text.\n', witness)).toThrow(TypeError);
    expect(() => judgeNoteSignature(NOTE, witness.verifier)).toThrow(TypeError);
  });
});
