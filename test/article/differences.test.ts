import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArticles, type Passage, type Piece } from '../../src/article/differences.ts';
import { document } from './support.ts';

function compareBodies(before: string, after: string): Passage[] {
  return compareArticles(document({ articleBody: before }), document({ articleBody: after })).body;
}

function compareHeadlines(before: string, after: string): Piece[] {
  return compareArticles(document({ headline: before }), document({ headline: after })).headline;
}

/** What a comparison says one of the texts is. */
function side(pieces: readonly Piece[], without: Piece['kind']): string {
  return pieces
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');
}

function lines(passages: readonly Passage[], without: Piece['kind']): string[] {
  return passages.flatMap((passage) => {
    if (passage.kind === 'same') return passage.lines;
    const text = side(passage.pieces, without);
    return text === '' && passage.pieces.every(({ kind }) => kind === without) ? [] : text.split('\n');
  });
}

function linesOf(text: string): string[] {
  const found = text.split('\n');
  if (found.at(-1) === '') found.pop();
  return found;
}

const words = fc
  .array(fc.constantFrom('one', 'two', ' ', '  ', '\n', '.', ',', '港', '口', 'é', '\t', '😀'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

describe('comparing two revisions', () => {
  it('gives both texts back, whatever they are', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const pieces = compareHeadlines(before, after);
        expect([side(pieces, 'added'), side(pieces, 'removed')]).toEqual([before, after]);
        expect(pieces.every(({ text }) => text !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the lines of both bodies back', () => {
    const line = words.map((text) => `${text.replaceAll('\n', '')}x`);
    const body = fc.array(line, { maxLength: 12 }).map((all) => all.map((each) => `${each}\n`).join(''));
    fc.assert(
      fc.property(body, body, (before, after) => {
        const passages = compareBodies(before, after);
        expect(lines(passages, 'added')).toEqual(linesOf(before));
        expect(lines(passages, 'removed')).toEqual(linesOf(after));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the words that changed, and takes neighbours as one change', () => {
    expect(compareHeadlines('It took four long years.', 'It took five short years.')).toEqual([
      { kind: 'same', text: 'It took ' },
      { kind: 'removed', text: 'four long' },
      { kind: 'added', text: 'five short' },
      { kind: 'same', text: ' years.' },
    ]);
    expect(compareHeadlines('灯台の光', '灯台の影')).toEqual([
      { kind: 'same', text: '灯台の' },
      { kind: 'removed', text: '光' },
      { kind: 'added', text: '影' },
    ]);
    expect(compareBodies('a\nb\nc\n', 'a\nB\nc\n')).toEqual([
      { kind: 'same', lines: ['a'] },
      {
        kind: 'changed',
        pieces: [
          { kind: 'removed', text: 'b' },
          { kind: 'added', text: 'B' },
        ],
      },
      { kind: 'same', lines: ['c'] },
    ]);
  });

  it('names the corrections that came with the later one', () => {
    const entry = (text: string) =>
      ({ '@type': 'CorrectionComment', kind: 'correction', datePublished: '2025-07-09', text }) as const;
    const before = document({ correction: [entry('a'), entry('b')] });
    const after = document({ correction: [entry('b'), entry('c'), entry('a'), entry('a')] });
    expect(compareArticles(before, after).reasons).toEqual([entry('c'), entry('a')]);
  });

  it('takes little time for texts that have nothing in common', () => {
    const text = (word: string) => `${`${word} `.repeat(20)}\n`.repeat(5000);
    const mixed = (seed: number) =>
      Array.from({ length: 3000 }, (_, at) => `${(at * seed) % 97} `.repeat(30)).join('\nsame\n');
    const started = performance.now();
    for (const [before, after] of [
      [text('a'), text('b')],
      [mixed(7), mixed(13)],
    ] as const) {
      const passages = compareBodies(before, after);
      expect(lines(passages, 'removed')).toEqual(linesOf(after));
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
