import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { OvnError } from '../../src/errors.ts';
import { buildManifest, signManifest } from '../../src/manifest/build-manifest.ts';
import { MANIFEST_LIMIT } from '../../src/manifest/parse-manifest.ts';
import { judgeManifest, readManifest } from '../../src/manifest/read-manifest.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { flipped } from '../helpers/flipped.ts';
import { fileCid, manifestParts } from '../helpers/manifest-parts.ts';
import { KEYS, mastheadBytes, mastheadParts, mastheads } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const NOW = new Date('2026-01-15T00:00:00Z');
const LATER = new Date('2027-01-15T00:00:00Z');
const CHAIN = mastheads();
const MANIFEST = buildManifest(manifestParts(CHAIN));
const BYTES = signManifest(MANIFEST, [KEYS.edition]);
const EVE = testSigner('Eve');

/** Signed by the edition key, whatever it says. */
const signedWith = (change: object) =>
  canonicalBytes(signDocument({ ...MANIFEST, ...change }, [KEYS.edition]));
const failed = (bytes: Uint8Array, chain = CHAIN) =>
  judgeManifest(bytes, chain, NOW)
    .checks.filter(({ result }) => result === 'fail')
    .map(({ name }) => name);

describe('reading a manifest', () => {
  it('gives it with its CID', () => {
    const { manifest, cid, current } = readManifest(BYTES, CHAIN, NOW);
    expect(manifest).toMatchObject(MANIFEST);
    expect(cid).toBe(rawCid(BYTES).toString());
    expect(current).toBe(true);
  });

  it('reports one check a rule', () => {
    const { checks, verified } = judgeManifest(BYTES, CHAIN, NOW);
    expect(verified?.manifest.sequence).toBe(1);
    expect(checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'canonical pass',
      'format pass',
      'publication pass',
      'masthead-version pass',
      'signature pass',
      'key-authorised pass',
      'sequence pass',
      'period pass',
      'entries pass',
      'log pass',
    ]);
    expect(checks.every(({ detail }) => detail.length > 0)).toBe(true);
  });

  it('loses only "current" by age', () => {
    expect(readManifest(BYTES, CHAIN, LATER).current).toBe(false);
    expect(readManifest(BYTES, CHAIN, new Date('2026-01-31T00:00:00Z')).current).toBe(false);
    expect(readManifest(BYTES, CHAIN, new Date('2026-01-30T23:59:59Z')).current).toBe(true);
  });

  it('keeps unknown members, and has them signed', () => {
    const future = { weather: { today: 'fair' }, log: { ...MANIFEST.log, witnesses: ['x'] } };
    expect(readManifest(signedWith(future), CHAIN, NOW).manifest).toMatchObject(future);
  });

  it('refuses every flipped byte', () => {
    for (let at = 0; at < BYTES.length; at++) {
      expect(() => readManifest(flipped(BYTES, at, at % 8), CHAIN, NOW), `byte ${at}`).toThrow(OvnError);
    }
  });
});

describe('the rules', () => {
  const text = new TextDecoder().decode(BYTES);
  const entry = (name: string) => ({ name, cid: fileCid(name) });
  it.each([
    ['white space', new TextEncoder().encode(`${text}\n`), ['canonical']],
    ['a member twice', new TextEncoder().encode(`{"sequence":1,${text.slice(1)}`), ['canonical']],
    ['nesting without end', new Uint8Array(100_000).fill(0x5b), ['canonical']],
    ['more than a block', new Uint8Array(MANIFEST_LIMIT + 1).fill(0x20), ['canonical']],
    ['an unknown format', signedWith({ format: 'ovn-manifest/2' }), ['format']],
    ['a document of another kind', signedWith({ categories: [] }), ['format']],
    ['a sequence of 1.5 or none', signedWith({ sequence: -1 }), ['format']],
    [
      'another publication',
      signedWith({ publication: { ...MANIFEST.publication, id: fileCid('x') } }),
      ['publication'],
    ],
    [
      'a masthead to come',
      signedWith({ masthead: { ...MANIFEST.masthead, version: 2 } }),
      ['masthead-version'],
    ],
    ['another masthead 1', signedWith({ masthead: { version: 1, cid: fileCid('x') } }), ['masthead-version']],
    ['no signature', canonicalBytes(MANIFEST), ['signature']],
    ['a stranger’s signature', signManifest(MANIFEST, [EVE]), ['key-authorised']],
    ['the desk key’s signature', signManifest(MANIFEST, [KEYS.desk]), ['key-authorised']],
    ['a first one with a previous', signedWith({ previous: fileCid('x') }), ['sequence']],
    ['a later one without', signedWith({ sequence: 7 }), ['sequence']],
    ['an expiry before its issue', signedWith({ expires: '2025-12-31T23:59:59Z' }), ['period']],
    ['entries without order', signedWith({ entries: [entry('b'), entry('a')] }), ['entries']],
    ['an entry twice', signedWith({ entries: [entry('a'), entry('a')] }), ['entries']],
    ['a name that leads out', signedWith({ entries: [entry('..')] }), ['entries']],
    ['itself among the entries', signedWith({ entries: [entry('manifest.json')] }), ['entries']],
    ['another log', signedWith({ log: { ...MANIFEST.log, origin: 'ovn.log/other' } }), ['log']],
    [
      'an empty log with a root',
      signedWith({ log: { ...MANIFEST.log, root: `${'A'.repeat(43)}=` } }),
      ['log'],
    ],
    ['a log with the root of nothing', signedWith({ log: { ...MANIFEST.log, size: 1 } }), ['log']],
    ['two at once', signedWith({ sequence: 7, log: { ...MANIFEST.log, size: 1 } }), ['sequence', 'log']],
  ])('refuse %s', (_what, bytes, names) => {
    expect(failed(bytes)).toEqual(names);
    expect(judgeManifest(bytes, CHAIN, NOW).verified).toBeUndefined();
    expect(() => readManifest(bytes, CHAIN, NOW)).toThrow(
      expect.objectContaining({
        code: 'refused',
        message: expect.stringContaining(`manifest: ${names[0]}: `),
      }),
    );
  });

  it('name what could not be judged', () => {
    const { checks } = judgeManifest(new Uint8Array(), CHAIN, NOW);
    expect(checks.map(({ result }) => result)).toEqual(['fail', ...Array(9).fill('not-checked')]);
  });
});

describe('edition keys', () => {
  const edition = [KEYS.edition, EVE].map(({ did }) => ({ id: did }));
  const chain = mastheads({ keys: { ...mastheadParts().keys, edition }, thresholds: { edition: 2 } });
  const manifest = buildManifest(manifestParts(chain));

  it('must be as many as the masthead demands', () => {
    expect(failed(signManifest(manifest, [KEYS.edition, EVE]), chain)).toEqual([]);
    expect(failed(signManifest(manifest, [KEYS.edition]), chain)).toEqual(['key-authorised']);
    expect(failed(signManifest(manifest, [KEYS.edition, KEYS.desk]), chain)).toEqual(['key-authorised']);
  });

  it('are those of the newest masthead', () => {
    const keys = { ...mastheadParts().keys, edition: [{ id: EVE.did }] };
    const rotated = readMastheads([mastheadBytes(), mastheadBytes({ version: 2, keys })]);
    expect(failed(BYTES, rotated)).toEqual(['key-authorised']);
    expect(failed(signManifest(MANIFEST, [EVE]), rotated)).toEqual([]);
    expect(failed(signManifest(buildManifest(manifestParts(rotated)), [EVE]), rotated)).toEqual([]);
  });
});
