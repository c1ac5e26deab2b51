import { beforeAll, describe, expect, it } from 'vitest';
import { type LogIdentity, openCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts';
import { formatNote, parseNote } from '../../src/log/note.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import {
  formatTlogProof,
  parseTlogProof,
  TLOG_PROOF_LIMIT,
  type TlogProof,
  verifyTlogProof,
} from '../../src/log/tlog-proof.ts';
import { formatVerifierKey } from '../../src/log/verifier.ts';
import { NO_WITNESSES, parsePolicy } from '../../src/log/witness-policy.ts';
import { flipped } from '../helpers/flipped.ts';
import { bytesOf, cosigned, entriesOf, hexOf, LogFiles, noteSigner, ORIGIN, refusalOf } from './support.ts';

const SIZE = 300;
const INDEX = 77;
const LOG_KEY = noteSigner(ORIGIN);
const WITNESS = noteSigner('w.example', 'cosignature');
const LOG: LogIdentity = { origin: ORIGIN, keys: [LOG_KEY.verifier], threshold: 1 };
const POLICY = parsePolicy(1, [formatVerifierKey(WITNESS.verifier)]);
const ENTRY = bytesOf(`entry ${INDEX}`);

let parts: TlogProof;
let proof: Uint8Array;
let text: string;

beforeAll(async () => {
  const log = await LogFiles.of(entriesOf(SIZE));
  const hashes = await (await TileTree.open(log.head, log.read)).inclusionProof(INDEX, SIZE);
  const signed = signCheckpoint(ORIGIN, log.head, [LOG_KEY]);
  const checkpoint = cosigned(parseNote(signed), [WITNESS]);
  parts = { index: INDEX, hashes, checkpoint };
  proof = formatTlogProof(parts);
  text = Buffer.from(proof).toString();
});

const verify = (bytes: Uint8Array, entry = ENTRY, policy = POLICY) =>
  verifyTlogProof(bytes, entry, LOG, policy);

describe('a tlog-proof', () => {
  it('has the lines of the specification', () => {
    const lines = text.split('\n');
    expect(lines[0]).toBe('c2sp.org/tlog-proof@v1');
    expect(lines[1]).toBe('index 77');
    expect(lines.slice(2, 2 + parts.hashes.length)).toEqual(
      parts.hashes.map((hash) => Buffer.from(hash).toString('base64')),
    );
    expect(lines[2 + parts.hashes.length]).toBe('');
    expect(text.endsWith(`\n\n${Buffer.from(parts.checkpoint).toString()}`)).toBe(true);
  });

  it('is read back, with extra data too', () => {
    for (const each of [parts, { ...parts, extra: bytesOf('more') }, { ...parts, index: 0, hashes: [] }]) {
      const bytes = formatTlogProof(each);
      const read = parseTlogProof(bytes);
      expect(read.index).toBe(each.index);
      expect(read.extra === undefined ? undefined : hexOf(read.extra)).toBe(
        'extra' in each ? hexOf(bytesOf('more')) : undefined,
      );
      expect(hexOf(read.checkpoint)).toBe(hexOf(each.checkpoint));
      expect(hexOf(formatTlogProof(read))).toBe(hexOf(bytes));
    }
  });

  it('verifies with nothing but the entry and the keys', () => {
    const proven = verify(proof);
    expect(proven.index).toBe(INDEX);
    expect(proven.checkpoint.size).toBe(SIZE);
    expect(proven.witnesses.satisfied).toBe(true);
    expect(verify(formatTlogProof({ ...parts, extra: bytesOf('more') })).index).toBe(INDEX);
  });

  it('refuses another entry, index or log', () => {
    expect(refusalOf(() => verify(proof, bytesOf('entry 78')))).toBe(
      `refused: tlog-proof: the entry is not entry 77 of ${ORIGIN}`,
    );
    expect(refusalOf(() => verify(formatTlogProof({ ...parts, index: 78 })))).toMatch(/^refused: /);
    expect(refusalOf(() => verify(formatTlogProof({ ...parts, index: 300 })))).toMatch(/^refused: /);
    const other = { ...LOG, origin: 'log.example/other' };
    expect(refusalOf(() => verifyTlogProof(proof, ENTRY, other, POLICY))).toMatch(/^refused: checkpoint: /);
    const foreign = { ...LOG, keys: [noteSigner('eve.example').verifier] };
    expect(refusalOf(() => verifyTlogProof(proof, ENTRY, foreign, POLICY))).toMatch(/signed by 0 of 1/);
  });

  it('refuses any changed bit, where the witness is asked for', () => {
    for (let at = 0; at < proof.length; at++) {
      const refusal = refusalOf(() => verify(flipped(proof, at, at % 8)));
      expect(refusal, `${at}`).toMatch(/^(refused|malformed|incomplete): /);
    }
  });

  it('is incomplete, not refuted, when only witnesses are missing', () => {
    const { note } = openCheckpoint(parts.checkpoint, LOG);
    const unwitnessed = formatNote({ ...note, signatures: note.signatures.slice(0, 1) });
    const bytes = formatTlogProof({ ...parts, checkpoint: unwitnessed });
    expect(refusalOf(() => verify(bytes))).toBe(
      'incomplete: tlog-proof: cosigned by 0 witnesses of 1 asked for',
    );
    expect(verify(bytes, ENTRY, NO_WITNESSES).index).toBe(INDEX);
  });

  it.each([
    ['another first line', (whole: string) => whole.replace('@v1', '@v2')],
    ['no first line', (whole: string) => whole.slice(whole.indexOf('\n') + 1)],
    ['no index', (whole: string) => whole.replace('index 77\n', '')],
    ['an index with a leading zero', (whole: string) => whole.replace('index 77', 'index 077')],
    ['a negative index', (whole: string) => whole.replace('index 77', 'index -77')],
    ['an index twice', (whole: string) => whole.replace('index 77', 'index 77\nindex 77')],
    ['a space after the index', (whole: string) => whole.replace('index 77', 'index 77 ')],
    ['empty extra data', (whole: string) => whole.replace('index', 'extra \nindex')],
    ['extra data that is not base64', (whole: string) => whole.replace('index', 'extra ?\nindex')],
    ['extra data after the index', (whole: string) => whole.replace('77\n', '77\nextra AAAA\n')],
    ['a hash too short', (whole: string) => whole.replace('77\n', '77\nAAAA\n')],
    ['64 hashes', (whole: string) => whole.replace('77\n', `77\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['carriage returns', (whole: string) => whole.replaceAll('\n', '\r\n')],
    ['no empty line', (whole: string) => whole.replace('\n\n', '\n')],
    ['nothing', () => ''],
  ])('is none with %s', (_, change) => {
    expect(change(text)).not.toBe(text);
    expect(refusalOf(() => parseTlogProof(bytesOf(change(text))))).toMatch(/^malformed: tlog-proof: /);
  });

  it('is bounded', () => {
    expect(refusalOf(() => parseTlogProof(new Uint8Array(TLOG_PROOF_LIMIT + 1)))).toMatch(/^limit: /);
  });
});
