import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson, type Json } from '../../src/repo/edit-json.ts';

const SETTINGS = `{
  "name": "The Paper",   "tagline": "",
  "categories": {
    "science": "Science"
  },
  "mirrors": ["https://a.example/", "{\\"}"]
}
`;

describe('editJson', () => {
  it('sets one member, every other byte as it was', () => {
    expect(editJson(SETTINGS, ['name'], 'A "new" one')).toBe(
      SETTINGS.replace('"The Paper"', '"A \\"new\\" one"'),
    );
    expect(editJson(SETTINGS, ['categories', 'science'], { name: 'Research', formerly: ['old'] })).toBe(
      SETTINGS.replace(
        '"science": "Science"',
        '"science": {\n      "name": "Research",\n      "formerly": [\n        "old"\n      ]\n    }',
      ),
    );
  });

  it('puts in and takes out members where the others are', () => {
    expect(editJson(SETTINGS, ['url'], 'https://paper.example/')).toBe(
      SETTINGS.replace('"{\\"}"]', '"{\\"}"],\n  "url": "https://paper.example/"'),
    );
    expect(editJson(SETTINGS, ['tagline'], undefined)).toBe(SETTINGS.replace('"tagline": "",\n  ', ''));
    expect(editJson(SETTINGS, ['categories', 'science'], undefined)).toBe(
      SETTINGS.replace('{\n    "science": "Science"\n  }', '{}'),
    );
    expect(editJson('{}', ['categories', 'a'], 'A')).toBe('{"categories": {"a":"A"}}');
    expect(editJson('{"a":1}', ['b', 'c'], true)).toBe('{"a":1,"b":{"c":true}}');
  });

  it('takes out a member that stands there twice', () => {
    expect(editJson('{"url":"a","name":"x","url":"b"}', ['url'], undefined)).toBe('{"name":"x"}');
  });

  it('says what JSON.parse and a change of it say, whatever the layout', () => {
    const key = fc.constantFrom('a', 'b', 'c', '"}', '__x');
    const object = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())));
    const indent = fc.constantFrom(undefined, 1, 2, '\t');
    const path = fc.array(key, { minLength: 1, maxLength: 2 });
    const plain = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const value = fc.option(plain, { nil: undefined });
    fc.assert(
      fc.property(object, indent, path, value, fc.boolean(), (before, space, where, to, isCrlf) => {
        const laidOut = JSON.stringify(before, undefined, space);
        const text = isCrlf ? `\ufeff${laidOut.replaceAll('\n', '\r\n')}\r\n` : laidOut;
        const after = editJson(text, where, to);
        const normal = JSON.parse(laidOut) as Record<string, unknown>;
        expect(JSON.parse(after.replace(/^\ufeff/, ''))).toEqual(set(normal, where, to));
        if (isCrlf) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });
});

function set(object: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): unknown {
  const inner = object[key];
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  if (rest.length === 0) {
    const { [key]: _, ...others } = object;
    return value === undefined ? others : { ...object, [key]: value };
  }
  if (value === undefined && !isObject) return object;
  return { ...object, [key]: set(isObject ? (inner as Record<string, unknown>) : {}, rest, value) };
}
