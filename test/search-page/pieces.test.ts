import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderSearchPage, searchIntegrity } from '../../src/edition/pages/search-page.ts';
import { SEARCH_CSS } from '../../src/edition/search-css.ts';
import { SEARCH_JS } from '../../src/edition/search-js.generated.ts';
import { placeOf, type WordFile } from '../../src/search-page/index-files.ts';
import { markWords } from '../../src/search-page/mark-words.ts';
import { termsOf } from '../../src/search-page/question.ts';
import { rank } from '../../src/search-page/rank.ts';
import { PUBLICATION } from '../helpers/paper.ts';
import { PROJECT } from '../helpers/program.ts';

describe('what editions hold as search.html, search.css and search.js', () => {
  it('is what scripts/page-scripts.js makes of src/search-page, and small', async () => {
    const { generate } = (await import('../../scripts/page-scripts.js')) as {
      generate(page: string): Promise<string>;
    };
    const committed = readFileSync(join(PROJECT, 'src/edition/search-js.generated.ts'), 'utf8');
    expect(committed === (await generate('search')), 'node scripts/page-scripts.js makes it anew').toBe(true);
    expect(Buffer.byteLength(SEARCH_JS)).toBeLessThan(12 * 1024);
  });

  it('never makes HTML or code out of text, and asks for nothing but its own files', () => {
    expect(SEARCH_JS).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|import\(|https?:/,
    );
    expect(SEARCH_CSS).not.toMatch(/url\(|@import/);
    const html = renderSearchPage(PUBLICATION);
    expect(html.match(/<script[^>]*>/g)).toEqual([
      `<script src="search.js" integrity="${searchIntegrity()}" defer>`,
    ]);
    expect(html).toContain("script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'\"");
  });
});

describe('a question', () => {
  it('finds whole words, and what begins with long ones or the last', () => {
    const asked = termsOf('The eu glaciers of 水');
    expect(asked).toEqual([
      { term: 'the', isBeginning: false },
      { term: 'eu', isBeginning: false },
      { term: 'glacier', isBeginning: true },
      { term: 'of', isBeginning: false },
      { term: '水', isBeginning: true },
    ]);
    expect(termsOf('har')).toEqual([{ term: 'har', isBeginning: true }]);
    expect(termsOf(' … ')).toEqual([]);
    const words = (question: string) => termsOf(question).map(({ term }) => term);
    expect(words('全球气候变化报告 水')).toEqual(['全球', '气候', '变化', '报告', '水']);
    expect(words('气候变')).toEqual(['气候', '候变']);
    expect(words('a1 the longest words of nine are kept before others')).toEqual([
      'longest',
      'word',
      'nine',
      'kept',
      'before',
      'other',
    ]);
  });
});

/** A file in which number n is article n of July 2025. */
function fileOf(words: Record<string, number[]>): WordFile {
  return { words: new Map(Object.entries(words)), placeOf: (number) => placeOf(2025 * 12 + 6, number) };
}

function ranked(question: string, ...files: WordFile[]): number[] {
  return rank(termsOf(question), files, 100).map((place) => place - placeOf(2025 * 12 + 6, 0));
}

describe('the order of what is found', () => {
  it('is by weight, then the newest first, over all files', () => {
    const files = [fileOf({ harbour: [4, 11] }), fileOf({ harbour: [12, 21] })];
    expect(ranked('harbour', ...files)).toEqual([2, 5, 3, 1]);
  });

  it('prefers rare words, and articles that have more of the question', () => {
    const many = Array.from({ length: 40 }, (_, at) => at * 4 + 200);
    const file = fileOf({ ferry: [4, 8, ...many], comet: [8, 12] });
    expect(ranked('ferry comet', file)).toEqual([2]);
    expect(ranked('comet', file)).toEqual([3, 2]);
    expect(ranked('comet nothing', file)).toEqual([3, 2]);
  });

  it('puts what a word only begins behind the word itself', () => {
    expect(ranked('harbour', fileOf({ harbour: [4], harbourmaster: [8] }))).toEqual([1, 2]);
    expect(ranked('harbour', fileOf({ harbour: [4] }), fileOf({ harbour: [4] }))).toEqual([1]);
    expect(ranked('none', fileOf({ harbour: [4] }))).toEqual([]);
  });
});

describe('the words of a question in what is found', () => {
  it.each([
    ['Glaciers', 'The glacier, GLACIERS and glacial', 'The [glacier], [GLACIERS] and glacial'],
    ['zurich', 'In Zürich', 'In [Zürich]'],
    ['مدينة', 'والمَدِينَةُ قديمة', '[والمَدِينَةُ] قديمة'],
    ['气候', '全球气候变化', '全球[气候]变化'],
    ['har', '<b>harbour</b>', '<b>[harbour]</b>'],
    ['harbour', '', ''],
  ])('"%s" are marked in "%s"', (question, text, marked) => {
    const pieces = markWords(text, termsOf(question));
    expect(pieces.map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text)).join('')).toBe(
      marked.normalize('NFC'),
    );
  });
});
