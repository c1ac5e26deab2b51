import fc from 'fast-check';
import { dump, FAILSAFE_SCHEMA } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseYaml, type YamlNode } from '../../src/article/yaml.ts';

type Plain = string | Plain[] | Map<string, Plain>;

function plain(node: YamlNode): Plain {
  if (node.kind === 'text') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return new Map([...node.fields].map(([name, field]) => [name, plain(field.node)]));
}

function parsed(text: string): Plain | undefined {
  const { fields, problems } = parseYaml(text, 1);
  return fields === undefined || problems.length > 0 ? undefined : plain({ kind: 'map', line: 1, fields });
}

describe('parseYaml', () => {
  it('takes every scalar as it is written', () => {
    expect(
      parsed('a: 1984\nb: yes\nc: null\nd: 0x1F\ne: 2025-07-07\nf: "x\\u0041"\ng: ~\nh:\ni: 1_000\n'),
    ).toEqual(
      new Map(
        Object.entries({
          a: '1984',
          b: 'yes',
          c: 'null',
          d: '0x1F',
          e: '2025-07-07',
          f: 'xA',
          g: '~',
          h: '',
          i: '1_000',
        }),
      ),
    );
  });

  it('reads what js-yaml writes', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => text !== '<<' && text !== '__proto__');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 8 }, // the limit is 12
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value')),
        fc.dictionary(name, tie('value')),
      ),
    }));
    const toPlain = (from: unknown): Plain => {
      if (typeof from === 'string') return from;
      if (Array.isArray(from)) return from.map(toPlain);
      return new Map(Object.entries(from as object).map(([key, item]) => [key, toPlain(item)]));
    };
    fc.assert(
      fc.property(fc.dictionary(name, value), (fields) => {
        expect(parsed(dump(fields, { schema: FAILSAFE_SCHEMA, noRefs: true }))).toEqual(toPlain(fields));
      }),
    );
  });

  it('knows the line of every name and value', () => {
    const { fields } = parseYaml(
      'a: 1\n\n# note\nb:\n  - x\n  - y: 2\n    z: |\n      text\n      more\nc: {d: 1,\n  e: 2}\n',
      10,
    );
    expect([...(fields ?? [])].map(([name, { line }]) => [name, line])).toEqual([
      ['a', 10],
      ['b', 13],
      ['c', 19],
    ]);
    const list = fields?.get('b')?.node;
    expect(list?.kind === 'list' && list.items.map(({ line }) => line)).toEqual([14, 15]);
    const map = fields?.get('c')?.node;
    expect(map?.kind === 'map' && map.fields.get('e')?.line).toBe(20);
  });

  it.each([
    ['a: &x 1\nb: *x', [1, 2]],
    ['a: !!int 1', [1]],
    ['a: 1\nb: 2\na: 3', [3]],
    ['a:\n  <<: {b: 1}', [2]],
    ['a: 1\n"<<": 2', []],
    ['? [a]\n: b', [1]],
    ['just text', [1]],
    ['a: [1', [1]],
    [`${'a: [1]\n'.repeat(3)}b: ]`, [4]],
    [`a: ${'['.repeat(20)}`, [1]],
    ['a: "\u0007"', [1]],
    ['a: \u0000', [1]],
    [`a: ${'x'.repeat(70_000)}`, [1]],
    ['', []],
    ['# only a comment', []],
  ])('judges %j', (text, lines) => {
    expect(parseYaml(text, 1).problems.map(({ line }) => line)).toEqual(lines);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a ',
      '*a',
      '!t ',
      '|\n',
      '>\n',
      '"',
      "'",
      '? ',
      '#',
      '---',
      '...',
      '%',
      '\t',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { fields, problems } = parseYaml(pieces.join(''), 1);
        expect(fields !== undefined || problems.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
