import serialize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderedJson } from '../../src/bundle/ordered-json.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const leaf = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
/** Also names that are equal but for what comes last, and names outside of the basic plane, where code units and characters sort differently. */
const name = fc.oneof(
  text,
  fc.constantFrom('a', 'b', 'ab', 'B', '', '\u{1f600}', '\ufb33', 'é', 'toJSON', 'constructor'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 5 }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 5 }),
  object: fc.dictionary(name, tie('any'), { maxKeys: 6 }),
})).any;

describe('orderedJson', () => {
  it('writes what canonicalize writes, or nothing, and leaves the value as it was', () => {
    let written = 0;
    fc.assert(
      fc.property(value, (any) => {
        const before = JSON.stringify(any);
        const json = orderedJson(any);
        if (json !== undefined) {
          written++;
          expect(json).toBe(serialize(any));
        }
        expect(JSON.stringify(any)).toBe(before);
      }),
      { numRuns: 5000 },
    );
    expect(written).toBeGreaterThan(2000);
  });

  it('leaves names that begin with a digit to canonicalize, however deep they are', () => {
    for (const one of [{ 1: 0 }, { a: [{ '9z': 0 }] }, [{ b: { 10: 0, 2: 0 } }]]) {
      expect(orderedJson(one)).toBeUndefined();
    }
    expect(orderedJson({ b: { a9: 0 }, a: '1' })).toBe('{"a":"1","b":{"a9":0}}');
  });
});
