import { describe, expect, it } from 'vitest';
import { areEnough, authorisedKeys, deskKeys } from '../../src/trust/authorised-keys.ts';
import type { MastheadParts } from '../../src/trust/build-masthead.ts';
import { type ClaimedArticle, judgeArticle } from '../../src/trust/judge-article.ts';
import { readMastheads, type VerifiedMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { foreignVerify } from '../helpers/foreign-verifier.ts';
import { KEYS, mastheadBytes, mastheadParts, mastheads } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const [ANN, BEN, EVE] = [testSigner('Ann'), testSigner('Ben'), testSigner('Eve')];
const CHAIN = mastheads();

type DeskKey = { id: string; categories?: string[] };
const withDesk = (desk: DeskKey[], over: Partial<MastheadParts> = {}): Partial<MastheadParts> => ({
  keys: { ...mastheadParts().keys, desk },
  ...over,
});

/** An article in some categories, of a publication, with what only article.json has. */
function article({ publicationId: id }: VerifiedMastheads, slugs: string[], masthead = 1) {
  return {
    '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
    publication: { id, masthead, name: 'Paper' },
    categories: slugs.map((slug) => ({ slug, name: slug.toUpperCase() })),
    headline: 'First light',
  };
}

const signed = (chain: VerifiedMastheads, slugs: string[], ...signers: Signer[]) =>
  signDocument(article(chain, slugs), signers);

const results = (document: ClaimedArticle, chain: VerifiedMastheads) =>
  Object.fromEntries(judgeArticle(document, chain, NOW).map(({ name, result }) => [name, result]));

const GOOD = { publication: 'pass', signature: 'pass', 'key-authorised': 'pass' };
const UNAUTHORISED = { ...GOOD, 'key-authorised': 'fail' };

describe('an article signed by a desk key', () => {
  it('passes every check, and says by whom', () => {
    const checks = judgeArticle(signed(CHAIN, ['science'], KEYS.desk), CHAIN, NOW);
    expect(checks).toEqual([
      { name: 'publication', result: 'pass', detail: CHAIN.publicationId },
      { name: 'signature', result: 'pass', detail: KEYS.desk.did },
      { name: 'key-authorised', result: 'pass', detail: 'desk key for science' },
    ]);
  });

  it('is taken by a foreign verifier', async () => {
    const document = signed(CHAIN, ['science'], KEYS.desk);
    expect(await foreignVerify(document)).toBe(true);
    expect(await foreignVerify({ ...document, headline: 'First lights' })).toBe(false);
  });

  it('fails when a word, or a member that nobody knows, is another', () => {
    const document = signDocument({ ...article(CHAIN, ['science']), mood: 'calm' }, [KEYS.desk]);
    expect(results(document, CHAIN)).toEqual(GOOD);
    const refused = { ...GOOD, signature: 'fail', 'key-authorised': 'not-checked' };
    expect(results({ ...document, headline: 'Last light' } as ClaimedArticle, CHAIN)).toEqual(refused);
    expect(results({ ...document, mood: 'wild' } as ClaimedArticle, CHAIN)).toEqual(refused);
  });

  it('fails in the name of another publication, or of a masthead to come', () => {
    const other = mastheads({ origin: 'other.example.org' });
    expect(results(signed(other, ['science'], KEYS.desk), CHAIN)).toEqual({ ...GOOD, publication: 'fail' });
    const future = signDocument(article(CHAIN, ['science'], 2), [KEYS.desk]);
    expect(results(future, CHAIN)).toEqual({ ...GOOD, publication: 'fail' });
  });
});

describe('an article signed by another key', () => {
  it.each([
    ['a stranger', EVE],
    ['the edition key', KEYS.edition],
    ['the masthead key', KEYS.masthead],
  ])('fails: %s', (_who, signer) => {
    expect(results(signed(CHAIN, ['science'], signer), CHAIN)).toEqual({
      publication: 'pass',
      signature: 'not-checked',
      'key-authorised': 'fail',
    });
  });
});

describe('desk keys with limits', () => {
  const chain = mastheads(
    withDesk([{ id: KEYS.desk.did }, { id: BEN.did, categories: ['sports', 'science'] }]),
  );

  it('sign inside of them', () => {
    expect(results(signed(chain, ['sports'], BEN), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['science', 'sports'], BEN), chain)).toEqual(GOOD);
  });

  it('fail outside of them, in part and without any category', () => {
    expect(results(signed(chain, ['politics'], BEN), chain)).toEqual(UNAUTHORISED);
    expect(results(signed(chain, ['sports', 'politics'], BEN), chain)).toEqual(UNAUTHORISED);
    expect(results(signed(chain, [], BEN), chain)).toEqual(UNAUTHORISED);
    const [, , check] = judgeArticle(signed(chain, ['politics'], BEN), chain, NOW);
    expect(check?.detail).toContain(`${BEN.did} may not sign for politics`);
  });

  it('do not bind a key without limits', () => {
    expect(results(signed(chain, ['politics'], BEN, KEYS.desk), chain)).toEqual(GOOD);
  });

  it('are left out where no category is named', () => {
    expect(authorisedKeys(chain, 'desk')).toEqual(new Set([KEYS.desk.did]));
    expect(authorisedKeys(chain, 'desk', { categories: ['sports'] })).toEqual(
      new Set([KEYS.desk.did, BEN.did]),
    );
    expect(deskKeys(chain)).toEqual(new Set([KEYS.desk.did, BEN.did]));
  });
});

describe('the desk’s threshold', () => {
  const desk = [{ id: ANN.did }, { id: BEN.did, categories: ['sports'] }, { id: KEYS.desk.did }];
  const chain = mastheads(withDesk(desk, { thresholds: { desk: 2 } }));

  it('counts distinct keys that may sign for the categories', () => {
    expect(results(signed(chain, ['sports'], ANN, BEN), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['sports'], ANN), chain)).toEqual(UNAUTHORISED);
    expect(results(signed(chain, ['politics'], ANN, BEN), chain)).toEqual(UNAUTHORISED);
    expect(results(signed(chain, ['politics'], ANN, BEN, KEYS.desk), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['sports'], ANN, EVE), chain)).toEqual(UNAUTHORISED);
  });
});

describe('desk keys of earlier mastheads', () => {
  const first = mastheadBytes(withDesk([{ id: ANN.did }, { id: EVE.did }], { thresholds: { desk: 2 } }));
  const second = mastheadBytes(
    withDesk([{ id: BEN.did }, { id: ANN.did, categories: ['sports'] }], { version: 2 }),
  );
  const chain = readMastheads([first, second]);

  it('count until the log says otherwise, by the rules of one version', () => {
    expect(results(signed(chain, ['politics'], ANN, EVE), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['politics'], BEN), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['sports'], ANN), chain)).toEqual(GOOD);
    expect(results(signed(chain, ['politics'], ANN), chain)).toEqual(UNAUTHORISED);
    expect(results(signed(chain, ['sports'], EVE), chain)).toEqual(UNAUTHORISED);
    expect(areEnough(chain, 'desk', new Set([ANN.did, EVE.did]), { categories: ['politics'] })).toBe(true);
  });

  it('count no longer once revoked', () => {
    const revoked = [{ id: EVE.did, fromEntry: 3 }];
    const third = mastheadBytes(withDesk([{ id: BEN.did }], { version: 3, revoked }));
    const later = readMastheads([first, second, third]);
    expect(deskKeys(later)).toEqual(new Set([ANN.did, BEN.did]));
    expect(authorisedKeys(later, 'desk')).toEqual(new Set([ANN.did, BEN.did]));
    expect(areEnough(later, 'desk', new Set([ANN.did, EVE.did]), { categories: ['politics'] })).toBe(false);
    expect(results(signed(later, ['politics'], ANN, EVE), later)).toEqual(UNAUTHORISED);
    expect(results(signed(later, ['politics'], BEN), later)).toEqual(GOOD);
  });

  it('do not make an edition: there the newest masthead speaks', () => {
    const keys = { ...mastheadParts().keys, edition: [{ id: EVE.did }] };
    const rotated = readMastheads([mastheadBytes(), mastheadBytes({ version: 2, keys })]);
    expect(authorisedKeys(rotated, 'edition')).toEqual(new Set([EVE.did]));
    expect(areEnough(rotated, 'edition', new Set([KEYS.edition.did]))).toBe(false);
    expect(areEnough(rotated, 'edition', new Set([EVE.did]))).toBe(true);
  });
});
