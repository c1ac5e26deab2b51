import { describe, expect, it } from 'vitest';
import { buildManifest, signManifest } from '../../src/manifest/build-manifest.ts';
import { judgeManifest } from '../../src/manifest/read-manifest.ts';
import { judgeArticle } from '../../src/trust/judge-article.ts';
import { authorityAt, authorityNamed, readKeyHistory } from '../../src/trust/key-history.ts';
import type { RoleKey, RoleName } from '../../src/trust/masthead.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { manifestParts } from '../helpers/manifest-parts.ts';
import { KEYS, mastheadBytes, mastheadParts } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const [ANN, BEN, CAT, EVE] = ['Ann', 'Ben', 'Cat', 'Eve'].map(testSigner) as [Signer, Signer, Signer, Signer];

const holding = (keys: Partial<Record<RoleName, RoleKey[]>>) => ({ ...mastheadParts().keys, ...keys });

/**
 * Masthead 1 (entry 0): Ann, and Ben for sports. Masthead 2 (entry 10): Ann retired, Cat instead, another edition key.
 * Masthead 3 (entry 20): Ben revoked from entry 15 on.
 */
const DESK_1 = [{ id: ANN.did }, { id: BEN.did, categories: ['sports'] }];
const DESK_2 = [{ id: BEN.did, categories: ['sports'] }, { id: CAT.did }];
const FILES = [
  mastheadBytes({ keys: holding({ desk: DESK_1 }) }),
  mastheadBytes({ version: 2, keys: holding({ desk: DESK_2, edition: [{ id: EVE.did }] }) }),
  mastheadBytes({
    version: 3,
    keys: holding({ desk: [{ id: CAT.did }], edition: [{ id: EVE.did }] }),
    revoked: [{ id: BEN.did, fromEntry: 15 }],
  }),
];
const CHAIN = readMastheads(FILES);
const logged = CHAIN.versions.map(({ cid }, at) => ({ index: at * 10, version: at + 1, cid }));
const HISTORY = readKeyHistory(CHAIN, logged);

function article(signer: Signer, slug: string, masthead = 1) {
  return signDocument(
    {
      publication: { id: CHAIN.publicationId, masthead },
      categories: [{ slug }],
      headline: 'First light',
    },
    [signer],
  );
}

/** What the last check says of an article whose entry has an index. */
function judged(document: ReturnType<typeof article>, index: number): string {
  const checks = judgeArticle(document, CHAIN, NOW, authorityAt(HISTORY, index));
  const failed = checks.find(({ result }) => result === 'fail');
  return failed === undefined ? 'pass' : `${failed.name}: ${failed.detail}`;
}

describe('an article by the place of its entry', () => {
  it('of a retired key counts before the masthead that removed it', () => {
    expect(judged(article(ANN, 'politics'), 1)).toBe('pass');
    expect(judged(article(ANN, 'politics'), 9)).toBe('pass');
    expect(judged(article(ANN, 'politics'), 10)).toBe('pass');
  });

  it('of a retired key counts no more after it, however it is dated', () => {
    const reason = `signed by ${ANN.did}, which masthead 2, logged before it, does not name as a desk key`;
    expect(judged(article(ANN, 'politics'), 11)).toBe(`key-authorised: ${reason}`);
    expect(judged(article(ANN, 'politics', 2), 30)).toContain('which masthead 3, logged before it');
  });

  it('of a revoked key counts before the entry that it is revoked from', () => {
    expect(judged(article(BEN, 'sports'), 14)).toBe('pass');
    for (const index of [15, 16, 20, 40]) {
      expect(judged(article(BEN, 'sports'), index)).toBe(
        `key-authorised: signed by ${BEN.did}, which is revoked: this is disowned`,
      );
    }
  });

  it('of a key outside of its categories counts nowhere', () => {
    expect(judged(article(BEN, 'politics'), 5)).toContain(`${BEN.did} may not sign for politics`);
  });

  it('counts with its key from the masthead on that names it, and not before', () => {
    expect(judged(article(CAT, 'politics', 1), 9)).toContain(`signed by ${CAT.did}, which masthead 1`);
    expect(judged(article(CAT, 'politics', 1), 11)).toBe('pass');
  });

  it('cannot name a masthead that the log has only behind it', () => {
    expect(judged(article(ANN, 'politics', 2), 9)).toBe(
      'publication: signed under masthead 2, which the log has only behind it',
    );
  });

  it('of a stranger is nothing', () => {
    expect(judged(article(KEYS.name, 'politics'), 5)).toBe(
      'key-authorised: no desk key of this publication signed it',
    );
  });

  it('is refused for a wrong signature of a key that counts no more', () => {
    const { proof, ...rest } = article(ANN, 'politics');
    expect(judged({ ...rest, headline: 'Last light', proof }, 30)).toContain('signature: the signature');
  });
});

describe('a manifest by the place of its entry', () => {
  const [first, second] = CHAIN.versions;
  const manifest = (version: typeof first, signer: Signer) =>
    signManifest(
      buildManifest(
        manifestParts(CHAIN, { masthead: { version: version!.masthead.version, cid: version!.cid } }),
      ),
      [signer],
    );
  const failure = (bytes: Uint8Array, index?: number) => {
    const at = index === undefined ? undefined : authorityAt(HISTORY, index);
    return judgeManifest(bytes, CHAIN, NOW, at).checks.find(({ result }) => result !== 'pass')?.name;
  };

  it('is judged by the newest masthead before it', () => {
    const old = manifest(first, KEYS.edition);
    expect(failure(old, 5)).toBeUndefined();
    expect(failure(old, 10)).toBeUndefined();
    expect(failure(old, 11)).toBe('signature');
    const later = manifest(second, EVE);
    expect(failure(later, 11)).toBeUndefined();
    expect(failure(later, 5)).toBe('masthead-version');
  });

  it('is judged by the newest masthead of all without an entry', () => {
    expect(failure(manifest(first, KEYS.edition))).toBe('signature');
    expect(failure(manifest(second, EVE))).toBeUndefined();
  });

  it('can be judged by the masthead that it names, where something else vouches for it', () => {
    const at = authorityNamed(CHAIN, 1);
    expect(judgeManifest(manifest(first, KEYS.edition), CHAIN, NOW, at).verified).toBeDefined();
    expect(judgeManifest(manifest(first, EVE), CHAIN, NOW, at).verified).toBeUndefined();
    expect(() => authorityNamed(CHAIN, 4)).toThrow('masthead 4 is not at hand');
  });
});

describe('a history of keys', () => {
  it('may end before the newest masthead, whose revocations count all the same', () => {
    const short = readKeyHistory(CHAIN, logged.slice(0, 2));
    expect(authorityAt(short, 40).masthead.version).toBe(2);
    expect(authorityAt(short, 40).revoked).toEqual(new Set([BEN.did]));
    expect(authorityAt(short, 14).revoked).toEqual(new Set());
  });

  it('has no authority before masthead 1', () => {
    expect(() => authorityAt(HISTORY, 0)).toThrow('no masthead is logged before entry 0');
  });

  it.each<[string, typeof logged, string]>([
    ['a gap', [logged[0]!, { ...logged[2]!, index: 20 }], 'logs masthead 3, not 2'],
    ['another masthead', [logged[0]!, { ...logged[1]!, cid: CHAIN.publicationId }], 'as masthead 2'],
    ['one more than there are', [...logged, { index: 30, version: 4, cid: 'x' }], 'not at hand'],
    ['masthead 1 late', logged.map((each) => ({ ...each, index: each.index + 1 })), 'stands at entry 1'],
    ['an index that goes back', [logged[0]!, { ...logged[1]!, index: 0 }], 'stands at entry 0'],
  ])('refuses %s', (_what, told, message) => {
    expect(() => readKeyHistory(CHAIN, told)).toThrow(message);
  });
});
