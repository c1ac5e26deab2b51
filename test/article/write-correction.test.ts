import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseSource } from '../../src/article/source-text.ts';
import { type NewCorrection, writeCorrection } from '../../src/article/write-correction.ts';
import { article } from './support.ts';

const ENTRY: NewCorrection = {
  kind: 'correction',
  date: '2025-07-09',
  text: 'It was: Tuesday, "they" said.',
  withhold: false,
};

const HEAD = 'title: First light\ndate: 2025-07-07\ncategories: [Science]\n';

/** One correction and no list: it is made one. */
const MAPPINGS = [
  'corrections: {date: 2025-07-08, text: one}\n',
  'corrections:\n  date: 2025-07-08\n  text: one\n',
  'corrections: # one\n\n      # about it\n      text: |+\n\n        one\n\n          more\n\n      # when\n      date: 2025-07-08\n\n# next\n',
  "corrections:\n  ? text\n  : 'one\n\n    two'\n  # when\n  date: 2025-07-08\n  # the end\n",
];
/** Ways in which corrections can stand in a front matter; `|` is where a comment or another field may follow. */
const CORRECTIONS = [
  ...MAPPINGS,
  '',
  'corrections:\n',
  'corrections: # none so far\n',
  'corrections: []\n',
  'corrections: [ ] # none\n',
  '"corrections":\n  - {date: 2025-07-08, text: one}\n',
  'corrections: [{date: 2025-07-08, text: "one ]"}] # ]\n',
  'corrections: [{date: 2025-07-08, text: one},]\n',
  'corrections: [\n  {date: 2025-07-08, text: one}, # first\n  {date: 2025-07-08, text: two}\n  ]\n',
  'corrections:\n- date: 2025-07-08\n  text: one\n',
  'corrections:\n    - date: 2025-07-08\n      text: one\n\n    # about the next\n    -   text: two\n        date: 2025-07-08\n',
  'corrections:\n  - date: 2025-07-08\n    text: |\n      one\n\n      # no comment\n\n\n',
  'corrections:\n  - date: 2025-07-08\n    text: >+\n      one\n\n\n',
  "corrections:\n  - date: 2025-07-08\n    text: 'one\n      ''more'' of it'\n# a comment\n",
  'corrections:\n  - date: 2025-07-08\n    text: one\n      and more\n  # a comment\n',
];
const AROUND = [
  '',
  '# a comment\n',
  '\n',
  'summary: |+\n  kept\n\n',
  'authors: [ \'A\', "B" ]   # two\n',
  'draft: no\n',
];
const BODIES = ['', 'Text.\n', '\n---\nmore\ncorrections:\n  - none\n', 'no end'];

/** What stands before and behind the one place where two texts differ. */
function addition(before: string, after: string): string | undefined {
  for (let at = 0; at <= before.length; at++) {
    const added = after.length - before.length;
    if (before.slice(0, at) + after.slice(at, at + added) + before.slice(at) === after)
      return after.slice(at, at + added);
  }
  return undefined;
}

const entries = fc.record({
  kind: fc.constantFrom('correction', 'clarification', 'update', 'retraction'),
  date: fc.constantFrom('2025-07-09', '2025-07-09T10:00:00Z', '2025-07-09T10:00:00.5+02:00'),
  text: fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.constantFrom('a: b', '# x', '- y', '[z', "it's", 'يوم "x"'),
  ),
  withhold: fc.constant(false),
});

describe('writing a correction into a source', () => {
  it('leaves every other byte as it is, and the article has the correction', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CORRECTIONS),
        fc.constantFrom(...AROUND),
        fc.constantFrom(...AROUND.filter((lines) => !lines.startsWith('summary'))),
        fc.constantFrom(...BODIES),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        entries,
        (corrections, before, after, body, lineEnd, marked, entry) => {
          fc.pre(!(before !== '' && before === after && before.includes(':')));
          const text = entry.text.replace(/\s+/g, ' ').trim();
          // biome-ignore lint/suspicious/noControlCharactersInRegex: no field may hold them
          fc.pre(text !== '' && !/[\0-\x1f\x7f-\x9f]/.test(text));
          const lines = `---\n${HEAD}${before}${corrections}${after}---\n${body}`;
          const source = (marked ? '\ufeff' : '') + lines.replaceAll('\n', lineEnd);
          const written = writeCorrection(source, { ...entry, text });
          if (written === undefined) throw new Error(`not written into ${JSON.stringify(source)}`);
          const read = (raw: string) => article(normaliseSource(Buffer.from(raw)));
          const was = read(source);
          const now = read(written.text);
          const { kind, date: datePublished } = entry;
          const added = { '@type': 'CorrectionComment', kind, datePublished, text } as const;
          expect(now.corrections).toEqual([...was.corrections, added]);
          const { corrections: _1, dateModified: _2, bodyLine: _3, retraction: _4, ...rest } = was;
          expect(now).toMatchObject(rest);
          expect(now.body).toBe(was.body);
          if (!MAPPINGS.includes(corrections)) {
            expect(addition(source, written.text)).toBeDefined();
          }
          expect(written.text.replaceAll(lineEnd, '').match(/[\r\n]/)).toBeNull();
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is written the way that people write it', () => {
    const source = `---\n${HEAD}---\nText.\n`;
    const lines = [
      'corrections:',
      '  - date: 2025-07-09',
      '    type: retraction',
      '    text: "It was: Tuesday, \\"they\\" said."',
      '    withhold: true',
      '',
    ].join('\n');
    expect(writeCorrection(source, { ...ENTRY, kind: 'retraction', withhold: true })).toEqual({
      text: `---\n${HEAD}${lines}---\nText.\n`,
      added: lines,
    });
  });

  it('keeps what people wrote around a list', () => {
    const source = `---\n${HEAD}corrections:   # newest last\n- {date: 2025-07-08, text: 'one'}\n\n# the rest\nlicense: "CC0-1.0"\n---\n`;
    expect(writeCorrection(source, ENTRY)?.text).toBe(
      source.replace(
        "'one'}\n",
        `'one'}\n- date: 2025-07-09\n  type: correction\n  text: ${JSON.stringify(ENTRY.text)}\n`,
      ),
    );
  });

  it('makes one block mapping the first of a list', () => {
    const source = `---\n${HEAD}corrections:\n  date: 2025-07-08\n  text: >\n    one\n\n    two\n# the rest\n---\n`;
    const added = `  - date: 2025-07-09\n    type: correction\n    text: ${JSON.stringify(ENTRY.text)}\n`;
    const list = '  - date: 2025-07-08\n    text: >\n      one\n\n      two\n';
    expect(writeCorrection(source, ENTRY)).toEqual({
      text: `---\n${HEAD}corrections:\n${list}${added}# the rest\n---\n`,
      added,
    });
  });

  it('goes into a front matter that is one flow mapping', () => {
    const source = '---\n{title: First light, date: 2025-07-07, categories: [Science]}\n---\nText.\n';
    const written = writeCorrection(source, ENTRY);
    expect(article(written?.text ?? '').corrections).toMatchObject([{ text: ENTRY.text }]);
  });

  it.each([
    ['no front matter', 'Text.\n'],
    ['a front matter without an end', `---\n${HEAD}`],
    ['YAML with an error', `---\n${HEAD}corrections: [\n---\n`],
    ['an alias', `---\n${HEAD}corrections: *all\n---\n`],
    ['a field that is there twice', `---\n${HEAD}corrections: []\ncorrections: []\n---\n`],
    ['a front matter that would be too long', `---\n${HEAD}# ${'x'.repeat(65_450)}\n---\n`],
  ])('gives nothing for %s', (_, source) => {
    expect(writeCorrection(source, ENTRY)).toBeUndefined();
  });
});
