import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CategoryEdit, writeCategory, writtenCategories } from '../../src/article/write-categories.ts';

const NAMES = [
  'Science',
  'Defence & Security',
  'A: b',
  'it’s "so"',
  "it's",
  '经济',
  '#1',
  'a, b',
  '- x',
  'c]',
];

function edited(yaml: string, edit: CategoryEdit): string | undefined {
  return writeCategory(`---\n${yaml}\n---\nBody\n`, edit)?.replace('---\n', '').replace('\n---\nBody\n', '');
}

describe('writeCategory', () => {
  it.each([
    ['categories: Science # the first', 'categories: Research # the first'],
    ['categories: "Science"', 'categories: "Research"'],
    ['categories: [ Science , Sport]', 'categories: [ Research , Sport]'],
    ["categories:\n- 'Science'   # c\n- Sport", "categories:\n- 'Research'   # c\n- Sport"],
    [
      'title: Science\ncategories:\n\n  # c\n  - Science',
      'title: Science\ncategories:\n\n  # c\n  - Research',
    ],
  ])('replaces a name where it stands (%j)', (before, after) => {
    expect(edited(before, { kind: 'replace', at: 0, name: 'Research' })).toBe(after);
  });

  it.each([
    ['categories: [Science, Sport]', 'categories: [Sport]'],
    ['categories:\n  - Science # c\n  - Sport # d', 'categories:\n  - Sport # d'],
    ['categories: [\n  Science,\n  Sport\n  ]', 'categories: [\n  Sport\n  ]'],
    ['categories: [Science,\n  Sport]', 'categories: [\n  Sport]'],
  ])('takes a name out (%j)', (before, after) => {
    expect(edited(before, { kind: 'remove', at: 0 })).toBe(after);
  });

  it.each([
    ['categories: Science', 'categories: [Science, Health]'],
    ['categories: Defence, Security', 'categories: ["Defence, Security", Health]'],
    ['categories: [Science]', 'categories: [Science, Health]'],
    ['categories:\n  - Science # c\ndate: x', 'categories:\n  - Science # c\n  - Health\ndate: x'],
  ])('adds a name behind the others (%j)', (before, after) => {
    expect(edited(before, { kind: 'add', name: 'Health' })).toBe(after);
  });

  it('changes the one list and no other byte, however it is written', () => {
    const name = fc.constantFrom(...NAMES);
    const names = fc.uniqueArray(name, { minLength: 2, maxLength: 4 });
    const layout = fc.constantFrom('flow', 'block', 'compact');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const kind = fc.constantFrom('replace', 'remove', 'add');
    fc.assert(
      fc.property(names, layout, end, kind, name, fc.nat(3), (list, how, lineEnd, what, to, index) => {
        const items = list.map((each) => JSON.stringify(each));
        const written =
          how === 'flow'
            ? ` [${items.join(' , ')}] # of it\n`
            : `\n${items.map((each) => `${how === 'block' ? '   ' : ''}- ${each} # é\n`).join('')}`;
        const [head, tail] = [
          '\ufeff---\n# 1\ntitle:  "x" # 2\ncategories:',
          'date: 2025-07-07 # 3\n---\n- Body\n',
        ];
        const lines = (text: string): string => text.replaceAll('\n', lineEnd);
        const at = index % list.length;
        const edit: CategoryEdit = what === 'add' ? { kind: what, name: to } : { kind: what, at, name: to };
        const text = writeCategory(lines(head + written + tail), edit) ?? expect.fail('not written');
        expect(text.startsWith(lines(head))).toBe(true);
        expect(text.endsWith(lines(tail))).toBe(true);
        expect(text.replaceAll(lineEnd, '')).not.toMatch(/[\r\n]/);
        const wanted =
          what === 'add'
            ? [...list, to]
            : what === 'remove'
              ? list.toSpliced(at, 1)
              : list.toSpliced(at, 1, to);
        expect(writtenCategories(text)).toEqual(wanted);
        const others = list.filter((_, place) => what === 'add' || place !== at);
        for (const other of others) expect(text).toContain(JSON.stringify(other));
      }),
      { numRuns: 300 },
    );
  });

  it('writes nothing where there is no list, or one that is no list of names', () => {
    const edit = { kind: 'replace', at: 0, name: 'Research' } as const;
    for (const yaml of ['title: x', 'categories: {a: b}', 'categories:', 'categories: [a', 'categories: *a'])
      expect(edited(yaml, edit)).toBeUndefined();
    expect(writeCategory('no front matter', edit)).toBeUndefined();
  });
});
