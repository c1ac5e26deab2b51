import { describe, expect, it } from 'vitest';
import {
  formatCheckpoint,
  type LogIdentity,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from '../../src/log/checkpoint.ts';
import { EMPTY_TREE_ROOT } from '../../src/log/empty-tree.ts';
import { formatNote, parseNote, withSignatures } from '../../src/log/note.ts';
import { signText } from '../../src/log/note-signature.ts';
import { emptyHead, stateOf } from '../../src/log/tree-head.ts';
import { formatVerifierKey } from '../../src/log/verifier.ts';
import { flipped } from '../helpers/flipped.ts';
import { bytesOf, cosigned, noteSigner, ORIGIN, refusalOf } from './support.ts';

/** The example of C2SP tlog-checkpoint. */
const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const HEAD = { size: 7, root: Buffer.from(ROOT, 'base64') };

const LOG_KEY = noteSigner(ORIGIN);
const OTHER_KEY = noteSigner('other.example');
const LOG: LogIdentity = { origin: ORIGIN, keys: [LOG_KEY.verifier], threshold: 1 };
const SIGNED = signCheckpoint(ORIGIN, HEAD, [LOG_KEY]);

describe('the text of a checkpoint', () => {
  it('is that of the specification', () => {
    const checkpoint = parseCheckpoint(EXAMPLE);
    expect(checkpoint).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Buffer.from(ROOT, 'base64'),
      extensions: [],
    });
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE);
  });

  it('keeps lines after the third', () => {
    const text = `${EXAMPLE}one more\nand another\n`;
    expect(parseCheckpoint(text).extensions).toEqual(['one more', 'and another']);
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
  });

  it('of an empty log has the root of nothing', () => {
    const text = `${ORIGIN}\n0\n${EMPTY_TREE_ROOT}\n`;
    expect(formatCheckpoint({ origin: ORIGIN, ...emptyHead(), extensions: [] })).toBe(text);
    expect(stateOf(ORIGIN, parseCheckpoint(text))).toEqual({
      origin: ORIGIN,
      size: 0,
      root: EMPTY_TREE_ROOT,
    });
  });

  it.each([
    ['no line feed at the end', EXAMPLE.slice(0, -1)],
    ['two lines', `${ORIGIN}\n7\n`],
    ['no origin', `\n7\n${ROOT}\n`],
    ['an empty line', `${EXAMPLE}\n`],
    ['a leading zero', EXAMPLE.replace('2085', '02085')],
    ['a sign', EXAMPLE.replace('2085', '+2085')],
    ['a size that is no number', EXAMPLE.replace('20852163', '')],
    ['a size in other digits', EXAMPLE.replace('20852163', '٧')],
    ['a size above safe integers', EXAMPLE.replace('20852163', '9007199254740992')],
    ['a size of twenty digits', EXAMPLE.replace('20852163', '18446744073709551615')],
    ['a short root', EXAMPLE.replace(ROOT, 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==')],
    ['a root in the other alphabet', EXAMPLE.replace('/Xajj', '_Xajj')],
    ['a root with spare bits', EXAMPLE.replace('q2I=', 'q2J=')],
    ['a root of size 0 that is not that of nothing', EXAMPLE.replace('20852163', '0')],
    ['the root of nothing for a size above 0', EXAMPLE.replace(ROOT, EMPTY_TREE_ROOT)],
  ])('is refused with %s', (_, text) => {
    expect(refusalOf(() => parseCheckpoint(text))).toMatch(/^malformed: checkpoint: /);
  });

  it('is not made of what would be read otherwise', () => {
    const parts = { origin: ORIGIN, ...HEAD, extensions: [] };
    for (const wrong of [
      { origin: '' },
      { origin: 'a\nb' },
      { size: -1 },
      { size: 0.5 },
      { extensions: ['a\nb'] },
    ]) {
      expect(refusalOf(() => formatCheckpoint({ ...parts, ...wrong }))).toMatch(/^malformed: /);
    }
  });
});

describe('opening a checkpoint', () => {
  it('gives what the log signed, with whose key', () => {
    const opened = openCheckpoint(SIGNED, LOG);
    expect(opened).toMatchObject({ origin: ORIGIN, size: 7, extensions: [] });
    expect(Buffer.from(opened.root).toString('base64')).toBe(ROOT);
    expect(opened.signedBy).toEqual([formatVerifierKey(LOG_KEY.verifier)]);
    expect(Buffer.compare(formatNote(opened.note), SIGNED)).toBe(0);
  });

  it('refuses any changed bit', () => {
    for (let at = 0; at < SIGNED.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const refusal = refusalOf(() => openCheckpoint(flipped(SIGNED, at, bit), LOG));
        expect(refusal, `${at} ${bit}`).toMatch(/^(malformed|refused): /);
      }
    }
  });

  it('loses only their signature when a line of another key changes, as long as it is a note', () => {
    const witness = noteSigner('w.example', 'cosignature');
    const { note } = openCheckpoint(SIGNED, LOG);
    const whole = cosigned(withSignatures(note, [signText(note.text, OTHER_KEY)]), [witness]);
    let opened = 0;
    for (let at = SIGNED.length; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const refusal = refusalOf(() => openCheckpoint(flipped(whole, at, bit), LOG));
        expect(refusal).toMatch(/^(malformed: note: |nothing thrown)/);
        if (refusal === 'nothing thrown') opened++;
      }
    }
    expect(opened).toBeGreaterThan(500);
  });

  it('refuses another origin, also under the same key', () => {
    expect(refusalOf(() => openCheckpoint(SIGNED, { ...LOG, origin: 'log.example/forged' }))).toBe(
      `refused: checkpoint: it is of the log ${ORIGIN}, not log.example/forged`,
    );
  });

  it('refuses one that only others signed', () => {
    const foreign = signCheckpoint(ORIGIN, HEAD, [OTHER_KEY]);
    expect(refusalOf(() => openCheckpoint(foreign, LOG))).toBe(
      'refused: checkpoint: signed by 0 of 1 keys of the log',
    );
    expect(refusalOf(() => openCheckpoint(SIGNED, { ...LOG, keys: [] }))).toMatch(/signed by 0 of 1/);
  });

  it('asks for at least one signature, whatever the threshold', () => {
    const foreign = signCheckpoint(ORIGIN, HEAD, [OTHER_KEY]);
    expect(refusalOf(() => openCheckpoint(foreign, { ...LOG, threshold: 0 }))).toMatch(/^refused: /);
  });

  it('takes one that bears the keys of before and after a rotation', () => {
    const both = signCheckpoint(ORIGIN, HEAD, [LOG_KEY, OTHER_KEY]);
    for (const { verifier } of [LOG_KEY, OTHER_KEY]) {
      expect(openCheckpoint(both, { ...LOG, keys: [verifier] }).signedBy).toEqual([
        formatVerifierKey(verifier),
      ]);
    }
    // A false line of the former key is nothing to who knows the new one.
    const [own, other] = parseNote(both).signatures;
    const forged = { ...other!, signature: new Uint8Array(64) };
    const bytes = formatNote({ text: parseNote(both).text, signatures: [own!, forged] });
    expect(openCheckpoint(bytes, LOG).signedBy).toHaveLength(1);
    expect(refusalOf(() => openCheckpoint(bytes, { ...LOG, keys: [OTHER_KEY.verifier] }))).toMatch(
      /is false$/,
    );
  });

  it('counts distinct keys up to the threshold', () => {
    const keys = [LOG_KEY.verifier, OTHER_KEY.verifier];
    const twice = { ...LOG, keys, threshold: 2 };
    expect(refusalOf(() => openCheckpoint(SIGNED, twice))).toMatch(/signed by 1 of 2 keys/);
    const same = { ...LOG, keys: [LOG_KEY.verifier, LOG_KEY.verifier], threshold: 2 };
    expect(refusalOf(() => openCheckpoint(SIGNED, same))).toMatch(/signed by 1 of 2 keys/);
    expect(openCheckpoint(signCheckpoint(ORIGIN, HEAD, [LOG_KEY, OTHER_KEY]), twice).signedBy).toHaveLength(
      2,
    );
  });

  it('refuses a signed note that is no checkpoint', () => {
    const text = 'A text.\n';
    const bytes = formatNote({ text, signatures: [signText(text, LOG_KEY)] });
    expect(refusalOf(() => openCheckpoint(bytes, LOG))).toMatch(/^malformed: checkpoint: /);
    expect(refusalOf(() => openCheckpoint(bytesOf('?'), LOG))).toMatch(/^malformed: note: /);
  });
});
