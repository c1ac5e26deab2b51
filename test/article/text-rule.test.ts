import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { textRule } from '../../src/article/text-rule.ts';

const OPTIONS = { html: false, linkify: false, typographer: false };
const pieces = fc.constantFrom(
  ...'\n!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ \t',
  ...[
    'a',
    'word',
    'é',
    '“',
    '\u{1f600}',
    '\u2028',
    '](',
    '](a.png "t")',
    '![',
    '&amp;',
    '<http://a.b>',
    '  \n',
    '\n\n',
    '| a | b |\n|--|--|\n',
  ],
);

describe('textRule', () => {
  it('makes of any text what markdown-it makes of it', () => {
    const plain = new MarkdownIt('default', OPTIONS);
    const quick = new MarkdownIt('default', OPTIONS);
    quick.inline.ruler.at('text', textRule);
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        expect(quick.parse(text, {})).toEqual(plain.parse(text, {}));
      }),
      { numRuns: 3000 },
    );
  });
});
