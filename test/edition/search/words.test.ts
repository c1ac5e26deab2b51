import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArticleDocument } from '../../../src/article/document.ts';
import { articleTerms, MOST_BODY, readTerms } from '../../../src/edition/search/article-terms.ts';
import { keyOf, parentOf, shardOf } from '../../../src/edition/search/shards.ts';
import { eachTerm } from '../../../src/edition/search/words.ts';

function termsOf(text: string): string {
  const terms: string[] = [];
  eachTerm(text, (term) => terms.push(term));
  return terms.join(' ');
}

function termsOfArticle(parts: Partial<ArticleDocument>): string {
  const document = { status: 'published', headline: 'x', categories: [], articleBody: '', ...parts };
  return articleTerms(document as unknown as ArticleDocument);
}

describe('the terms of a text', () => {
  it.each([
    ['Zürich’s Straße, İstanbul & Łódź: l’été', 'zurich strasse istanbul lodz ete'],
    ['glaciers Paris status glass news', 'glacier paris status glass news'],
    ['الحكومة، والمدينة في مَدِينَةِ ١٢٣ إلى', 'حكومه مدينه في مدينه 123 الي'],
    ['气候变化 COVID疫苗2024 水', '气候 候变 变化 covid 疫苗 2024 水'],
    ['ग्लेशियर पिघलने।हिमालय २०२५', 'ग्लेशियर पिघलने हिमालय 2025'],
    ['Москва объявила: Ёлки и Йод', 'москва объявила елки иод'],
    ['서울에서 열린 회의', '서울에서 열린 회의'],
    ['カメラと氷河', 'カメ メラ ラと と氷 氷河'],
    ['กรุงเทพ', 'กร รุ ุง งเ เท ทพ'],
    ['שָׁלוֹם עוֹלָם', 'שלום עולם'],
    ['😀 𠮷野家 ABC', '𠮷野 野家 abc'],
    ['Ａｂｃ ﬁne', 'abc fine'],
    ['', ''],
  ])('of "%s"', (text, terms) => expect(termsOf(text)).toBe(terms));

  it('are the same in capitals, and however their marks are written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aeéÉñ ßأ气ぱй्क-9') }), (text) => {
        const same = [text.normalize('NFC'), text.normalize('NFD'), text.toLowerCase()].map(termsOf);
        expect(new Set([...same, termsOf(text)]).size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('come from any text, and are never long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        eachTerm(text, (term) => {
          expect(term).not.toMatch(/\s/);
          expect(term.length).toBeLessThanOrEqual(24);
        });
      }),
    );
  });
});

describe('the terms of an article', () => {
  it('have a weight by where they stand, and none is common', () => {
    const terms = termsOfArticle({
      headline: 'The harbour reopens',
      description: 'After repairs of the harbour.',
      categories: [{ slug: 'world', name: 'World' }],
      author: [{ '@type': 'Person', name: 'Ada Lovelace' }],
      articleBody:
        'Ferry, ferry and ferry. See [the ferry](https://ferry.example/timetable) or <https://else.example>.',
    });
    expect(terms.split('\n')).toEqual(['harbour reopen', 'world ada lovelace repair', 'ferry', 'see']);
  });

  it('are the best of its body: what is said often, early, and as a name', () => {
    const filler = (name: string) => Array.from({ length: 70 }, (_, at) => `${name}${at}x`).join('. ');
    const body = `${filler('first')}. turbine. ${filler('second')}. Turbine. Turbine. He met Vandermeer there.`;
    const [head, , strong, weak = ''] = termsOfArticle({ articleBody: body }).split('\n');
    expect([head, strong]).toEqual(['', '']);
    expect(weak.split(' ').length).toBe(MOST_BODY);
    expect(weak).toMatch(/^turbine first0x first1x/);
    expect(termsOfArticle({ articleBody: `${'and so. '.repeat(60)}the pier. He met Vandermeer.` })).toContain(
      'vandermeer pier',
    );
  });

  it('are whole characters where a long text is cut', () => {
    const terms = termsOfArticle({ articleBody: `${' '.repeat(65_533)}gl\u{10400}` });
    expect(terms.trim()).toBe('gl');
  });

  it('are none where it is retracted', () => {
    expect(termsOfArticle({ headline: 'Harbour', status: 'retracted' })).toBe('');
  });

  it('are read as they are written', () => {
    const read: string[] = [];
    readTerms('a b\n\nc', (term, weight) => read.push(`${term}${weight}`));
    expect(read).toEqual(['a3', 'b3', 'c1']);
  });
});

describe('a shard', () => {
  it('has all terms that begin like a word of a question', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('gla', '水', '서울', 'カメ'),
        fc.string(),
        fc.nat(300),
        (start, rest, count) => {
          expect(shardOf(start + rest, count + 1)).toBe(shardOf(start, count + 1));
          expect(shardOf(start, count + 1)).toBeLessThan(count + 1);
        },
      ),
    );
    expect(keyOf('水害')).toBe('水');
  });

  it('that is added takes terms from one other', () => {
    for (let count = 1; count < 40; count++) {
      for (let at = 0; at < 500; at++) {
        const [before, after] = [shardOf(`t${at}`, count), shardOf(`t${at}`, count + 1)];
        if (before !== after) expect([before, after]).toEqual([parentOf(count), count]);
      }
    }
  });
});
