import { describe, expect, it } from 'vitest';
import { fill, wordsAttributes, wordsFor } from '../../src/article/interface-words.ts';
import { direction, isLanguage, isWordless, writeDate, writePeriod } from '../../src/article/languages.ts';

describe('writeDate', () => {
  it.each([
    ['en', 'July 7, 2025'],
    ['en-GB', 'July 7, 2025'],
    ['de', '7. Juli 2025'],
    ['fr-CA', '7 juillet 2025'],
    ['es', '7 de julio de 2025'],
    ['ar', '7 يوليو 2025'],
    ['zh-Hant-TW', '2025年7月7日'],
    ['fi', '2025-07-07'],
    ['constructor', '2025-07-07'],
  ])('in %s: %s', (language, written) => {
    expect(writeDate('2025-07-07', language)).toBe(written);
    expect(writeDate('2025-07-07T23:59:00-11:00', language)).toBe(written);
  });

  it('knows the first of a French month, and every month', () => {
    expect(writeDate('2025-08-01', 'fr')).toBe('1er août 2025');
    for (const language of ['en', 'de', 'fr', 'es', 'ar', 'zh']) {
      const months = Array.from({ length: 12 }, (_, i) =>
        writeDate(`2025-${String(i + 1).padStart(2, '0')}-03`, language),
      );
      expect(new Set(months)).toHaveLength(12);
    }
  });
});

describe('writePeriod', () => {
  it.each([
    ['2025', 'en', '2025'],
    ['2025/07', 'en', 'July 2025'],
    ['2025/07/07', 'en', 'July 7, 2025'],
    ['2025/07', 'es', 'julio de 2025'],
    ['2025/07', 'zh', '2025年7月'],
    ['2025/07', 'fi', '2025-07'],
  ])('%s in %s: %s', (period, language, written) => {
    expect(writePeriod(period, language)).toBe(written);
  });
});

describe('languages', () => {
  it('know their direction, by the script where there is one', () => {
    for (const language of ['ar', 'ar-EG', 'he', 'FA', 'ur', 'yi', 'az-Arab', 'ckb'])
      expect(direction(language)).toBe('rtl');
    for (const language of ['en', 'zh', 'az', 'ar-Latn', 'xx', 'constructor'])
      expect(direction(language)).toBe('ltr');
  });

  it('know whether they put spaces between words', () => {
    for (const language of ['zh', 'zh-Hans', 'ja-JP', 'th', 'km', 'lo', 'my'])
      expect(isWordless(language)).toBe(true);
    for (const language of ['en', 'ko', 'vi', 'ar']) expect(isWordless(language)).toBe(false);
  });

  it('have the shape of BCP 47', () => {
    for (const language of ['en', 'pt-BR', 'zh-Hans-CN', 'sl-rozaj-biske-1994', 'x-klingon'.slice(2)])
      expect(isLanguage(language)).toBe(true);
    for (const language of ['', 'e', 'en_US', 'en-', 'en us', '"><script>', 'en-abcdefghij'])
      expect(isLanguage(language)).toBe(false);
  });
});

describe('interface words', () => {
  it('are the language’s, else English and marked as such', () => {
    expect(wordsFor('de-AT').corrections).toBe('Korrekturen');
    expect(wordsAttributes(wordsFor('de-AT'), 'de-AT')).toBe('');
    expect(wordsFor('fi').corrections).toBe('Corrections');
    expect(wordsAttributes(wordsFor('fa'), 'fa')).toBe(' lang="en" dir="ltr"');
  });

  it('have the same places in every language', () => {
    const places = (language: string) =>
      Object.entries(wordsFor(language)).map(([name, words]) => [
        name,
        JSON.stringify(words).match(/\{\w+\}/g),
      ]);
    for (const language of ['de', 'fr', 'es', 'ar', 'zh']) {
      expect(wordsFor(language).language).toBe(language);
      expect(Object.fromEntries(places(language))).toEqual(Object.fromEntries(places('en')));
    }
  });

  it('are filled once, and never by what a value holds', () => {
    expect(fill('{a} {b} {c}', { a: '{b}', b: '$&' })).toBe('{b} $& {c}');
    expect(fill('{constructor}', Object.create(null))).toBe('{constructor}');
  });
});
