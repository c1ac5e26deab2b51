import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { OvnError } from '../../src/errors.ts';
import { buildMasthead, type MastheadParts } from '../../src/trust/build-masthead.ts';
import { publicationId } from '../../src/trust/masthead.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { flipped } from '../helpers/flipped.ts';
import { KEYS, mastheadBytes, mastheadParts } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const [ANN, BEN, CAT, EVE] = [testSigner('Ann'), testSigner('Ben'), testSigner('Cat'), testSigner('Eve')];
const FIRST = mastheadBytes();

/** A masthead with these keys in the role that signs mastheads. */
function holding(
  version: number,
  holders: Signer[],
  threshold: number,
  over: Partial<MastheadParts> = {},
): Partial<MastheadParts> {
  const masthead = holders.map(({ did }) => ({ id: did }));
  return {
    version,
    keys: { ...mastheadParts().keys, masthead },
    thresholds: { masthead: threshold },
    ...over,
  };
}

describe('a chain of one', () => {
  it('gives the publication and its keys', () => {
    const chain = readMastheads([FIRST]);
    expect(chain.publicationId).toBe(publicationId(FIRST));
    expect(chain.versions).toEqual([chain.newest]);
    expect(chain.newest).toEqual({
      cid: publicationId(FIRST),
      masthead: expect.objectContaining({ version: 1 }),
    });
    expect(chain.origin).toBe(mastheadParts().origin);
  });

  it('is not refused for its age', () => {
    const old = mastheadBytes({ expires: new Date('1999-01-01T00:00:00Z') });
    expect(readMastheads([old]).newest.masthead.expires).toBe('1999-01-01T00:00:00Z');
  });

  it('takes a domain as origin, but not the origin of another’s log key', () => {
    expect(readMastheads([mastheadBytes({ origin: 'news.example.org/ovn' })]).origin).toBe(
      'news.example.org/ovn',
    );
    expect(() => readMastheads([mastheadBytes({ origin: 'ovn.log/0123456789abcdef' })])).toThrow(
      'first log key',
    );
    const keys = { ...mastheadParts().keys, log: [{ id: EVE.did }] };
    expect(() => readMastheads([mastheadBytes({ keys })])).toThrow('first log key');
  });

  it('refuses every flipped byte', () => {
    for (let at = 0; at < FIRST.length; at++) {
      expect(() => readMastheads([flipped(FIRST, at, at % 8)]), `byte ${at}`).toThrow(OvnError);
    }
  });

  it.each([
    ['nothing', [], 'there is no masthead'],
    ['version 2 alone', [mastheadBytes({ version: 2 })], 'version 2 stands in its place'],
    ['no signature', [canonicalBytes(buildMasthead(mastheadParts()))], 'there is no signature'],
    ['an edition key’s signature', [mastheadBytes({}, [KEYS.edition])], 'does not hold the role'],
    [
      'a stranger’s signature beside the right one',
      [mastheadBytes({}, [KEYS.masthead, EVE])],
      'does not hold the role',
    ],
    ['1 of 2 signatures', [mastheadBytes(holding(1, [ANN, BEN], 2), [ANN])], '1 of the 2 signatures'],
  ])('refuses %s', (_what, files, message) => {
    expect(() => readMastheads(files)).toThrow(message);
  });

  it('refuses one signature given twice for a threshold of two', () => {
    const masthead = buildMasthead(mastheadParts(holding(1, [ANN, BEN], 2)));
    const signed = signDocument(masthead, [ANN]);
    const twice = canonicalBytes({ ...signed, proof: [...signed.proof, ...signed.proof] });
    expect(() => readMastheads([twice])).toThrow('a key is there twice');
  });
});

describe('rotation', () => {
  const two = mastheadBytes(holding(2, [ANN, BEN, CAT], 2), [KEYS.masthead, ANN, BEN]);
  const three = mastheadBytes(holding(3, [EVE], 1), [BEN, CAT, EVE]);

  it('follows versions signed by the threshold before and the threshold now', () => {
    const chain = readMastheads([FIRST, two, three]);
    expect(chain.publicationId).toBe(publicationId(FIRST));
    expect(chain.versions.map(({ masthead }) => masthead.version)).toEqual([1, 2, 3]);
    expect(chain.newest.cid).toBe(publicationId(three));
  });

  it('counts a key that is in both', () => {
    const next = mastheadBytes(holding(2, [KEYS.masthead, ANN], 2), [KEYS.masthead, ANN]);
    expect(readMastheads([FIRST, next]).versions).toHaveLength(2);
  });

  it.each([
    ['a gap', [FIRST, three], 'masthead 2: version 3 stands in its place'],
    ['another order', [two, FIRST], 'masthead 1: version 2 stands in its place'],
    ['a version twice', [FIRST, FIRST], 'masthead 2: version 1 stands in its place'],
    ['only the new keys', [FIRST, mastheadBytes(holding(2, [EVE], 1), [EVE])], 'masthead 2: 0 of the 1'],
    [
      'only the old key',
      [FIRST, mastheadBytes(holding(2, [ANN, BEN], 2), [KEYS.masthead])],
      'masthead 2: 0 of the 2',
    ],
    [
      'too few of the new keys',
      [FIRST, mastheadBytes(holding(2, [ANN, BEN], 2), [KEYS.masthead, ANN])],
      'masthead 2: 1 of the 2 signatures',
    ],
    [
      'too few of the old keys',
      [FIRST, two, mastheadBytes(holding(3, [ANN, EVE], 2), [ANN, EVE])],
      'masthead 3: 1 of the 2 signatures',
    ],
    [
      'another origin',
      [FIRST, mastheadBytes({ version: 2, origin: 'news.example.org' })],
      'masthead 2: the origin changed from ovn.log/',
    ],
    [
      'another publication’s version 2',
      [mastheadBytes(holding(1, [EVE], 1), [EVE]), two],
      'does not hold the role',
    ],
  ])('refuses %s', (_what, files, message) => {
    expect(() => readMastheads(files)).toThrow(message);
  });

  it('refuses every flipped byte of a later version', () => {
    for (let at = 0; at < two.length; at++) {
      expect(() => readMastheads([FIRST, flipped(two, at, at % 8)]), `byte ${at}`).toThrow(OvnError);
    }
  });

  it('keeps the origin when the log key is another', () => {
    const keys = { ...mastheadParts().keys, log: [{ id: EVE.did }] };
    expect(readMastheads([FIRST, mastheadBytes({ version: 2, keys })]).versions).toHaveLength(2);
  });
});

describe('revocations', () => {
  const revoking = (version: number, revoked?: { id: string; fromEntry: number }[]) =>
    mastheadBytes({ version, ...(revoked === undefined ? {} : { revoked }) });
  const eve = { id: EVE.did, fromEntry: 7 };
  const ben = { id: BEN.did, fromEntry: 9 };

  it('may be added', () => {
    const chain = readMastheads([FIRST, revoking(2, [eve]), revoking(3, [ben, eve])]);
    expect(chain.newest.masthead.revoked).toEqual([ben, eve]);
  });

  it.each([
    ['taken back', undefined],
    ['exchanged', [ben]],
    ['moved', [{ ...eve, fromEntry: 8 }]],
  ])('may not be %s', (_what, revoked) => {
    expect(() => readMastheads([FIRST, revoking(2, [eve]), revoking(3, revoked)])).toThrow(
      `masthead 3: the revocation of ${EVE.did} is gone or changed`,
    );
  });
});
