import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordCount } from '../../src/article/words.ts';

describe('wordCount', () => {
  it('counts runs between white space', () => {
    expect(wordCount('')).toBe(0);
    expect(wordCount(' \n\t')).toBe(0);
    expect(wordCount('# One *two*\n\n- three\u00a0four\u3000five')).toBe(7);
  });

  it('agrees with \\s for any text', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom(' ', '\u2028', '\u200a', '\ufeff', 'a'),
    );
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join('');
        expect(wordCount(text)).toBe(text.match(/\S+/g)?.length ?? 0);
      }),
    );
  });
});
