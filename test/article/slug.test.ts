import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categorySlug, nameOfFile, slugify } from '../../src/article/slug.ts';

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

describe('slugify', () => {
  it.each([
    ['First light', 'first-light'],
    ['Defence & Security', 'defence-security'],
    ['  --A__b..c!!  ', 'a-b-c'],
    ['Élan vital', 'elan-vital'],
    ['ﬁne № 5', 'fine-no-5'],
    ['İstanbul', 'istanbul'],
    ['constructor', 'constructor'],
    ['__proto__', 'proto'],
    ['1984', '1984'],
    ['Ａ１', 'a1'],
  ])('%s: %s', (text, slug) => {
    expect(slugify(text)).toEqual({ slug });
  });

  it('keeps at most 80 characters and no hyphen at the end', () => {
    expect(slugify('a'.repeat(100))).toEqual({ slug: 'a'.repeat(80) });
    expect(slugify(`${'a'.repeat(79)} b`)).toEqual({ slug: 'a'.repeat(79) });
  });

  it.each([
    ['Straße', 'strasse'],
    ['Ørsted', 'orsted'],
    ['Война и мир', 'voina-i-mir'],
    ['Ελλάδα', 'ellada'],
    ['it’s', 'it-s'],
  ])('refuses %s and proposes %s', (text, proposal) => {
    expect(slugify(text)).toMatchObject({ error: expect.stringContaining(text), proposal });
  });

  it.each(['灯台', '', '!!!', 'ش', '😀', 'й'])('proposes a slug from the hash for %j', (text) => {
    expect(slugify(text)).toMatchObject({ proposal: expect.stringMatching(/^a-[a-z2-7]{10}$/) });
  });

  it('gives a slug or a proposal that is one, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = slugify(text);
        const slug = result.error === undefined ? result.slug : result.proposal;
        expect(slug).toMatch(SLUG);
        expect(slug.length).toBeLessThanOrEqual(80);
        expect(slugify(slug)).toEqual({ slug });
      }),
    );
  });
});

describe('categorySlug', () => {
  it('is the slug, else the hash of the name', () => {
    expect(categorySlug('Defence & Security')).toBe('defence-security');
    expect(categorySlug('科学')).toBe('c-nkmcg6usho');
    expect(categorySlug('Straße')).toMatch(/^c-[a-z2-7]{10}$/);
    expect(categorySlug('가')).toBe(categorySlug('\u1100\u1161'));
  });
});

describe('nameOfFile', () => {
  it.each([
    ['articles/2025/first-light.md', 'first-light'],
    ['2025-07-07-first-light.md', 'first-light'],
    ['a/2025-07-07_First light.markdown', 'First light'],
    ['a/first-light/index.md', 'first-light'],
    ['a/2025-07-07-first-light/index.md', 'first-light'],
    ['a\\b\\c.md', 'c'],
    ['index.md', ''],
    ['2025-07-07.md', ''],
    ['.md', '.md'],
    ['v1.2-notes.md', 'v1.2-notes'],
  ])('%s: %s', (file, name) => {
    expect(nameOfFile(file)).toBe(name);
  });
});
