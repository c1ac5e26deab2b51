import { describe, expect, it } from 'vitest';
import { parseCanonical } from '../../src/bundle/canonical-json.ts';
import { EMPTY_TREE_ROOT } from '../../src/log/empty-tree.ts';
import { buildManifest, signManifest } from '../../src/manifest/build-manifest.ts';
import { foreignVerify } from '../helpers/foreign-verifier.ts';
import { directoryCid, fileCid, manifestParts } from '../helpers/manifest-parts.ts';
import { KEYS, mastheads, ORIGIN } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const CHAIN = mastheads();
const PARTS = manifestParts(CHAIN);

describe('a manifest', () => {
  it('is the document of the design', () => {
    expect(buildManifest(PARTS)).toEqual({
      '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
      format: 'ovn-manifest/1',
      publication: { id: CHAIN.publicationId, name: 'Paper', tagline: 'Yours.', language: 'en' },
      masthead: { version: 1, cid: CHAIN.publicationId },
      sequence: 1,
      issued: '2026-01-01T00:00:00Z',
      expires: '2026-01-31T00:00:00Z',
      articles: PARTS.articles,
      categories: PARTS.categories,
      entries: ['articles', 'categories', 'index.html'].map((name) => ({
        name,
        cid: name.endsWith('html') ? fileCid(name) : directoryCid(name),
      })),
      log: { origin: ORIGIN, size: 0, root: EMPTY_TREE_ROOT },
    });
  });

  it('takes a previous one, mirrors and an address', () => {
    const over = {
      sequence: 2,
      previous: fileCid('manifest 1'),
      mirrors: ['https://mirror.example/paper', '/dns4/mirror.example/tcp/443/https'],
      publication: { ...PARTS.publication, url: 'https://paper.example' },
    };
    expect(buildManifest({ ...PARTS, ...over })).toMatchObject(over);
  });

  it.each([
    ['another order of the entries', { entries: PARTS.entries.toReversed() }],
    [
      'another order of the categories',
      { categories: Object.fromEntries(Object.entries(PARTS.categories).reverse()) },
    ],
  ])('has the same bytes after %s', (_what, over) => {
    const bytes = signManifest(buildManifest(PARTS), [KEYS.edition]);
    expect(signManifest(buildManifest({ ...PARTS, ...over }), [KEYS.edition])).toEqual(bytes);
  });

  it.each([
    ['sequence 0', { sequence: 0 }, 'sequence'],
    ['a sequence that is not safe', { sequence: 2 ** 53 }, 'sequence'],
    ['a first one with a previous', { previous: fileCid('x') }, 'names a previous one'],
    ['a second one without', { sequence: 2 }, 'names no previous one'],
    ['a previous one that is no block', { sequence: 2, previous: directoryCid('x') }, 'previous'],
    ['an expiry at its issue', { expires: PARTS.issued }, 'not after it was issued'],
    ['an entry twice', { entries: [...PARTS.entries, ...PARTS.entries] }, 'there twice'],
    ['an entry for itself', { entries: [{ name: 'manifest.json', cid: fileCid('x') }] }, 'manifest.json'],
    ['an entry for the log', { entries: [{ name: 'log', cid: directoryCid('x') }] }, 'log'],
    ['a way out', { entries: [{ name: '..', cid: directoryCid('x') }] }, 'no safe name'],
    ['a path', { entries: [{ name: 'a/b', cid: directoryCid('x') }] }, 'no safe name'],
    ['a backslash', { entries: [{ name: 'a\\b', cid: directoryCid('x') }] }, 'no safe name'],
    ['an empty name', { entries: [{ name: '', cid: directoryCid('x') }] }, 'no safe name'],
    ['an endless name', { entries: [{ name: 'x'.repeat(256), cid: directoryCid('x') }] }, 'no safe name'],
    [
      'a CID of version 0',
      { articles: { cid: 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', count: 0 } },
      'articles.cid',
    ],
    ['a CID in upper case', { articles: { cid: directoryCid('x').toUpperCase(), count: 0 } }, 'articles.cid'],
    [
      'a CID with bits left over',
      { articles: { cid: withTrailingBit(directoryCid('x')), count: 0 } },
      'articles.cid',
    ],
    [
      'a number of articles below none',
      { articles: { cid: directoryCid('x'), count: -1 } },
      'articles.count',
    ],
    ['a slug that is none', { categories: { Science: PARTS.categories.science } }, 'categories'],
    ['a category that is none', { categories: { constructor: 1 } }, 'categories'],
    ['categories in a list', { categories: [] }, 'categories'],
    ['a mirror that is no address', { mirrors: ['mirror.example'] }, 'mirrors.0'],
    ['a root that is no hash', { log: { ...PARTS.log, root: 'x' } }, 'log.root'],
  ])('refuses %s', (_what, over, message) => {
    expect(() => buildManifest({ ...PARTS, ...over } as typeof PARTS)).toThrow(message);
  });
});

describe('a foreign verifier', () => {
  it('takes a signed manifest, and refuses it with one byte changed', async () => {
    const bytes = signManifest(buildManifest(PARTS), [KEYS.edition, testSigner('second edition key')]);
    const document = parseCanonical(bytes, { limit: 100_000, maxDepth: 9 }) as object;
    expect(await foreignVerify(document)).toBe(true);
    expect(await foreignVerify({ ...document, sequence: 2 })).toBe(false);
    expect(await foreignVerify({ ...document, expires: '2026-01-31T00:00:01Z' })).toBe(false);
  });
});

/** Base32 of 36 bytes has two bits to spare at its end: the same bytes, spelled otherwise. */
function withTrailingBit(cid: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return cid.slice(0, -1) + alphabet[alphabet.indexOf(cid.slice(-1)) + 1];
}
